"""What must a journal move so that the books stand where a replayed loan does? Signed debits per account; pure."""

from collections import Counter

from core.ledger.account import Side
from core.ledger.journal import Journal
from core.ledger.postings.sides import Part
from core.ledger.product_accounts import LoanAccounts
from core.lending.booked import Position
from core.money import Currency, Money


def debits_of(
    moved: Position,
    accounts: LoanAccounts,
    currency: Currency,
    *,
    mirrored: Journal | None = None,
    let_off: int = 0,
) -> list[Part]:
    """What remains to be debited, below zero to be credited, once the mirror of a journal is posted.

    Without a mirror it is all that the position moved. Excise and premiums of a fee stand with its income. `let_off` is
    what the journal had taken from interest income, where a member was let off.
    """
    wanted: Counter[str] = Counter(
        {
            accounts.principal: moved.principal,
            accounts.interest_due: moved.interest_due,
            accounts.fees_due: moved.fees_due,
            accounts.penalties_due: moved.penalties_due,
            accounts.interest_income: -moved.interest_income - let_off,
            accounts.fee_income: -moved.fee_income,
            accounts.penalty_income: -moved.penalty_income,
        }
    )
    beside_fees = {accounts.excise, accounts.insurance}
    for line in mirrored.lines if mirrored is not None else ():
        account = accounts.fee_income if line.account in beside_fees else line.account
        if account in wanted:
            wanted[account] += line.amount.minor if line.side is Side.DEBIT else -line.amount.minor
    return [(account, Money(minor, currency)) for account, minor in wanted.items() if minor]
