"""How much may a member borrow, and why? Each rule by itself, the worked example, and products for a wish."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.lending.affordability import burden_of
from core.lending.classification import LoanClass
from core.lending.eligibility import (
    CurrentLoan,
    DepositMade,
    EligibilityFacts,
    LimitRule,
    Pay,
    counted_deposits,
    cover_needed,
    limit,
    own_cover,
)
from core.lending.policies import (
    DEVELOPMENT_POLICY,
    POLICIES,
    GuaranteePolicy,
    LendingPolicy,
    LumpSumRule,
    Purpose,
    Streak,
)
from core.lending.products import DEVELOPMENT, PRODUCTS
from core.money import Money

TODAY = date(2026, 3, 11)


def kes(shillings: int) -> Money:
    return Money(shillings * 100)


PLAIN = LendingPolicy(
    product="development",
    purposes=frozenset(Purpose),
    least=kes(1_000),
    most=kes(300_000),
    instalments_least=1,
    instalments_most=36,
    multiplier=Fraction(3),
    one_at_a_time=False,
    lump_sum=LumpSumRule(kes(50_000), 3),
)
SALARIED = EligibilityFacts(
    on=TODAY,
    joined_on=date(2024, 1, 5),
    deposits=kes(80_000),
    shares=kes(5_000),
    recent_deposits=tuple(DepositMade(date(2026, month, 5), kes(2_000)) for month in (1, 2, 3)),
    loans=(CurrentLoan("development", kes(60_000), 0, LoanClass.PERFORMING),),
    pay=Pay(basic=kes(45_000), deductions=kes(22_000)),
)
ONE_PERCENT_36 = burden_of(DEVELOPMENT, 36)


def test_the_worked_example_names_the_deposits_as_the_binding_rule() -> None:
    found = limit(SALARIED, PLAIN, burden=ONE_PERCENT_36)

    assert found.amount == kes(180_000)
    assert found.binding.rule is LimitRule.MULTIPLIER
    assert found.binding.rule.text_key == "limit_rule.multiplier"
    assert found.binding.figures == {"times": 3, "deposits": kes(80_000), "loans": kes(60_000)}
    take_home = found.answer(LimitRule.TAKE_HOME)
    assert take_home is not None
    assert take_home.cap == Money(24_086_004)
    assert take_home.figures["room"] == kes(8_000)
    most = found.answer(LimitRule.PRODUCT_MOST)
    assert most is not None
    assert most.cap == kes(300_000)


def test_a_third_of_basic_pay_must_remain() -> None:
    tight = replace(SALARIED, pay=Pay(kes(45_000), kes(29_000)))

    found = limit(tight, PLAIN, burden=ONE_PERCENT_36)

    assert found.binding.rule is LimitRule.TAKE_HOME
    assert found.binding.figures["room"] == kes(1_000)
    assert found.amount == Money(3_010_750)


def test_pay_without_room_allows_nothing() -> None:
    full = replace(SALARIED, pay=Pay(kes(45_000), kes(31_000)))

    found = limit(full, PLAIN, burden=ONE_PERCENT_36)

    assert (found.amount, found.may_borrow, found.binding.rule) == (kes(0), False, LimitRule.TAKE_HOME)


@pytest.mark.parametrize(
    ("facts", "policy"),
    [
        (replace(SALARIED, pay=None), PLAIN),
        (SALARIED, replace(PLAIN, take_home=None)),
    ],
)
def test_pay_is_asked_only_where_it_is_known_and_the_product_wants_it(
    facts: EligibilityFacts, policy: LendingPolicy
) -> None:
    assert limit(facts, policy, burden=ONE_PERCENT_36).answer(LimitRule.TAKE_HOME) is None


def test_without_a_term_pay_says_nothing() -> None:
    assert limit(SALARIED, PLAIN).answer(LimitRule.TAKE_HOME) is None


LATE = CurrentLoan("emergency", kes(1_000), 5, LoanClass.PERFORMING)
UNCURED = CurrentLoan("emergency", kes(1_000), 0, LoanClass.WATCH)


@pytest.mark.parametrize(
    ("facts", "policy", "rule", "figures"),
    [
        (
            replace(SALARIED, joined_on=date(2025, 12, 12)),
            PLAIN,
            LimitRule.MEMBERSHIP,
            {"months": 3, "on": date(2026, 3, 12)},
        ),
        (replace(SALARIED, loans=(UNCURED,)), PLAIN, LimitRule.BAD_LOAN, {"loans": 1}),
        (replace(SALARIED, loans=(LATE,)), PLAIN, LimitRule.ARREARS, {"days": 5}),
        (SALARIED, replace(PLAIN, one_at_a_time=True), LimitRule.SAME_LOAN_OPEN, {"loans": 1}),
        (
            replace(SALARIED, last_penalty_on={"development": date(2025, 3, 12)}),
            replace(PLAIN, penalty_lockout_months=12),
            LimitRule.PENALTY_LOCKOUT,
            {"until": date(2026, 3, 12)},
        ),
        (
            SALARIED,
            replace(PLAIN, shares_least=kes(5_001)),
            LimitRule.SHARES,
            {"shares": kes(5_000), "least": kes(5_001)},
        ),
        (
            replace(SALARIED, recent_deposits=SALARIED.recent_deposits[1:]),
            PLAIN,
            LimitRule.STREAK,
            {"kept": 2, "months": 3, "of_the_last": 6},
        ),
    ],
)
def test_a_closed_gate_allows_nothing_and_says_why(
    facts: EligibilityFacts, policy: LendingPolicy, rule: LimitRule, figures: dict[str, object]
) -> None:
    found = limit(facts, policy)

    assert (found.amount, found.may_borrow) == (kes(0), False)
    assert (found.binding.rule, found.binding.figures) == (rule, figures)


@pytest.mark.parametrize(
    ("facts", "policy"),
    [
        (replace(SALARIED, joined_on=date(2025, 12, 11)), PLAIN),
        (replace(SALARIED, loans=()), replace(PLAIN, one_at_a_time=True)),
        (
            replace(SALARIED, last_penalty_on={"development": date(2025, 3, 11)}),
            replace(PLAIN, penalty_lockout_months=12),
        ),
        (replace(SALARIED, last_penalty_on={"development": TODAY}), PLAIN),
        (replace(SALARIED, last_penalty_on={"emergency": TODAY}), replace(PLAIN, penalty_lockout_months=12)),
        (SALARIED, replace(PLAIN, shares_least=kes(5_000))),
        (replace(SALARIED, recent_deposits=()), replace(PLAIN, streak=Streak(0, 6))),
    ],
)
def test_an_open_gate_is_not_in_the_way(facts: EligibilityFacts, policy: LendingPolicy) -> None:
    assert limit(facts, policy).may_borrow


def test_two_deposits_in_one_month_are_one_month_of_the_streak() -> None:
    twice = replace(
        SALARIED, recent_deposits=tuple(DepositMade(date(2026, 3, day), kes(10)) for day in (1, 2, 3))
    )

    answer = limit(twice, PLAIN).answer(LimitRule.STREAK)

    assert answer is not None
    assert answer.figures["kept"] == 1


@pytest.mark.parametrize(
    ("paid_on", "amount", "counted"),
    [
        (date(2025, 12, 11), 50_000, 80_000),
        (date(2025, 12, 12), 50_000, 30_000),
        (date(2026, 3, 11), 49_999, 80_000),
        (date(2026, 3, 11), 90_000, 0),
    ],
)
def test_a_lump_sum_counts_once_it_has_matured(paid_on: date, amount: int, counted: int) -> None:
    facts = replace(SALARIED, recent_deposits=(DepositMade(paid_on, kes(amount)),))

    assert counted_deposits(facts, PLAIN) == kes(counted)


def test_a_product_may_leave_loans_of_other_products_out_of_the_multiple() -> None:
    facts = replace(SALARIED, loans=(CurrentLoan("emergency", kes(60_000), 0, LoanClass.PERFORMING),))

    assert limit(facts, PLAIN).amount == kes(180_000)
    assert limit(facts, replace(PLAIN, counts_all_loans=False)).amount == kes(240_000)


def test_owing_more_than_the_multiple_allows_nothing() -> None:
    facts = replace(SALARIED, deposits=kes(10_000))

    found = limit(facts, PLAIN)

    assert (found.amount, found.binding.rule) == (kes(0), LimitRule.MULTIPLIER)


def test_a_product_without_a_multiplier_lends_up_to_its_most() -> None:
    found = limit(replace(SALARIED, deposits=kes(0)), replace(PLAIN, multiplier=None))

    assert (found.amount, found.binding.rule) == (kes(300_000), LimitRule.PRODUCT_MOST)


def test_a_cap_below_the_least_loan_allows_nothing_and_still_names_its_rule() -> None:
    facts = replace(
        SALARIED, deposits=kes(20_300), loans=(replace(SALARIED.loans[0], outstanding=kes(60_000)),)
    )

    found = limit(facts, PLAIN)

    assert (found.amount, found.binding.rule, found.binding.cap) == (kes(0), LimitRule.MULTIPLIER, kes(900))


def test_cover_is_own_deposits_and_what_others_pledged() -> None:
    facts = replace(SALARIED, loans=(), guaranteed_for_others=kes(12_000), pledged=kes(40_000))

    found = limit(facts, PLAIN)

    assert own_cover(facts, PLAIN) == kes(60_000)
    assert (found.amount, found.binding.rule) == (kes(100_000), LimitRule.COVER)
    assert found.binding.figures == {"own": kes(60_000), "pledged": kes(40_000)}


def test_a_loan_that_others_secure_leaves_own_deposits_free() -> None:
    loan = replace(SALARIED.loans[0], secured_by_others=kes(50_000))

    assert own_cover(replace(SALARIED, loans=(loan,)), PLAIN) == kes(62_000)
    assert own_cover(SALARIED, PLAIN) == kes(12_000)
    assert own_cover(replace(SALARIED, deposits=kes(1)), PLAIN) == kes(0)


def test_within_own_deposits_no_guarantor_is_needed() -> None:
    free = replace(SALARIED, loans=())

    assert cover_needed(kes(72_000), free, PLAIN).guarantors == 0
    needed = cover_needed(kes(100_000), replace(free, pledged=kes(10_000)), PLAIN)
    assert (needed.amount, needed.guarantors) == (kes(18_000), 3)
    done = cover_needed(kes(100_000), replace(free, pledged=kes(30_000)), PLAIN)
    assert (done.amount, done.guarantors) == (kes(0), 3)


@pytest.mark.parametrize(
    "wrong",
    [
        {"least": kes(0)},
        {"least": kes(400_000)},
        {"instalments_least": 0},
        {"instalments_least": 37},
        {"multiplier": Fraction(0)},
        {"take_home": Fraction(1)},
    ],
)
def test_conditions_that_contradict_themselves_cannot_be_built(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="development"):
        replace(PLAIN, **wrong)  # type: ignore[arg-type]  # wrong on purpose


def test_a_streak_longer_than_its_window_cannot_be_built() -> None:
    with pytest.raises(ValueError, match="no streak"):
        Streak(7, 6)


def test_every_product_has_conditions_within_its_terms() -> None:
    assert POLICIES.keys() == PRODUCTS.keys()
    for code, policy in POLICIES.items():
        assert policy.instalments_most <= PRODUCTS[code].max_instalments
        assert policy.guarantees == GuaranteePolicy()


facts_of_members = st.builds(
    EligibilityFacts,
    on=st.just(TODAY),
    joined_on=st.dates(date(2020, 1, 1), TODAY),
    deposits=st.integers(0, 10**8).map(Money),
    shares=st.integers(0, 10**7).map(Money),
    recent_deposits=st.lists(
        st.builds(DepositMade, st.dates(date(2025, 9, 1), TODAY), st.integers(1, 10**7).map(Money)),
        max_size=8,
    ).map(tuple),
    loans=st.lists(
        st.builds(
            CurrentLoan,
            st.sampled_from(sorted(PRODUCTS)),
            st.integers(0, 10**8).map(Money),
            st.integers(0, 3),
            st.sampled_from(LoanClass),
        ),
        max_size=2,
    ).map(tuple),
    pay=st.none() | st.builds(Pay, st.integers(0, 10**7).map(Money), st.integers(0, 10**7).map(Money)),
    pledged=st.none() | st.integers(0, 10**8).map(Money),
)


@given(facts_of_members, st.sampled_from(sorted(POLICIES)), st.integers(1, 48))
def test_a_limit_is_never_above_any_rule_and_always_has_a_reason(
    facts: EligibilityFacts, code: str, months: int
) -> None:
    found = limit(facts, POLICIES[code], burden=burden_of(PRODUCTS[code], months))

    caps = [answer.cap for answer in found.answers if answer.cap is not None]
    assert found.binding.cap == min(caps)
    assert found.amount in {min(caps), Money(0)}
    assert found.amount == Money(0) or found.amount >= POLICIES[code].least


@given(facts_of_members, st.integers(1, 10**7))
def test_more_deposits_never_lower_a_limit(facts: EligibilityFacts, more: int) -> None:
    richer = replace(facts, deposits=facts.deposits + Money(more))

    assert limit(richer, DEVELOPMENT_POLICY).amount >= limit(facts, DEVELOPMENT_POLICY).amount
