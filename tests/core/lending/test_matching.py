"""Which loans fit a wish, and what do they weigh and cost? Products ranked, against schedules to a few cents."""

from dataclasses import replace
from datetime import date

import pytest

from core.lending.affordability import burden_of, cost_of
from core.lending.classification import LoanClass
from core.lending.eligibility import CurrentLoan, DepositMade, EligibilityFacts, LimitRule
from core.lending.matching import Misfit, Offer, Wish, matches
from core.lending.policies import DEVELOPMENT_POLICY, EMERGENCY_POLICY, LendingPolicy, Purpose
from core.lending.products import DEVELOPMENT, EMERGENCY
from core.lending.schedule import schedule
from core.lending.terms import Amortisation, InterestMethod
from core.money import Money

TODAY = date(2026, 3, 11)


def kes(shillings: int) -> Money:
    return Money(shillings * 100)


@pytest.mark.parametrize(
    ("method", "amortisation"),
    [
        (InterestMethod.DECLINING_BALANCE, Amortisation.EQUAL_INSTALMENTS),
        (InterestMethod.DECLINING_BALANCE, Amortisation.EQUAL_PRINCIPAL),
        (InterestMethod.DECLINING_BALANCE, Amortisation.BULLET),
        (InterestMethod.FLAT, Amortisation.EQUAL_INSTALMENTS),
        (InterestMethod.FLAT, Amortisation.BULLET),
        (InterestMethod.UPFRONT, Amortisation.EQUAL_INSTALMENTS),
    ],
)
@pytest.mark.parametrize("rate", ["0", "1.00", "2.5"])
def test_burden_and_cost_agree_with_the_schedule_to_a_few_cents(
    method: InterestMethod, amortisation: Amortisation, rate: str
) -> None:
    product = replace(DEVELOPMENT, method=method, amortisation=amortisation, percent_per_month=rate)
    lent = kes(100_000)

    rows = schedule(product.terms(principal=lent, instalments=10), TODAY)

    heaviest = max(row.principal.minor + row.interest.minor for row in rows)
    interest = sum(row.interest.minor for row in rows)
    assert abs(heaviest - lent.minor * burden_of(product, 10)) <= 10
    if method is not InterestMethod.UPFRONT:
        assert abs(interest - lent.minor * cost_of(product, 10)) <= 10


def test_a_loan_over_no_months_has_no_burden() -> None:
    with pytest.raises(ValueError, match="no term"):
        burden_of(DEVELOPMENT, 0)
    with pytest.raises(ValueError, match="no term"):
        cost_of(DEVELOPMENT, 0)


FREE = EligibilityFacts(
    on=TODAY,
    joined_on=date(2024, 1, 5),
    deposits=kes(80_000),
    shares=kes(5_000),
    recent_deposits=tuple(DepositMade(date(2026, month, 5), kes(2_000)) for month in (1, 2, 3)),
)
LATE = CurrentLoan("emergency", kes(1_000), 5, LoanClass.PERFORMING)


def offers(months: int, *policies: LendingPolicy) -> list[Offer]:
    return [
        Offer(policy, burden_of(product, months), cost_of(product, months))
        for policy in policies
        for product in [{"development": DEVELOPMENT, "emergency": EMERGENCY}[policy.product]]
    ]


def test_the_product_made_for_the_purpose_comes_before_the_general_one() -> None:
    wish = Wish(Purpose.MEDICAL, kes(20_000), 10)

    found = matches(wish, FREE, offers(10, DEVELOPMENT_POLICY, EMERGENCY_POLICY))

    assert [(match.product, match.fits) for match in found] == [("emergency", True), ("development", True)]
    assert found[0].amount == kes(20_000)
    assert found[0].cost == kes(2_000)


def test_a_product_that_is_not_for_the_purpose_comes_last_and_says_so() -> None:
    found = matches(
        Wish(Purpose.FARM, kes(20_000), 10), FREE, offers(10, EMERGENCY_POLICY, DEVELOPMENT_POLICY)
    )

    assert [match.product for match in found] == ["development", "emergency"]
    assert found[1].misfits == (Misfit.PURPOSE,)


def test_of_two_alike_the_cheaper_comes_first() -> None:
    dear = replace(DEVELOPMENT, percent_per_month="1.50")
    on_the_table = [
        Offer(replace(DEVELOPMENT_POLICY, product="dear"), burden_of(dear, 10), cost_of(dear, 10)),
        *offers(10, DEVELOPMENT_POLICY),
    ]

    found = matches(Wish(Purpose.FARM, kes(20_000), 10), FREE, on_the_table)

    assert [match.product for match in found] == ["development", "dear"]


@pytest.mark.parametrize(
    ("wish", "misfits", "amount", "months"),
    [
        (Wish(Purpose.MEDICAL, kes(500_000), 10), (Misfit.ABOVE_LIMIT,), 100_000, 10),
        (Wish(Purpose.MEDICAL, kes(500), 10), (Misfit.BELOW_LEAST,), 1_000, 10),
        (Wish(Purpose.MEDICAL, kes(5_000), 24), (Misfit.TOO_LONG,), 5_000, 12),
    ],
)
def test_what_nearly_fits_says_what_would_fit(
    wish: Wish, misfits: tuple[Misfit, ...], amount: int, months: int
) -> None:
    [match] = matches(wish, FREE, offers(wish.months, EMERGENCY_POLICY))

    assert match.misfits == misfits
    assert (match.amount, match.months) == (kes(amount), months)


def test_a_term_below_the_least_is_too_short() -> None:
    policy = replace(DEVELOPMENT_POLICY, instalments_least=6)

    [match] = matches(Wish(Purpose.FARM, kes(20_000), 3), FREE, offers(3, policy))

    assert (match.misfits, match.months) == ((Misfit.TOO_SHORT,), 6)


def test_a_member_who_may_not_borrow_is_told_the_rule() -> None:
    late = replace(FREE, loans=(LATE,))

    [match] = matches(Wish(Purpose.FARM, kes(20_000), 10), late, offers(10, DEVELOPMENT_POLICY))

    assert match.misfits == (Misfit.NOT_ELIGIBLE,)
    assert (match.limit.binding.rule, match.amount) == (LimitRule.ARREARS, kes(0))
