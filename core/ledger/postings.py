"""Which entries does each business event make? The accountant's file: one function per event, no I/O."""

from collections.abc import Sequence
from datetime import date, datetime

from core.ledger.chart import Gl
from core.ledger.journal import Journal, Line, credit, debit
from core.money import Money


def _nonzero(*lines: tuple[bool, str, Money]) -> tuple[Line, ...]:
    """Lines as (is debit, account, amount) without those of nothing."""
    return tuple(
        (debit if is_debit else credit)(account, amount) for is_debit, account, amount in lines if amount
    )


def loan_repaid_by_mpesa(
    *,
    payment_id: str,
    event_at: datetime,
    business_date: date,
    received: Money,
    principal: tuple[str, Money],
    interest_due: tuple[str, Money],
    interest_income: Money,
    excess: tuple[str, Money],
) -> Journal:
    """A member's money came to the paybill and was divided over a loan; each pair is (account, amount).

    Interest that was booked as due is credited against the member's debt; interest paid before it was due is
    income at once. What is above the debt is the member's.
    """
    return Journal(
        key=f"payment:{payment_id}",
        kind="loan_repayment",
        event_at=event_at,
        business_date=business_date,
        lines=_nonzero(
            (True, Gl.MPESA_PAYBILL, received),
            (False, *interest_due),
            (False, Gl.INTEREST_INCOME, interest_income),
            (False, *principal),
            (False, *excess),
        ),
        meta={"payment": payment_id},
    )


def loan_disbursed(
    *, loan_id: str, event_at: datetime, business_date: date, principal: tuple[str, Money], paid_from: str
) -> Journal:
    """The principal was lent out of an account of ours."""
    account, amount = principal
    return Journal(
        key=f"disbursement:{loan_id}",
        kind="loan_disbursement",
        event_at=event_at,
        business_date=business_date,
        lines=(debit(account, amount), credit(paid_from, amount)),
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
        lines=(debit(due_account, amount), credit(Gl.INTEREST_INCOME, amount)),
        meta={"loan": loan_id, "instalment": str(instalment)},
    )


def loan_repaid_from_old_books(
    *,
    key: str,
    event_at: datetime,
    business_date: date,
    parts: Sequence[tuple[str, Money]],
) -> Journal:
    """A repayment that was made before these books began; each part is (account credited, amount)."""
    total = sum((amount for _, amount in parts), start=Money.zero(parts[0][1].currency))
    return Journal(
        key=key,
        kind="loan_repayment",
        event_at=event_at,
        business_date=business_date,
        lines=(debit(Gl.BANK, total), *_nonzero(*((False, account, amount) for account, amount in parts))),
    )


def money_paid_in(
    *, key: str, kind: str, event_at: datetime, business_date: date, account: str, amount: Money
) -> Journal:
    """A member paid into an account of theirs over the bank."""
    return Journal(
        key=key,
        kind=kind,
        event_at=event_at,
        business_date=business_date,
        lines=(debit(Gl.BANK, amount), credit(account, amount)),
    )


def money_paid_out(
    *, key: str, kind: str, event_at: datetime, business_date: date, account: str, amount: Money
) -> Journal:
    """A member took money out of an account of theirs over the bank."""
    return Journal(
        key=key,
        kind=kind,
        event_at=event_at,
        business_date=business_date,
        lines=(debit(account, amount), credit(Gl.BANK, amount)),
    )
