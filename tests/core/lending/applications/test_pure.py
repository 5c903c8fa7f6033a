"""Are the lifecycle, the route, security and disclosure right by themselves?"""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ApplicationNotOpen, ContradictoryTerms, NotFullySecured
from core.lending.applications.disclosure import disclose
from core.lending.applications.model import MOVES, OPEN, Application, ApplicationState
from core.lending.applications.route import USUAL_ROUTE, ApprovalRoute, Outcome, Tier, Vote
from core.lending.applications.security import (
    Collateral,
    CollateralKind,
    CollateralState,
    Valuation,
    security_of,
)
from core.lending.charge_terms import Charge, ChargeBasis, ChargeKind, ChargeTiming
from core.lending.classification import LoanClass
from core.lending.eligibility import CurrentLoan, EligibilityFacts
from core.lending.policies import DEVELOPMENT_POLICY, Purpose
from core.lending.products import DEVELOPMENT, EMERGENCY
from core.lending.terms import InterestMethod
from core.money import Money
from core.staff.permissions import Role
from tests.clock import StoppedClock
from tests.core.lending.applications.desk import kes

NOW = StoppedClock().now()
TODAY = NOW.date()


def application(state: ApplicationState) -> Application:
    return Application(
        application_id="app_1",
        number="LA-1",
        member_id="mbr_1",
        product="development",
        asked=kes(60_000),
        asked_instalments=12,
        purpose=Purpose.BUSINESS,
        channel="ussd",
        written_by="mbr_1",
        state=state,
        applied_at=NOW,
        expires_at=NOW,
    )


def test_an_application_moves_only_along_its_lifecycle() -> None:
    for state in ApplicationState:
        for other in ApplicationState:
            if other in MOVES.get(state, frozenset()):
                application(state).may_become(other)
            else:
                with pytest.raises(ApplicationNotOpen):
                    application(state).may_become(other)
        assert application(state).is_open is (state in OPEN)


def votes(yes: int, no: int) -> list[Vote]:
    return [Vote("app_1", f"stf_{n}", n < yes, "because", NOW) for n in range(yes + no)]


@given(needed=st.integers(1, 5), yes=st.integers(0, 5), no=st.integers(0, 5))
def test_as_many_votes_as_are_needed_decide_one_way_or_the_other(needed: int, yes: int, no: int) -> None:
    outcome = Tier(None, frozenset({Role.MANAGER}), needed).outcome(votes(yes, no))

    if yes >= needed:
        assert outcome is Outcome.APPROVED
    elif no >= needed:
        assert outcome is Outcome.REJECTED
    else:
        assert outcome is Outcome.OPEN


@given(st.integers(1, 10**12))
def test_every_amount_has_its_tier_and_more_money_never_needs_fewer_votes(minor: int) -> None:
    tier, above = USUAL_ROUTE.tier(Money(minor)), USUAL_ROUTE.tier(Money(minor * 2))

    assert tier.up_to is None or Money(minor) <= tier.up_to
    assert tier.votes <= above.votes
    assert above.roles <= tier.roles


def test_a_route_without_an_end_or_out_of_order_is_refused() -> None:
    roles = frozenset({Role.MANAGER})
    small, large, rest = Tier(kes(1), roles, 1), Tier(kes(2), roles, 1), Tier(None, roles, 1)

    assert ApprovalRoute((small, large, rest)).tier(kes(2)) is large
    for tiers in ((), (small,), (rest, rest), (large, small, rest)):
        with pytest.raises(ValueError, match="tier"):
            ApprovalRoute(tiers)
    for votes_needed, nobody in ((0, roles), (1, frozenset[Role]())):
        with pytest.raises(ValueError, match="nobody decides"):
            Tier(None, nobody, votes_needed)


def facts(deposits: Money, *loans: CurrentLoan) -> EligibilityFacts:
    return EligibilityFacts(
        on=TODAY, joined_on=date(2024, 1, 1), deposits=deposits, shares=kes(0), loans=loans
    )


def land(worth: Money) -> Collateral:
    return Collateral(
        "col_1",
        "app_1",
        "mbr_1",
        CollateralKind.LAND,
        "a plot",
        "NAIROBI/1",
        Valuation(worth, TODAY, "stf_1"),
        CollateralState.HELD,
    )


def test_own_deposits_come_first_and_other_loans_use_them_up() -> None:
    alone = security_of(kes(90_000), facts(kes(100_000)), DEVELOPMENT_POLICY, [], [])
    owing = security_of(
        kes(90_000),
        facts(kes(100_000), CurrentLoan("emergency", kes(30_000), 0, LoanClass.PERFORMING)),
        DEVELOPMENT_POLICY,
        [],
        [],
    )

    assert (alone.missing, alone.guarantors_needed, alone.is_full) == (kes(0), 0, True)
    alone.refuse_if_lacking()
    assert (owing.own, owing.missing, owing.guarantors_missing) == (kes(60_000), kes(30_000), 3)
    with pytest.raises(NotFullySecured):
        owing.refuse_if_lacking()


def test_things_that_cover_the_rest_need_no_guarantors() -> None:
    behind = security_of(kes(100_000), facts(kes(0)), DEVELOPMENT_POLICY, [], [land(Money(14_285_715))])

    assert (behind.collateral, behind.is_full) == (Money(10_000_000), True)
    released = replace(land(kes(200_000)), state=CollateralState.RELEASED)
    assert not security_of(kes(100_000), facts(kes(0)), DEVELOPMENT_POLICY, [], [released]).is_full


def test_the_cost_that_is_told_adds_up() -> None:
    terms = DEVELOPMENT.terms(principal=kes(60_000), instalments=12)

    told = disclose(terms, TODAY)

    figures = told.figures
    assert (figures.principal, figures.received, figures.instalments) == (kes(60_000), kes(60_000), 12)
    assert figures.instalment == Money(533_093)
    assert figures.to_pay == figures.received + figures.cost
    assert (figures.cost, figures.charges, figures.apr) == (figures.interest, kes(0), "12.00")
    assert (told.first_due_on, told.last_due_on) == (date(2026, 4, 11), date(2027, 3, 11))
    assert disclose(terms, date(2026, 1, 31)).figures == figures


def test_deducted_fees_are_charges_and_raise_the_rate() -> None:
    fee = Charge(
        ChargeKind.FEE,
        ChargeTiming.DEDUCTED,
        ChargeBasis.PRINCIPAL,
        rate=Fraction(1, 100),
        excise_rate=Fraction(20, 100),
    )
    terms = replace(EMERGENCY.terms(principal=kes(10_000), instalments=6), charges=(fee,))

    figures = disclose(terms, TODAY).figures

    assert (figures.received, figures.charges, figures.interest) == (kes(9_880), kes(120), kes(600))
    assert (figures.cost, figures.to_pay) == (kes(720), kes(10_600))
    assert float(figures.apr) > 20


def test_interest_taken_up_front_is_interest_and_not_a_charge() -> None:
    terms = replace(EMERGENCY.terms(principal=kes(10_000), instalments=6), method=InterestMethod.UPFRONT)

    figures = disclose(terms, TODAY).figures

    assert (figures.received, figures.interest, figures.charges) == (kes(9_400), kes(600), kes(0))
    assert figures.to_pay == kes(10_000)


def test_nothing_left_to_pay_out_is_no_offer() -> None:
    fee = Charge(ChargeKind.FEE, ChargeTiming.DEDUCTED, amount=kes(10_000))

    with pytest.raises(ContradictoryTerms):
        disclose(replace(EMERGENCY.terms(principal=kes(10_000), instalments=6), charges=(fee,)), TODAY)
