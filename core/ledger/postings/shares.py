"""Which entries do shares and the yearly distribution make? No I/O."""

from collections.abc import Sequence
from datetime import date, datetime

from core.ledger.chart import Gl
from core.ledger.journal import Journal
from core.ledger.postings.sides import Part, sides, total
from core.money import Money


def shares_bought(
    *, key: str, event_at: datetime, business_date: date, paid_from: str, shares: Part
) -> Journal:
    """A member bought shares, from an account of theirs or from where the money came in."""
    return Journal(
        key=key,
        kind="shares_bought",
        event_at=event_at,
        business_date=business_date,
        lines=sides(debits=[(paid_from, shares[1])], credits_=[shares]),
    )


def shares_transferred(
    *, key: str, event_at: datetime, business_date: date, given_from: str, given_to: str, amount: Money
) -> Journal:
    """Shares went to another member: the only way they leave one."""
    return Journal(
        key=key,
        kind="shares_transferred",
        event_at=event_at,
        business_date=business_date,
        lines=sides(debits=[(given_from, amount)], credits_=[(given_to, amount)]),
    )


def dividend_proposed(*, year: int, event_at: datetime, business_date: date, amount: Money) -> Journal:
    """The board proposes a dividend on shares: set apart inside equity until the meeting approves."""
    return Journal(
        key=f"dividend:{year}:proposed",
        kind="dividend_proposed",
        event_at=event_at,
        business_date=business_date,
        lines=sides(debits=[(Gl.RETAINED_EARNINGS, amount)], credits_=[(Gl.PROPOSED_DIVIDEND, amount)]),
        meta={"year": str(year)},
    )


def dividend_declared(
    *,
    year: int,
    event_at: datetime,
    business_date: date,
    dividend: Money,
    deposit_interest: Money,
    proposed: Money | None = None,
) -> Journal:
    """The meeting approved: members are owed a dividend on shares (from earnings) and interest on deposits (expense).

    `proposed` is what had been set apart; more comes from, and less goes back to, retained earnings.
    """
    set_apart = proposed if proposed is not None else Money.zero(dividend.currency)
    return Journal(
        key=f"dividend:{year}:declared",
        kind="dividend_declared",
        event_at=event_at,
        business_date=business_date,
        lines=sides(
            debits=[
                (Gl.PROPOSED_DIVIDEND, set_apart),
                (Gl.RETAINED_EARNINGS, dividend - set_apart),
                (Gl.INTEREST_ON_DEPOSITS, deposit_interest),
            ],
            credits_=[(Gl.DIVIDENDS_PAYABLE, dividend + deposit_interest)],
        ),
        meta={"year": str(year)},
    )


def dividend_paid(
    *,
    year: int,
    member_id: str,
    event_at: datetime,
    business_date: date,
    gross: Money,
    withheld: Money,
    paid_to: Sequence[Part],
) -> Journal:
    """One member's part of the distribution, tax withheld, to where the member chose; the parts are the net.

    A destination is an own account (savings, deposits, shares), a loan's dues, or PAYOUTS_HELD for M-Pesa.
    """
    if total(paid_to) != gross - withheld:
        raise AssertionError(f"a dividend of {gross} less {withheld} is not {total(paid_to)}")
    return Journal(
        key=f"dividend:{year}:{member_id}",
        kind="dividend_paid",
        event_at=event_at,
        business_date=business_date,
        lines=sides(
            debits=[(Gl.DIVIDENDS_PAYABLE, gross)],
            credits_=[(Gl.WITHHOLDING_TAX, withheld), *paid_to],
        ),
        meta={"year": str(year), "member": member_id},
    )
