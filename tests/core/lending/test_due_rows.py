"""Which rows of a replayed loan may be late, and since when, where a payment was charged back or refunded?"""

from datetime import date
from fractions import Fraction

from core.lending.arrears import ArrearsRules, Portions, Reopened, arrears
from core.lending.due_rows import due_rows
from core.lending.events import BalanceRefund, Chargeback, Disbursement, Happening, LoanEvent, Payment
from core.lending.loan_state import LoanState
from core.lending.repayment_rules import RepaymentRules
from core.lending.replay import replay
from core.lending.terms import Terms
from core.money import Money

START = date(2026, 1, 10)
TERMS = Terms(principal=Money(300_000), annual_rate=Fraction(0), instalments=3)


def loan(*happenings: Happening) -> LoanState:
    events = [LoanEvent(number, START, what) for number, what in enumerate(happenings, start=1)]
    return replay(TERMS, RepaymentRules(), events, as_of=START)


def test_rows_carry_what_is_unpaid_and_paid() -> None:
    rows = due_rows(loan(Disbursement(START, Money(300_000)), Payment(START, Money(150_000))))

    assert [row.unpaid for row in rows] == [Portions(Money(amount)) for amount in (0, 50_000, 100_000)]
    assert [row.paid for row in rows] == [Money(100_000), Money(50_000), Money(0)]
    assert rows[0].due_on == date(2026, 2, 10)


def test_money_charged_back_is_late_from_the_day_it_was_taken() -> None:
    state = loan(
        Disbursement(START, Money(300_000)),
        Payment(date(2026, 2, 10), Money(100_000)),
        Chargeback(date(2026, 2, 20), Money(60_000), payment=2),
    )

    rows = due_rows(state)

    assert [row.reopened for row in rows] == [(), (Reopened(date(2026, 2, 20), Money(60_000)),), ()]
    late = arrears(rows, date(2026, 2, 25), ArrearsRules())
    assert (late.since, late.overdue.total) == (date(2026, 2, 20), Money(60_000))


def test_a_refund_of_money_that_was_not_overpaid_is_due_again() -> None:
    state = loan(
        Disbursement(START, Money(300_000)),
        Payment(START, Money(310_000)),
        BalanceRefund(date(2026, 3, 20), Money(25_000)),
    )

    [reopened] = [each for row in due_rows(state) for each in row.reopened]

    assert reopened.on == date(2026, 3, 20)
    assert state.outstanding.total == 15_000


def test_a_chargeback_that_the_overpayment_covers_makes_nothing_late() -> None:
    state = loan(
        Disbursement(START, Money(300_000)),
        Payment(START, Money(360_000)),
        Chargeback(date(2026, 2, 20), Money(60_000), payment=2),
    )

    assert all(row.reopened == () for row in due_rows(state))
