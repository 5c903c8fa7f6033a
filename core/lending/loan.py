"""What is one loan to one member? Its product, its place in the ledger, and its state."""

from dataclasses import dataclass
from datetime import date

from core.lending.model import LoanStatus, Owed, Product
from core.money import Money


@dataclass(frozen=True, slots=True)
class Loan:
    """A disbursed loan. `number` is what members and staff call it, such as LN-00001."""

    loan_id: str
    number: str
    member_id: str
    product: Product
    principal: Money
    disbursed_on: date
    status: LoanStatus
    principal_code: str
    """The ledger account of the principal still owed."""
    interest_code: str
    """The ledger account of interest that is due and unpaid."""


@dataclass(frozen=True, slots=True)
class LoanStanding:
    """What a running loan asks of its member today."""

    loan_id: str
    product: Product
    owed: Owed
