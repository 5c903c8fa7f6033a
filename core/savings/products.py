"""Which savings may a member hold, and on what terms? Data; the rules that read it are elsewhere.

Rates here hold until the board's own dated rates, which are stored, replace them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType

from core.errors import ContradictorySavingsTerms
from core.ledger.product_accounts import SavingsAccounts, savings_accounts
from core.money import Currency
from core.savings.interest_terms import Anchor, InterestTerms, Interval
from core.savings.model import SavingsProduct


class Withdrawal(StrEnum):
    """When a member may take money out."""

    AT_ANY_TIME = "at_any_time"
    AT_MATURITY = "at_maturity"
    """When the agreed time is over; earlier only by breaking the deposit."""
    ON_LEAVING = "on_leaving"
    """Never while a member."""


@dataclass(frozen=True, slots=True)
class RateBand:
    """From so many months and so much money on, this rate a year is agreed."""

    months_least: int
    amount_least: int
    percent: Fraction


@dataclass(frozen=True, slots=True)
class TermRules:
    """What an agreed time means for a product. Amounts in minor units."""

    months_least: int
    months_most: int
    amount_least: int
    bands: tuple[RateBand, ...]
    break_percent_less: Fraction
    """Percentage points a year less, for the whole time, when the member breaks it early; never below nothing."""

    def __post_init__(self) -> None:
        if not 0 < self.months_least <= self.months_most:
            raise ContradictorySavingsTerms(what="months", value=f"{self.months_least}-{self.months_most}")
        if not any(
            band.months_least <= self.months_least and band.amount_least <= self.amount_least
            for band in self.bands
        ):
            raise ContradictorySavingsTerms(what="bands", value="none for the shortest term and least amount")

    def percent(self, *, months: int, amount_minor: int) -> Fraction:
        """The best rate this time and amount reach."""
        return max(
            band.percent
            for band in self.bands
            if band.months_least <= months and band.amount_least <= amount_minor
        )


@dataclass(frozen=True, slots=True)
class ProductTerms:
    """One savings product. Amounts in minor units of its account's currency."""

    product: SavingsProduct
    interest: InterestTerms | None
    """None where interest is declared after the year, not earned by the day."""
    percent: Fraction = Fraction(0)
    """A year, until the board's first rate."""
    overdraft_percent: Fraction = Fraction(0)
    withdrawal: Withdrawal = Withdrawal.AT_ANY_TIME
    minimum_balance: int = 0
    """Stays on the account until it is closed."""
    overdraft_limit: int = 0
    """How far below zero the account may go."""
    dormant_after_months: int | None = 12
    """Months without a movement by the member; None for products that are meant to rest."""
    warned_after_months: int | None = 9
    notice_days: int = 0
    """How long before taking money out the member must say so."""
    term: TermRules | None = None

    def __post_init__(self) -> None:
        if self.minimum_balance and self.overdraft_limit:
            raise ContradictorySavingsTerms(what="minimum_balance", value="and an overdraft")
        if (self.withdrawal is Withdrawal.AT_MATURITY) != (self.term is not None):
            raise ContradictorySavingsTerms(what="term", value=self.withdrawal)
        if self.term is not None and (
            self.interest is None or self.interest.posting is not Interval.AT_MATURITY
        ):
            # So that breaking a deposit early needs nothing taken back that was paid and taxed before.
            raise ContradictorySavingsTerms(what="posting", value="a term deposit posts at maturity")

    @property
    def floor(self) -> int:
        """The least balance that a payment out may leave behind."""
        return self.minimum_balance - self.overdraft_limit


_FOR_A_TERM = InterestTerms(posting=Interval.AT_MATURITY, anchor=Anchor.ANNIVERSARY)
_TERM_BANDS = (
    RateBand(3, 0, Fraction(7)),
    RateBand(6, 0, Fraction(8)),
    RateBand(12, 0, Fraction(9)),
    RateBand(12, 50_000_000, Fraction(10)),
)
_TWO_POINTS = Fraction(2)


def _terms(*products: ProductTerms) -> Mapping[SavingsProduct, ProductTerms]:
    return MappingProxyType({terms.product: terms for terms in products})


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The products of one society."""

    terms: Mapping[SavingsProduct, ProductTerms]

    def __getitem__(self, product: SavingsProduct) -> ProductTerms:
        return self.terms[product]

    def accounts(self, product: SavingsProduct, currency: Currency) -> SavingsAccounts:
        """Where a product's interest, tax and fees are booked."""
        return savings_accounts(product, product.parent, currency)

    def with_terms(self, changed: ProductTerms) -> "Catalogue":
        """The same products, one of them on other terms."""
        return Catalogue(MappingProxyType({**self.terms, changed.product: changed}))

    def with_withdrawal(self, product: SavingsProduct, withdrawal: Withdrawal) -> "Catalogue":
        """The same products, one of them to be drawn on otherwise, as when a member leaves."""
        return self.with_terms(replace(self.terms[product], withdrawal=withdrawal, term=None))


# The rates and minima are the demo's; those of a real society stand in its by-laws. Deposits earn what the year's
# surplus allows, declared after the year; a waiting time of 60 days on leaving is the usual one.
USUAL_PRODUCTS = Catalogue(
    _terms(
        ProductTerms(SavingsProduct.SAVINGS, InterestTerms()),
        ProductTerms(
            SavingsProduct.DEPOSITS,
            None,
            withdrawal=Withdrawal.ON_LEAVING,
            dormant_after_months=None,
            warned_after_months=None,
            notice_days=60,
        ),
        ProductTerms(SavingsProduct.FOSA, None),
        ProductTerms(
            SavingsProduct.FIXED_DEPOSIT,
            _FOR_A_TERM,
            withdrawal=Withdrawal.AT_MATURITY,
            dormant_after_months=None,
            warned_after_months=None,
            term=TermRules(3, 60, 1_000_000, _TERM_BANDS, _TWO_POINTS),
        ),
        ProductTerms(
            SavingsProduct.RECURRING_DEPOSIT,
            _FOR_A_TERM,
            withdrawal=Withdrawal.AT_MATURITY,
            dormant_after_months=None,
            warned_after_months=None,
            term=TermRules(6, 60, 50_000, (RateBand(6, 0, Fraction(7)),), _TWO_POINTS),
        ),
        ProductTerms(SavingsProduct.GOAL, InterestTerms(posting=Interval.QUARTERLY), percent=Fraction(5)),
        ProductTerms(SavingsProduct.HOLIDAY, InterestTerms(posting=Interval.YEARLY), percent=Fraction(5)),
        ProductTerms(
            SavingsProduct.JUNIOR,
            InterestTerms(posting=Interval.QUARTERLY, minimum_to_earn=100_000),
            percent=Fraction(4),
            dormant_after_months=None,
            warned_after_months=None,
        ),
    )
)
