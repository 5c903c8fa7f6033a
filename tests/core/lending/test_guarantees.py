"""Who stands behind a loan: asking, answering, taking another's place, release, and recovery pro rata."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import (
    GuaranteeAboveFreeDeposits,
    GuaranteeNotOpen,
    GuarantorHasTooMany,
    GuarantorIsBorrower,
    GuarantorIsLate,
    GuarantorIsOfficial,
    InvalidGuarantee,
    Refusal,
)
from core.lending.guarantees import (
    Guarantee,
    GuaranteeState,
    GuarantorFacts,
    accept,
    call,
    decline,
    recover,
    release,
    request_guarantee,
    shortfall,
    substitute,
    withdraw,
)
from core.lending.policies import GuaranteePolicy
from core.money import Money
from tests.clock import StoppedClock

NOW = StoppedClock().now()
LATER = NOW + timedelta(hours=1)
POLICY = GuaranteePolicy()


def kes(shillings: int) -> Money:
    return Money(shillings * 100)


MWANGI = GuarantorFacts(
    member_id="mbr_mwangi",
    deposits=kes(100_000),
    committed=kes(30_000),
    own_loans=kes(20_000),
    loans_guaranteed=1,
    has_loan=True,
    days_past_due=0,
    is_official=False,
)


def request(guarantor: GuarantorFacts = MWANGI, amount: Money = kes(40_000)) -> Guarantee:  # noqa: B008 (an immutable value)
    return request_guarantee(
        guarantee_id="gua_1",
        subject="lon_1",
        borrower_id="mbr_amina",
        guarantor=guarantor,
        amount=amount,
        policy=POLICY,
        now=NOW,
    )


def accepted(amount: Money = kes(40_000)) -> Guarantee:  # noqa: B008 (an immutable value)
    return accept(request(), amount, MWANGI, policy=POLICY, now=LATER)


def test_free_deposits_are_what_guarantees_and_own_loans_leave() -> None:
    assert MWANGI.free_deposits == kes(50_000)
    assert replace(MWANGI, own_loans=kes(90_000)).free_deposits == kes(0)


def test_a_guarantor_accepts_the_whole_or_a_part() -> None:
    whole, part = accepted(), accepted(kes(15_000))

    assert (whole.state, whole.amount, whole.answered_at) == (GuaranteeState.ACCEPTED, kes(40_000), LATER)
    assert (part.asked, part.amount) == (kes(40_000), kes(15_000))


@pytest.mark.parametrize("amount", [kes(0), kes(-1), kes(40_001)])
def test_nothing_or_more_than_was_asked_is_refused(amount: Money) -> None:
    with pytest.raises(InvalidGuarantee):
        accept(request(), amount, MWANGI, policy=POLICY, now=LATER)


def test_a_request_for_nothing_is_refused() -> None:
    with pytest.raises(InvalidGuarantee):
        request(amount=kes(0))


def test_more_than_the_free_deposits_is_refused_with_both_figures() -> None:
    poorer = replace(MWANGI, committed=kes(60_000))

    with pytest.raises(GuaranteeAboveFreeDeposits) as refused:
        accept(request(), kes(40_000), poorer, policy=POLICY, now=LATER)

    assert (refused.value.free_minor, refused.value.asked_minor) == (2_000_000, 4_000_000)


@pytest.mark.parametrize(
    ("guarantor", "refusal"),
    [
        (replace(MWANGI, member_id="mbr_amina"), GuarantorIsBorrower),
        (replace(MWANGI, is_official=True), GuarantorIsOfficial),
        (replace(MWANGI, days_past_due=1), GuarantorIsLate),
        (replace(MWANGI, loans_guaranteed=3), GuarantorHasTooMany),
        (replace(MWANGI, loans_guaranteed=4, has_loan=False), GuarantorHasTooMany),
    ],
)
def test_who_may_not_guarantee_is_refused_when_asked_and_when_answering(
    guarantor: GuarantorFacts, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        request(guarantor)
    with pytest.raises(refusal):
        accept(request(), kes(1_000), guarantor, policy=POLICY, now=LATER)


def test_a_member_without_a_loan_may_guarantee_one_more() -> None:
    assert request(replace(MWANGI, loans_guaranteed=3, has_loan=False)).state is GuaranteeState.REQUESTED


def test_an_answer_is_given_once_and_in_time() -> None:
    asked = request()
    too_late = NOW + timedelta(hours=72)

    with pytest.raises(GuaranteeNotOpen) as expired:
        accept(asked, kes(1), MWANGI, policy=POLICY, now=too_late)
    assert expired.value.state == GuaranteeState.EXPIRED
    assert decline(asked, now=too_late - timedelta(seconds=1)).state is GuaranteeState.DECLINED
    for answered in (accepted(), decline(asked, now=LATER)):
        with pytest.raises(GuaranteeNotOpen):
            decline(answered, now=LATER)
        with pytest.raises(GuaranteeNotOpen):
            accept(answered, kes(1), MWANGI, policy=POLICY, now=LATER)


def test_a_borrower_takes_back_a_request_and_an_accepted_guarantee_of_a_loan_that_never_came() -> None:
    assert withdraw(request(), now=LATER).state is GuaranteeState.WITHDRAWN
    taken_back = withdraw(accepted(), now=NOW + timedelta(days=2))
    assert (taken_back.state, taken_back.answered_at) == (GuaranteeState.WITHDRAWN, LATER)
    with pytest.raises(GuaranteeNotOpen):
        withdraw(taken_back, now=LATER)


def test_a_substituted_guarantee_is_kept_and_names_its_successor() -> None:
    successor = replace(accepted(), guarantee_id="gua_2", guarantor_id="mbr_otieno")

    old = substitute(accepted(), successor, now=LATER)

    assert (old.state, old.substituted_by, old.amount) == (GuaranteeState.SUBSTITUTED, "gua_2", kes(40_000))
    assert not old.is_live


def test_a_successor_must_be_accepted_for_the_same_loan_and_as_much() -> None:
    successor = replace(accepted(), guarantee_id="gua_2")

    with pytest.raises(GuaranteeNotOpen):
        substitute(accepted(), replace(successor, state=GuaranteeState.REQUESTED), now=LATER)
    with pytest.raises(InvalidGuarantee):
        substitute(accepted(), replace(successor, amount=kes(39_999)), now=LATER)
    with pytest.raises(InvalidGuarantee):
        substitute(accepted(), replace(successor, subject="lon_2"), now=LATER)
    with pytest.raises(GuaranteeNotOpen):
        substitute(request(), successor, now=LATER)


def test_a_repaid_loan_releases_its_guarantees_once() -> None:
    released = release(accepted(), now=LATER)

    assert released.state is GuaranteeState.RELEASED
    with pytest.raises(GuaranteeNotOpen):
        release(released, now=LATER)


def test_a_called_guarantee_keeps_what_was_taken() -> None:
    called = call(accepted(), kes(30_000), now=LATER)

    assert (called.state, called.recovered) == (GuaranteeState.CALLED, kes(30_000))
    with pytest.raises(InvalidGuarantee):
        call(accepted(), kes(40_001), now=LATER)
    with pytest.raises(GuaranteeNotOpen):
        call(called, kes(1), now=LATER)


@pytest.mark.parametrize(
    ("outstanding", "bound"), [(100_000, 40_000), (50_000, 20_000), (1, 1), (0, 0), (120_000, 40_000)]
)
def test_a_commitment_shrinks_with_the_loan(outstanding: int, bound: int) -> None:
    commitment = accepted().commitment(lent=kes(100_000), outstanding=kes(outstanding), policy=POLICY)

    assert commitment.rounded_up_to_major() == kes(bound)


def test_a_commitment_stays_whole_where_the_policy_says_so_and_is_none_once_it_is_over() -> None:
    whole = replace(POLICY, shrinks=False)

    assert accepted().commitment(lent=kes(10), outstanding=kes(1), policy=whole) == kes(40_000)
    assert accepted().commitment(lent=kes(0), outstanding=kes(0), policy=POLICY) == kes(40_000)
    assert request().commitment(lent=kes(10), outstanding=kes(10), policy=whole) == kes(0)


def test_the_shortfall_counts_only_what_was_accepted() -> None:
    assert shortfall(kes(100_000), [accepted(), request(), accepted(kes(10_000))]) == kes(50_000)
    assert shortfall(kes(10_000), [accepted()]) == kes(0)


def test_the_worked_recovery_takes_own_deposits_first_and_then_pro_rata() -> None:
    found = recover(kes(90_000), kes(30_000), [kes(100_000), kes(60_000), kes(40_000)])

    assert found.own_deposits == kes(30_000)
    assert found.shares == (kes(30_000), kes(18_000), kes(12_000))
    assert found.uncovered == kes(0)


def test_nobody_pays_more_than_they_guaranteed() -> None:
    found = recover(kes(90_000), kes(0), [kes(10_000), kes(20_000)])

    assert (found.shares, found.uncovered) == ((kes(10_000), kes(20_000)), kes(60_000))


def test_own_deposits_may_be_enough() -> None:
    found = recover(kes(20_000), kes(30_000), [kes(10_000)])

    assert (found.own_deposits, found.shares, found.uncovered) == (kes(20_000), (kes(0),), kes(0))
    assert recover(kes(5), kes(0), []).uncovered == kes(5)


def test_amounts_below_zero_are_no_recovery() -> None:
    with pytest.raises(ValueError, match="below zero"):
        recover(kes(1), kes(-1), [])


minor = st.integers(0, 10**9).map(Money)


@given(minor, minor, st.lists(minor, max_size=6))
def test_a_recovery_loses_no_cent_and_keeps_every_cap(
    balance: Money, own: Money, guaranteed: list[Money]
) -> None:
    found = recover(balance, own, guaranteed)

    assert found.own_deposits + sum(found.shares, start=found.uncovered) == balance
    assert found.own_deposits <= own
    assert all(Money(0) <= share <= each for share, each in zip(found.shares, guaranteed, strict=True))
