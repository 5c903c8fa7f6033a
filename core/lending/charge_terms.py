"""What does a loan cost beside its interest? Fees, insurance and penalties as terms, with the duty on them."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from core.errors import ContradictoryTerms
from core.money import Money


class ChargeKind(StrEnum):
    """What a charge is for, and so to whom it is income or owed."""

    FEE = "fee"
    """Our service around the loan."""

    INSURANCE = "insurance"
    """The insurer's premium, collected for them."""

    PENALTY = "penalty"
    """For paying late."""


class ChargeTiming(StrEnum):
    """When and how a charge is paid."""

    AT_DISBURSEMENT = "at_disbursement"
    """By the member beside the loan, on the day it is paid out: a row of its own before the first."""

    DEDUCTED = "deducted"
    """From the money paid out."""

    CAPITALISED = "capitalised"
    """Lent on top of the principal and repaid with it."""

    EVERY_INSTALMENT = "every_instalment"
    """With each instalment."""

    ON_DATE = "on_date"
    """With the instalment whose period holds the charge's date."""

    OVERDUE = "overdue"
    """Once on each instalment that is past its due date."""


class ChargeBasis(StrEnum):
    """Of what a percentage is taken. On instalments "due" is that row's, everything else the whole loan's."""

    FLAT = "flat"
    """A fixed amount."""

    PRINCIPAL = "principal"
    TOTAL_INTEREST = "total_interest"
    PRINCIPAL_AND_TOTAL_INTEREST = "principal_and_total_interest"
    PRINCIPAL_DUE = "principal_due"
    INTEREST_DUE = "interest_due"
    INSTALMENT_DUE = "instalment_due"
    """The row's principal and interest."""


OF_ROW = frozenset({ChargeBasis.PRINCIPAL_DUE, ChargeBasis.INTEREST_DUE, ChargeBasis.INSTALMENT_DUE})
_ON_ROWS = frozenset({ChargeTiming.EVERY_INSTALMENT, ChargeTiming.ON_DATE, ChargeTiming.OVERDUE})


@dataclass(frozen=True, slots=True)
class Charge:
    """One charge: a flat `amount`, or a `rate` of its basis. Excise comes on top of fees, never on premiums.

    Raises ContradictoryTerms for a charge that says both or neither, is negative, or has no date it needs.
    """

    kind: ChargeKind
    timing: ChargeTiming
    basis: ChargeBasis = ChargeBasis.FLAT
    amount: Money | None = None
    rate: Fraction = Fraction(0)
    excise_rate: Fraction = Fraction(0)
    """Duty as a part of the charge: Fraction(20, 100) in Kenya."""
    due_on: date | None = None
    """For a charge on a date only."""

    def __post_init__(self) -> None:
        is_flat = self.basis is ChargeBasis.FLAT
        if is_flat != (self.amount is not None) or (is_flat and self.rate):
            raise ContradictoryTerms("charge_without_amount", given=self.basis, limit=str(self.rate))
        least = min(Fraction(self.amount.minor if self.amount else 0), self.rate, self.excise_rate)
        if least < 0:
            raise ContradictoryTerms("charge_negative", given=str(least), limit="0")
        if (self.timing is ChargeTiming.ON_DATE) != (self.due_on is not None):
            raise ContradictoryTerms("charge_date", given=str(self.due_on), limit=self.timing)
        if self.basis in OF_ROW and self.timing not in _ON_ROWS:
            raise ContradictoryTerms("charge_basis", given=self.basis, limit=self.timing)
        if self.excise_rate and self.kind is ChargeKind.INSURANCE:
            raise ContradictoryTerms("excise_on_premium", given=str(self.excise_rate), limit="0")
