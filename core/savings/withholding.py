"""How much tax is kept back from what a member earns? A rate per kind of payment and residence, each with its date."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType

from core.money import Money
from core.savings.dated import DatedPercent, PercentHistory


class TaxedPayment(StrEnum):
    """What tax is withheld from."""

    DEPOSIT_INTEREST = "deposit_interest"
    """Interest on savings and deposits, the year-end interest on deposits included."""

    DIVIDEND = "dividend"
    """The return on share capital."""


class Residence(StrEnum):
    """Where a member pays tax."""

    RESIDENT = "resident"
    NON_RESIDENT = "non_resident"

    EXEMPT = "exempt"
    """Holds a certificate of exemption; nothing is withheld."""


@dataclass(frozen=True, slots=True)
class WithholdingRates:
    """Percent by kind of payment and residence, over time."""

    histories: Mapping[tuple[TaxedPayment, Residence], PercentHistory]

    def percent(self, payment: TaxedPayment, residence: Residence, *, on: date) -> Fraction:
        """What holds on the day of payment; nothing for who is exempt."""
        history = self.histories.get((payment, residence))
        return Fraction(0) if history is None else history.on(on)

    def withheld(self, gross: Money, payment: TaxedPayment, residence: Residence, *, on: date) -> Money:
        """The tax on one payment, rounded half up to the minor unit."""
        percent = self.percent(payment, residence, on=on)
        return gross.portion(percent.numerator, percent.denominator * 100)

    def with_rows(
        self, rows: Mapping[tuple[TaxedPayment, Residence], tuple[DatedPercent, ...]]
    ) -> "WithholdingRates":
        """These rates with an institution's own dated rows on top."""
        merged = dict(self.histories)
        for key, added in rows.items():
            known = merged.get(key, PercentHistory(()))
            merged[key] = PercentHistory.of((*known.rows, *added))
        return WithholdingRates(MappingProxyType(merged))


# 5 % for residents and 15 % for non-residents on dividends of a co-operative: Income Tax Act s. 35 (3)(d) and Third
# Schedule. Societies withhold the same from the interest on deposits; that rate is kept apart, because the general
# rate on interest differs. An institution enters its own rows with their dates.
USUAL_WITHHOLDING = WithholdingRates(
    MappingProxyType(
        {
            (payment, residence): PercentHistory.always(percent)
            for payment in TaxedPayment
            for residence, percent in ((Residence.RESIDENT, "5"), (Residence.NON_RESIDENT, "15"))
        }
    )
)
