"""What holds for any loan and anything that happens to it?"""

from dataclasses import replace

from hypothesis import given, reject
from hypothesis import strategies as st

from core.errors import NoInstalmentDue
from core.lending.events import Chargeback, LoanEvent, Payment, PaymentKind, Reversal
from core.lending.loan_state import LoanState, Standing
from core.lending.quotes import settlement_quote
from core.lending.repayment_rules import EventOrder, RepaymentInterest
from core.lending.replay import followed_by, replay, standing_events
from core.lending.rows import Parts
from core.lending.state_changes import change_between, split_changes
from core.money import Money
from tests.properties.loan_logs import (
    NEAREST_FIRST,
    Log,
    charges,
    logs,
    payments,
    refunds,
    restructures,
    tranches,
)

_PAYMENTS = frozenset(kind.value for kind in PaymentKind)


def _state(log: Log) -> LoanState:
    return replay(log.terms, log.rules, log.events, as_of=log.as_of)


def _sum(parts: list[Parts]) -> Parts:
    total = Parts()
    for one in parts:
        total = total.plus(one)
    return total


_ANYTHING = st.one_of(payments, charges, tranches, refunds, restructures)


def _state_unless_refused(log: Log) -> LoanState:
    """The state; an example in which nothing can be moved from a date is none."""
    try:
        return _state(log)
    except NoInstalmentDue:
        reject()


@given(logs(happenings=_ANYTHING))
def test_nothing_is_paid_below_zero_or_above_what_is_due(log: Log) -> None:
    state = _state_unless_refused(log)

    assert state.overpaid >= 0
    for row in state.rows:
        assert min(row.paid) >= 0
        assert min(row.waived) >= 0
        assert min(row.open) >= 0
        assert row.outstanding == row.open.total
        assert (row.settled_on is None) == bool(row.outstanding)
        assert row.in_advance + row.late <= row.paid.total


@given(logs(happenings=_ANYTHING))
def test_the_principal_of_all_rows_is_what_was_lent_and_is_due_again(log: Log) -> None:
    state = _state_unless_refused(log)

    assert sum(row.due.principal - row.reopened.principal for row in state.rows) == state.lent
    if state.standing in {Standing.CLOSED, Standing.OVERPAID}:
        repaid = sum(row.paid.principal for row in state.rows)
        assert repaid == state.lent + sum(row.reopened.principal for row in state.rows)


@given(logs())
def test_the_parts_of_a_payment_and_what_is_overpaid_make_up_its_amount(log: Log) -> None:
    state = _state(log)

    lines = [line for line in state.transactions if line.kind in _PAYMENTS]
    assert [line.parts.total + line.overpaid for line in lines] == [line.amount for line in lines]
    assert all(min(line.parts) >= 0 for line in lines)
    assert len(lines) == sum(isinstance(event.what, Payment) for event in standing_events(log.events))


@given(logs(happenings=payments))
def test_what_rows_were_paid_is_what_payments_paid(log: Log) -> None:
    state = _state(log)

    assert _sum([row.paid for row in state.rows]) == _sum([line.parts for line in state.transactions])
    assert state.overpaid == sum(line.overpaid for line in state.transactions)


@given(logs(), st.data())
def test_reversing_a_payment_is_as_if_it_had_never_been_made(log: Log, data: st.DataObject) -> None:
    charged_back = {event.what.payment for event in log.events if isinstance(event.what, Chargeback)}
    gone = {event.what.of for event in log.events if isinstance(event.what, Reversal)}
    free = [event for event in log.payments() if event.number not in charged_back | gone]
    if not free:
        return
    number = data.draw(st.sampled_from(free)).number

    reversed_ = _state(log.with_more(Reversal(number)))

    assert reversed_ == _state(log.without(number))


@given(logs(), payments)
def test_a_payment_more_is_applied_at_once_or_replayed_with_the_same_result(
    log: Log, payment: Payment
) -> None:
    more = log.with_more(payment)

    at_once = followed_by(_state(log), log.terms, log.rules, log.events, more.events[-1], as_of=log.as_of)

    assert at_once == _state(more)


@given(logs(), payments)
def test_the_difference_of_two_states_is_the_payment_between_them(log: Log, payment: Payment) -> None:
    plain = replace(log, rules=replace(log.rules, interest=RepaymentInterest.SCHEDULED))
    last = replace(payment, on=log.as_of)
    before, after = _state(plain), _state(plain.with_more(last))

    change = change_between(before, after)

    assert change
    assert change.lent == 0
    assert change.paid.total + change.overpaid == last.amount.minor
    assert not change_between(before, before)
    assert {one.event for one in split_changes(before, after)} == {plain.with_more(last).events[-1].number}
    assert split_changes(before, before) == ()


@given(logs(orders=NEAREST_FIRST, happenings=payments), st.data())
def test_the_order_in_which_receipts_of_one_day_are_entered_does_not_matter(
    log: Log, data: st.DataObject
) -> None:
    amounts = [event.what.amount for event in log.events[1:] if isinstance(event.what, Payment)]

    def receipts(in_order: list[Money]) -> Log:
        entered = [
            LoanEvent(number, log.as_of, Payment(log.as_of, amount))
            for number, amount in enumerate(in_order, start=2)
        ]
        return replace(log, events=(log.events[0], *entered))

    as_entered = _state(receipts(amounts))
    otherwise = _state(receipts(data.draw(st.permutations(amounts))))

    assert as_entered.rows == otherwise.rows
    assert as_entered.overpaid == otherwise.overpaid


@given(logs(happenings=payments))
def test_payments_of_different_days_may_be_entered_in_any_order(log: Log) -> None:
    days = {event.what.on for event in log.payments() if isinstance(event.what, Payment)}
    if len(days) < len(log.payments()):
        return
    backwards = [
        replace(event, number=number) for number, event in enumerate(reversed(log.events[1:]), start=2)
    ]

    assert _state(log).rows == _state(replace(log, events=(log.events[0], *backwards))).rows


@given(logs())
def test_paying_the_quote_leaves_nothing_to_pay(log: Log) -> None:
    quote = settlement_quote(log.terms, log.rules, log.events, on=log.as_of, today=log.as_of)
    if not quote.total:
        return

    after = _state(log.with_more(Payment(log.as_of, Money(quote.total))))

    assert not after.outstanding.total
    assert after.transactions[-1].overpaid == 0 or log.rules.event_order is not EventOrder.BY_EFFECTIVE_DATE
