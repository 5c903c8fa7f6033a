"""Which entries does a loan make, from the day it is paid out to the day it is paid back? No I/O."""

from collections.abc import Sequence
from datetime import date, datetime

from core.ledger.chart import Gl
from core.ledger.journal import Journal, debit
from core.ledger.postings.sides import Part, sides, total
from core.ledger.product_accounts import LoanAccounts
from core.money import Money


def loan_disbursed(
    *,
    loan_id: str,
    event_at: datetime,
    business_date: date,
    principal: Part,
    paid_from: str,
    deductions: Sequence[Part] = (),
    tranche: int = 1,
) -> Journal:
    """The principal was lent; what is deducted (fees, excise, insurance, an old loan) is credited where it goes.

    `paid_from` gives the rest: the bank, the member's own savings, or PAYOUTS_HELD for money on its way to M-Pesa,
    which `payout_settled` ends. A payout that failed for good is undone by reversing this journal.
    """
    account, amount = principal
    net = amount - total(deductions) if deductions else amount
    return Journal(
        key=f"disbursement:{loan_id}" if tranche == 1 else f"disbursement:{loan_id}:{tranche}",
        kind="loan_disbursement",
        event_at=event_at,
        business_date=business_date,
        lines=sides(debits=[(account, amount)], credits_=[*deductions, (paid_from, net)]),
        meta={"loan": loan_id},
    )


def interest_fell_due(
    *, loan_id: str, instalment: int, event_at: datetime, business_date: date, due_account: str, amount: Money
) -> Journal:
    """An instalment's interest became payable: it is income, and the member owes it."""
    return Journal(
        key=f"interest:{loan_id}:{instalment}",
        kind="interest_due",
        event_at=event_at,
        business_date=business_date,
        lines=sides(debits=[(due_account, amount)], credits_=[(Gl.INTEREST_INCOME, amount)]),
        meta={"loan": loan_id, "instalment": str(instalment)},
    )


def interest_accrued(
    *,
    product: str,
    run: str,
    event_at: datetime,
    business_date: date,
    accounts: LoanAccounts,
    amount: Money,
    suspended: Money | None = None,
) -> Journal:
    """A day's interest of all loans of a product, in one journal; below zero where more is taken back than accrued.

    `suspended` is the part on non-performing loans: owed by the member, no income until it is paid. `run` tells
    two journals of one day apart.
    """
    held_back = suspended if suspended is not None else Money.zero(amount.currency)
    return Journal(
        key=f"interest:{product}:{business_date.isoformat()}:{run}",
        kind="interest_accrual",
        event_at=event_at,
        business_date=business_date,
        lines=sides(
            debits=[(accounts.interest_due, amount)],
            credits_=[
                (accounts.interest_income, amount - held_back),
                (accounts.interest_in_suspense, held_back),
            ],
        ),
        meta={"product": product},
    )


def interest_suspended(
    *, loan_id: str, run: str, event_at: datetime, business_date: date, accounts: LoanAccounts, amount: Money
) -> Journal:
    """A loan stopped performing: its unpaid interest leaves income for suspense. Below zero, it comes back."""
    return Journal(
        key=f"suspended:{loan_id}:{run}",
        kind="interest_suspense",
        event_at=event_at,
        business_date=business_date,
        lines=sides(
            debits=[(accounts.interest_income, amount)], credits_=[(accounts.interest_in_suspense, amount)]
        ),
        meta={"loan": loan_id},
    )


def loan_fee_charged(
    *,
    charge_id: str,
    loan_id: str,
    event_at: datetime,
    business_date: date,
    accounts: LoanAccounts,
    fee: Money,
    excise: Money,
) -> Journal:
    """A fee fell due and is to be paid with the instalments; the excise on it is the state's."""
    return Journal(
        key=f"charge:{charge_id}",
        kind="loan_fee",
        event_at=event_at,
        business_date=business_date,
        lines=sides(
            debits=[(accounts.fees_due, fee + excise)],
            credits_=[(accounts.fee_income, fee), (accounts.excise, excise)],
        ),
        meta={"loan": loan_id, "charge": charge_id},
    )


def loan_fees_fell_due(
    *,
    product: str,
    run: str,
    event_at: datetime,
    business_date: date,
    accounts: LoanAccounts,
    fee: Money,
    excise: Money,
    insurance: Money,
) -> Journal:
    """A day's fees and premiums per instalment of all loans of a product, in one journal."""
    return Journal(
        key=f"fees:{product}:{business_date.isoformat()}:{run}",
        kind="loan_fees",
        event_at=event_at,
        business_date=business_date,
        lines=sides(
            debits=[(accounts.fees_due, fee + excise + insurance)],
            credits_=[(accounts.fee_income, fee), (accounts.excise, excise), (accounts.insurance, insurance)],
        ),
        meta={"product": product},
    )


def penalties_charged(
    *, product: str, run: str, event_at: datetime, business_date: date, accounts: LoanAccounts, amount: Money
) -> Journal:
    """A day's penalties on all overdue loans of a product, in one journal."""
    return Journal(
        key=f"penalties:{product}:{business_date.isoformat()}:{run}",
        kind="loan_penalties",
        event_at=event_at,
        business_date=business_date,
        lines=sides(debits=[(accounts.penalties_due, amount)], credits_=[(accounts.penalty_income, amount)]),
        meta={"product": product},
    )


def loan_dues_waived(
    *,
    waiver_id: str,
    loan_id: str,
    event_at: datetime,
    business_date: date,
    accounts: LoanAccounts,
    penalty: Money,
    fee: Money,
    interest: Money,
) -> Journal:
    """What was charged and not paid is let go: the income is taken back. Excise stays with the state."""
    return Journal(
        key=f"waiver:{waiver_id}",
        kind="loan_waiver",
        event_at=event_at,
        business_date=business_date,
        lines=sides(
            debits=[
                (accounts.penalty_income, penalty),
                (accounts.fee_income, fee),
                (accounts.interest_income, interest),
            ],
            credits_=[
                (accounts.penalties_due, penalty),
                (accounts.fees_due, fee),
                (accounts.interest_due, interest),
            ],
        ),
        meta={"loan": loan_id, "waiver": waiver_id},
    )


def loan_dues_capitalised(
    *,
    key: str,
    loan_id: str,
    event_at: datetime,
    business_date: date,
    accounts: LoanAccounts,
    principal: str,
    penalty: Money,
    fee: Money,
    interest: Money,
) -> Journal:
    """A restructured loan takes its unpaid dues into the principal."""
    due = [
        (accounts.penalties_due, penalty),
        (accounts.fees_due, fee),
        (accounts.interest_due, interest),
    ]
    return Journal(
        key=key,
        kind="loan_capitalisation",
        event_at=event_at,
        business_date=business_date,
        lines=sides(debits=[(principal, total(due))], credits_=due),
        meta={"loan": loan_id},
    )


def loan_repaid(
    *,
    key: str,
    loan_id: str,
    event_at: datetime,
    business_date: date,
    paid_from: str,
    accounts: LoanAccounts,
    penalty: Money,
    fee: Money,
    interest_due: Money,
    interest_income: Money,
    principal: Part,
    excess: Part,
    fee_income: Money | None = None,
    recovered: Money | None = None,
    payment: str | None = None,
) -> Journal:
    """Money for a loan, divided: penalty, fee, interest, principal, and what is above the debt to the member.

    `paid_from` is debited with all of it: where the money came in (paybill, bank, cash), the member's own account
    for a sweep, or a guarantor's deposits for a guarantee called. `interest_due` had been accrued;
    `interest_income` is paid before it was, and is income at once; `fee_income` likewise. `recovered` is all of
    it where the loan had been written off.
    """
    nothing = Money.zero(penalty.currency)
    parts = [
        (accounts.penalties_due, penalty),
        (accounts.fees_due, fee),
        (accounts.fee_income, fee_income or nothing),
        (accounts.recovered, recovered or nothing),
        (accounts.interest_due, interest_due),
        (accounts.interest_income, interest_income),
        principal,
        excess,
    ]
    return Journal(
        key=key,
        kind="loan_repayment",
        event_at=event_at,
        business_date=business_date,
        lines=sides(debits=[(paid_from, total(parts))], credits_=parts),
        meta={"loan": loan_id} if payment is None else {"loan": loan_id, "payment": payment},
    )


def loan_repaid_from_old_books(
    *, key: str, event_at: datetime, business_date: date, parts: Sequence[Part]
) -> Journal:
    """A repayment that was made before these books began; each part is (account credited, amount)."""
    return Journal(
        key=key,
        kind="loan_repayment",
        event_at=event_at,
        business_date=business_date,
        lines=(debit(Gl.BANK, total(parts)), *sides(debits=(), credits_=parts)),
    )


def loan_charged_back(
    *, key: str, loan_id: str, event_at: datetime, business_date: date, taken_from: str, due_again: Part
) -> Journal:
    """A bank or provider took a payment back from the account it had come in on; the member owes it again.

    `due_again` is the principal, or what is recovered for a loan that was written off.
    """
    return Journal(
        key=key,
        kind="loan_chargeback",
        event_at=event_at,
        business_date=business_date,
        lines=sides(debits=[due_again], credits_=[(taken_from, due_again[1])]),
        meta={"loan": loan_id},
    )


def loan_parts_moved(
    *,
    key: str,
    loan_id: str,
    event_at: datetime,
    business_date: date,
    debits: Sequence[Part],
    credits_: Sequence[Part],
) -> Journal:
    """Later repayments were divided anew after a reversal: the differences per account, signed."""
    return Journal(
        key=key,
        kind="loan_replay",
        event_at=event_at,
        business_date=business_date,
        lines=sides(debits=debits, credits_=credits_),
        meta={"loan": loan_id},
    )


def loan_written_off(
    *,
    loan_id: str,
    event_at: datetime,
    business_date: date,
    accounts: LoanAccounts,
    principal: Part,
    interest: Money,
    interest_in_suspense: Money,
    fee: Money,
    penalty: Money,
    allowance: Money,
) -> Journal:
    """The loan leaves the books: suspended interest goes against its suspense, the rest against the allowance held.

    What the allowance doesn't cover is this year's expense. The member's debt remains; see `loan_recovered`.
    """
    credited = [
        principal,
        (accounts.interest_due, interest),
        (accounts.fees_due, fee),
        (accounts.penalties_due, penalty),
    ]
    uncovered = total(credited) - interest_in_suspense - allowance
    return Journal(
        key=f"write_off:{loan_id}",
        kind="loan_write_off",
        event_at=event_at,
        business_date=business_date,
        lines=sides(
            debits=[
                (accounts.interest_in_suspense, interest_in_suspense),
                (accounts.allowance, allowance),
                (accounts.written_off, uncovered),
            ],
            credits_=credited,
        ),
        meta={"loan": loan_id},
    )


def loan_recovered(
    *,
    key: str,
    loan_id: str,
    event_at: datetime,
    business_date: date,
    paid_from: str,
    accounts: LoanAccounts,
    amount: Money,
) -> Journal:
    """Money came in on a loan that had been written off: income of the day."""
    return Journal(
        key=key,
        kind="loan_recovery",
        event_at=event_at,
        business_date=business_date,
        lines=sides(debits=[(paid_from, amount)], credits_=[(accounts.recovered, amount)]),
        meta={"loan": loan_id},
    )
