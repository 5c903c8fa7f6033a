"""A loan's life told as events: what payments, charges, tranches and reversals do."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from core.lending.charge_terms import Charge, ChargeKind, ChargeTiming
from core.lending.events import (
    BalanceRefund,
    ChargeAdded,
    Chargeback,
    ChargeWaived,
    Disbursement,
    DisbursementUndone,
    LoanEvent,
    PercentOfLoan,
    Reversal,
)
from core.lending.loan_state import Standing, TransactionKind, paid_charges
from core.lending.model import Portion
from core.lending.repayment_rules import RepaymentRules
from core.lending.replay import followed_by, replay
from core.lending.rows import Parts, RowKind
from core.lending.state_changes import change_between, split_changes
from tests.core.lending.story import (
    APRIL,
    AT_A_PRICE,
    FEB,
    MARCH,
    MAY,
    PAID_OUT,
    RULES,
    TERMS,
    TODAY,
    after,
    fee,
    kes,
    log_of,
    paid,
    still_open,
)


def test_a_loan_that_was_not_paid_out_has_no_rows() -> None:
    state = replay(TERMS, RULES, (), as_of=TODAY)

    assert state.standing is Standing.NOT_DISBURSED
    assert state.rows == ()


def test_paying_out_makes_the_schedule() -> None:
    state = after()

    assert [row.due_on for row in state.rows] == [FEB, MARCH, APRIL, MAY]
    assert still_open(state) == ["100.00"] * 4
    assert state.standing is Standing.ACTIVE
    assert state.outstanding == Parts(principal=40_000)


def test_agreed_due_dates_are_kept() -> None:
    days = tuple(day + timedelta(days=2) for day in (FEB, MARCH, APRIL, MAY))
    log = (LoanEvent(1, PAID_OUT, Disbursement(PAID_OUT, TERMS.principal, due_dates=days)),)

    assert [row.due_on for row in replay(TERMS, RULES, log, as_of=TODAY).rows] == list(days)


def test_a_back_dated_payment_takes_its_place_before_later_ones() -> None:
    in_order = after(paid(FEB, "30"), paid(MARCH, "120"))
    entered_late = after(paid(MARCH, "120"), paid(FEB, "30"))

    assert in_order.rows == entered_late.rows
    assert in_order.rows[0].in_advance == 0
    assert in_order.rows[0].late == 7_000


def test_a_payment_above_the_debt_is_overpaid_and_a_refund_gives_it_back() -> None:
    overpaid = after(paid(MARCH, "450"))
    refunded = after(paid(MARCH, "450"), BalanceRefund(MARCH, kes("50")))

    assert (overpaid.standing, overpaid.overpaid) == (Standing.OVERPAID, 5_000)
    assert (refunded.standing, refunded.overpaid) == (Standing.CLOSED, 0)
    assert refunded.outstanding.total == 0


def test_a_refund_of_what_turns_out_not_to_be_overpaid_is_due_again() -> None:
    state = after(paid(FEB, "100"), paid(MARCH, "350"), BalanceRefund(APRIL, kes("50")), Reversal(of=2))

    assert state.outstanding.principal == 10_000
    assert sum(row.reopened.principal for row in state.rows) == 5_000


def test_a_reversed_payment_leaves_the_loan_as_if_it_had_not_been_made() -> None:
    assert after(paid(FEB, "60"), Reversal(of=2)) == after()


def test_the_difference_of_two_states_is_what_the_books_adjust() -> None:
    before = after(paid(FEB, "100"), fee(FEB, "10"), paid(MARCH, "100"))
    later = after(paid(FEB, "100"), fee(FEB, "10"), paid(MARCH, "100"), Reversal(of=2))

    change = change_between(before, later)

    assert change.paid == Parts(principal=-10_000)
    assert change.outstanding == Parts(principal=10_000)
    assert [(one.event, one.after) for one in split_changes(before, later)] == [(2, None)]
    assert not change_between(later, later)


def test_a_late_entry_is_replayed_and_a_plain_one_is_applied_at_once() -> None:
    log = log_of(paid(MARCH, "120"))
    state = replay(TERMS, RULES, log, as_of=TODAY)
    plain = LoanEvent(3, TODAY, paid(APRIL, "40"))
    back_dated = LoanEvent(3, TODAY, paid(FEB, "40"))

    for event in (plain, back_dated):
        followed = followed_by(state, TERMS, RULES, log, event, as_of=TODAY)
        assert followed == replay(TERMS, RULES, (*log, event), as_of=TODAY)


def test_a_charge_is_due_on_the_row_of_its_date_and_behind_the_last_on_a_row_of_its_own() -> None:
    state = after(fee(date(2026, 2, 15), "10"), fee(date(2026, 6, 1), "5"), fee(date(2026, 7, 1), "5"))

    assert [row.due.fee for row in state.rows] == [0, 1_000, 0, 0, 1_000]
    assert state.rows[-1].kind is RowKind.EXTRA
    assert state.rows[-1].due_on == date(2026, 7, 1)


def test_a_charge_on_a_loan_that_is_overpaid_is_paid_from_that() -> None:
    state = after(paid(MARCH, "430"), fee(TODAY, "20"))

    line = state.transaction(2)
    assert line is not None
    assert (line.parts.fee, line.overpaid) == (2_000, 1_000)
    assert state.overpaid == 1_000
    assert state.outstanding.total == 0
    assert paid_charges(state) == {3: 2_000}


def test_a_charge_may_be_a_part_of_the_loan() -> None:
    charge = ChargeAdded(FEB, Portion.PENALTY, PercentOfLoan(Fraction(1, 10)))

    assert after(charge).rows[0].due.penalty == 4_000


def test_what_is_unpaid_of_a_charge_is_waived() -> None:
    charge = fee(FEB, "10")

    state = after(charge, paid(FEB, "4"), ChargeWaived(FEB, charge=2))

    assert state.rows[0].waived == Parts(fee=600)
    assert state.charges[0].waived == 600
    assert state.transactions[-1].kind == TransactionKind.CHARGE_WAIVED
    assert after(charge, ChargeWaived(FEB, 2), ChargeWaived(FEB, 2)) == after(charge, ChargeWaived(FEB, 2))


def test_a_chargeback_makes_the_parts_due_again_in_the_order_of_the_rules() -> None:
    rules = RepaymentRules(reopens=(Portion.INTEREST, Portion.FEE, Portion.PRINCIPAL))
    state = after(paid(FEB, "50"), Chargeback(MARCH, kes("20"), payment=2), terms=AT_A_PRICE, rules=rules)

    assert state.rows[1].reopened == Parts(interest=400, principal=1_600)


def test_a_chargeback_that_an_overpayment_covers_only_lowers_it() -> None:
    state = after(paid(FEB, "450"), Chargeback(MARCH, kes("20"), payment=2))

    assert state.overpaid == 3_000
    assert all(not row.reopened.total for row in state.rows)


def test_a_chargeback_after_the_last_row_gets_a_row_of_its_own() -> None:
    state = after(paid(FEB, "400"), Chargeback(date(2026, 6, 9), kes("20"), payment=2))

    assert (state.rows[-1].kind, state.rows[-1].due_on) == (RowKind.EXTRA, date(2026, 6, 9))
    assert state.standing is Standing.ACTIVE


def test_lending_more_to_a_member_who_is_overpaid_uses_that_first() -> None:
    state = after(paid(FEB, "450"), Disbursement(FEB, kes("80")))

    assert state.overpaid == 0
    assert state.outstanding.principal == 3_000


def test_a_tranche_after_the_last_due_date_is_due_on_its_day() -> None:
    state = after(Disbursement(date(2026, 6, 1), kes("80")))

    assert (state.rows[-1].due_on, state.rows[-1].due.principal) == (date(2026, 6, 1), 8_000)


def test_undoing_the_last_disbursement_takes_later_payments_with_it() -> None:
    undone = after(paid(FEB, "10"), Disbursement(MARCH, kes("80")), paid(APRIL, "99"), DisbursementUndone())

    assert undone.rows == after(paid(FEB, "10")).rows


def test_charges_of_the_terms_stand_on_their_rows_and_beside_the_pay_out() -> None:
    each = Charge(ChargeKind.FEE, ChargeTiming.EVERY_INSTALMENT, amount=kes("2"))
    first = Charge(ChargeKind.FEE, ChargeTiming.AT_DISBURSEMENT, amount=kes("5"))
    late = Charge(ChargeKind.PENALTY, ChargeTiming.ON_DATE, amount=kes("1"), due_on=date(2026, 6, 1))

    rows = after(terms=replace(TERMS, charges=(each, first, late))).rows

    assert [(row.kind, row.due.fee, row.due.penalty) for row in rows] == [
        (RowKind.DISBURSEMENT_FEE, 500, 0),
        *[(RowKind.INSTALMENT, 200, 0)] * 4,
        (RowKind.EXTRA, 0, 100),
    ]
