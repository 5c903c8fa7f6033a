"""Statements for tests, put together by hand."""

from datetime import UTC, date, datetime

from core.money import Currency, Money
from core.reports.statement import (
    AccountStatement,
    LoanMovement,
    LoanStatement,
    MemberHeading,
    MemberStatement,
    Movement,
    Period,
    Portions,
)

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
NOON = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)
NOTHING = Money.zero()
NO_DEBT = Portions.nothing(Currency.KES)


def paid_in(day: int, cents: int, reference: str = "TKX1234567", kind: str = "savings_paid_in") -> Movement:
    return Movement(date(2026, 3, day), NOON, kind, reference, NOTHING, Money(cents))


def paid_out(day: int, cents: int, reference: str = "J12", kind: str = "payout_held") -> Movement:
    return Movement(date(2026, 3, day), NOON, kind, reference, Money(cents), NOTHING)


def savings(*movements: Movement, opening: int = 100_00, closing: int | None = None) -> AccountStatement:
    """A savings account; the closing balance is what the movements lead to unless another is named."""
    moved = sum(movement.credit.minor - movement.debit.minor for movement in movements)
    return AccountStatement(
        number="acc_1",
        product="savings",
        period=MARCH,
        opening=Money(opening),
        movements=movements,
        closing=Money(opening + moved if closing is None else closing),
    )


def portions(principal: int = 0, interest: int = 0) -> Portions:
    return Portions(Money(principal), Money(interest), NOTHING, NOTHING)


DISBURSED = LoanMovement(date(2026, 3, 2), NOON, "loan_disbursement", "J2", portions(10_000_00), NO_DEBT)
FELL_DUE = LoanMovement(date(2026, 3, 20), NOON, "interest_due", "J3", portions(interest=100_00), NO_DEBT)
REPAID = LoanMovement(
    date(2026, 3, 21), NOON, "loan_repayment", "TKX7654321", NO_DEBT, portions(800_00, 100_00)
)


def loan(*movements: LoanMovement, opening: Portions = NO_DEBT, closing: Portions) -> LoanStatement:
    return LoanStatement("LN-00001", "development", MARCH, opening, movements, closing)


def of_member(
    *accounts: AccountStatement, loans: tuple[LoanStatement, ...] = (), name: str = "Amina Wanjiru"
) -> MemberStatement:
    return MemberStatement(MemberHeading("M00001", name, "0711***001"), MARCH, accounts, loans)
