"""Whatever is said of a payout, in any order and however often: are the books right and the money sent once?"""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.ledger.chart import Gl
from core.money import Money
from core.payouts.decision import Verdict, decide
from core.payouts.lifecycle import MOVES, SENT, UNDER_WAY, may_move, next_enquiry
from core.payouts.model import FactSource, Payout, PayoutPurpose, PayoutState, Wait
from core.payouts.ports import Fault, Heard, Outcome
from core.phone import Msisdn
from tests.clock import StoppedClock
from tests.core.payouts.till import Till, failed, paid

NOW = StoppedClock().now()
_TARGETS = {
    Verdict.SETTLE: PayoutState.SETTLED,
    Verdict.SETTLE_LATE: PayoutState.SETTLED,
    Verdict.VOID: PayoutState.VOIDED,
    Verdict.AGAIN: PayoutState.REQUESTED,
    Verdict.PROVE: PayoutState.UNKNOWN,
    Verdict.ASK: PayoutState.UNKNOWN,
}

payouts = st.builds(
    Payout,
    payout_id=st.just("wdl_1"),
    member_id=st.just("mbr_1"),
    purpose=st.sampled_from(PayoutPurpose),
    subject=st.just("acc_1"),
    phone=st.just(Msisdn("+254711000001")),
    amount=st.just(Money(1000_00)),
    fee=st.just(Money(0)),
    excise=st.just(Money(0)),
    state=st.sampled_from(sorted(set(PayoutState) - {PayoutState.AWAITING_APPROVAL})),
    attempt=st.integers(1, 4),
    waits_for=st.sampled_from(Wait),
    provider_request_id=st.sampled_from([None, "AG_1"]),
    receipt=st.sampled_from([None, "UKB1AAAAAA"]),
    reason=st.just(""),
    incident=st.just(""),
    enquiries=st.just(0),
    requested_at=st.just(NOW),
    sent_at=st.just(NOW),
    settled_at=st.none(),
)
words = st.builds(
    Heard,
    source=st.sampled_from(FactSource),
    outcome=st.sampled_from(Outcome),
    attempt=st.integers(1, 4),
    fault=st.sampled_from(Fault),
    receipt=st.sampled_from([None, "UKB1AAAAAA", "UKB1BBBBBB"]),
    amount=st.sampled_from([None, Money(1000_00), Money(100_00)]),
    provider_request_id=st.sampled_from([None, "AG_1", "AG_2"]),
)


@given(payouts, words)
def test_no_word_asks_for_a_move_that_is_not_allowed(payout: Payout, heard: Heard) -> None:
    decision = decide(payout, heard)

    target = _TARGETS.get(decision.verdict)
    assert target is None or may_move(payout.state, target)
    if decision.verdict in {Verdict.AGAIN, Verdict.PROVE, Verdict.VOID}:
        # Only the provider's, or two of staff's, own word about the present attempt.
        assert heard.outcome is Outcome.NOT_PAID
        assert heard.attempt == payout.attempt
        assert payout.state in SENT
    if decision.verdict is Verdict.AGAIN:
        assert heard.source is FactSource.STATUS


@given(payouts, words)
def test_money_that_has_gone_is_never_passed_over(payout: Payout, heard: Heard) -> None:
    ours = replace(
        heard, outcome=Outcome.PAID, attempt=payout.attempt, provider_request_id=payout.provider_request_id
    )

    decision = decide(payout, ours)

    if payout.state is not PayoutState.SETTLED:
        assert decision.verdict in {Verdict.SETTLE, Verdict.SETTLE_LATE, Verdict.HOLD}


def test_from_every_state_a_payout_can_end() -> None:
    reached = {PayoutState.SETTLED, PayoutState.VOIDED}
    while more := {state for state, moves in MOVES.items() if moves & reached} - reached:
        reached |= more

    assert reached == set(PayoutState)
    assert {state for state in PayoutState if PayoutState.VOIDED in MOVES[state]} == UNDER_WAY
    assert [next_enquiry(made).total_seconds() / 60 for made in (1, 2, 3, 9)] == [15, 60, 60, 60]


_SAID = [
    paid(),
    replace(paid(), source=FactSource.STATUS),
    failed(),
    failed("float_low", code="1", fault=Fault.FLOAT),
    failed("declined", code="0", source=FactSource.STATUS),
    Heard(FactSource.TIMEOUT, Outcome.PENDING, 1),
]


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.lists(st.sampled_from(_SAID), min_size=1, max_size=5))
async def test_the_books_agree_with_what_the_provider_said(till: Till, said: list[Heard]) -> None:
    payout_id = till.ids.new("wdl")
    gone = Money.zero() - Money.parse((await till.branch.in_books(Gl.MPESA_UTILITY)).replace("-", ""))
    await till.ask("50", payout_id=payout_id)
    await till.work()
    for heard in said:
        amount, receipt = Money.parse("50") if heard.amount else None, payout_id[-10:].upper()
        word = replace(heard, amount=amount, receipt=receipt if heard.receipt else None)
        await till.hear(word, payout_id=payout_id)

    was_paid = any(heard.outcome is Outcome.PAID for heard in said)
    ended = await till.find(payout_id)
    now_gone = str(gone - Money.parse("50") if was_paid else gone)
    assert await till.branch.in_books(Gl.MPESA_UTILITY) == now_gone
    assert (ended.state is PayoutState.SETTLED) is was_paid
    assert [request.reference for request in till.provider.sent].count(payout_id) == 1
    await till.assert_books_agree()
