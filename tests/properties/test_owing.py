"""What a phone is told of a loan is what its replayed log asks, whatever was paid and when."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from core.lending.by_day import asked_on
from core.lending.events import Disbursement, LoanEvent, Payment
from core.lending.model import InterestChargedThrough, Product
from core.lending.owing import owed_of
from core.lending.paying import clearing_parts
from core.lending.products import DEVELOPMENT, EMERGENCY, rules_of
from core.lending.replay import replay
from core.money import Money

_LENT_ON = date(2026, 1, 31)
_days = st.integers(0, 400).map(lambda days: _LENT_ON + timedelta(days=days))


@settings(max_examples=60)
@given(
    product=st.sampled_from([DEVELOPMENT, EMERGENCY]),
    principal=st.integers(100, 10_000_000),
    instalments=st.integers(1, 12),
    payments=st.lists(st.tuples(_days, st.integers(1, 4_000_000)), max_size=3),
    today=_days,
)
def test_what_is_owed_is_what_the_log_asks(
    product: Product, principal: int, instalments: int, payments: list[tuple[date, int]], today: date
) -> None:
    terms = product.terms(principal=Money(principal), instalments=instalments)
    paid = [Payment(on, Money(minor)) for on, minor in sorted(payments) if on <= today]
    events = [LoanEvent(1, _LENT_ON, Disbursement(_LENT_ON, Money(principal)))]
    events += [LoanEvent(number, each.on, each) for number, each in enumerate(paid, start=2)]
    rules = rules_of(product)

    state = replay(terms, rules, events, as_of=today)

    unpaid = [(row.due_on, row.open.principal, row.open.total - row.open.principal) for row in state.rows]
    owed = owed_of(unpaid, today, product, state.currency)
    asked = clearing_parts(asked_on(state, terms, rules, on=today), on=today, order=rules.order)
    assert owed.to_clear.minor == asked.total
    assert Money.zero() <= owed.due_now <= owed.to_clear
    assert (owed.next_due_on is None) == (not owed.next_due)
    assert owed.days_late == 0 or owed.due_now
    if product.interest_charged_through is InterestChargedThrough.WHOLE_TERM:
        assert owed.to_clear.minor == sum(row.outstanding for row in state.rows)
