"""What is one loan to one member? Its product, what was agreed, its place in the ledger, and its state."""

from dataclasses import dataclass
from datetime import date

from core.lending.lifecycle import LoanStatus, PaidTo
from core.lending.model import Owed, Product
from core.lending.repayment_rules import RepaymentRules
from core.lending.terms import Terms
from core.money import Money


@dataclass(frozen=True, slots=True)
class Loan:
    """A loan that was decided. `number` is what members and staff call it, such as LN-00001."""

    loan_id: str
    number: str
    member_id: str
    product: Product
    terms: Terms
    rules: RepaymentRules
    disbursed_on: date
    """The day on which the money left."""
    status: LoanStatus
    principal_code: str
    """The ledger account of the principal still owed."""
    interest_code: str
    """The ledger account of interest that is due and unpaid."""
    paid_to: PaidTo = PaidTo.BANK
    paid_to_code: str | None = None
    """The account that was credited with what was paid out; None for loans made before that was kept."""
    paid_out: Money | None = None
    """What the member got after deductions."""
    application_id: str | None = None

    @property
    def principal(self) -> Money:
        """What was agreed to be lent."""
        return self.terms.principal


@dataclass(frozen=True, slots=True)
class LoanStanding:
    """What a running loan asks of its member today."""

    loan_id: str
    number: str
    product: Product
    owed: Owed
