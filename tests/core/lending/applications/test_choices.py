"""Is a member shown the loans they may have, best first, and what one would cost?"""

from datetime import date

import pytest

from core.clock import business_date
from core.errors import LoanTermNotOffered, UnknownLoanProduct, UnknownMember
from core.lending.applications.choices import choice_of, choices_for, cost_shown
from core.lending.eligibility import LimitRule
from core.lending.policies import Purpose
from imarisha.institution import AMINA, MWANGI
from tests.core.lending.applications.desk import Desk, kes


async def test_only_products_for_the_purpose_are_offered(desk: Desk) -> None:
    member = await desk.member(MWANGI)

    async with desk.database.reading() as session:
        found = await choices_for(session, member, Purpose.BUSINESS, on=business_date(desk.now))

    assert [(choice.product, choice.limit.amount) for choice in found] == [("development", kes(234_000))]


async def test_the_special_loan_comes_before_the_general_one(desk: Desk) -> None:
    member = await desk.member(MWANGI)

    async with desk.database.reading() as session:
        found = await choices_for(session, member, None, on=business_date(desk.now))

    assert [choice.product for choice in found] == ["emergency", "development"]


async def test_a_loan_out_of_reach_names_the_rule(desk: Desk) -> None:
    member = await desk.member(AMINA)

    async with desk.database.reading() as session:
        choice = await choice_of(session, member, "development", on=business_date(desk.now))

    assert not choice.limit.may_borrow
    assert choice.limit.binding.rule is LimitRule.SAME_LOAN_OPEN


async def test_nobody_has_a_limit_on_an_unknown_product_or_as_a_stranger(desk: Desk) -> None:
    member = await desk.member(MWANGI)

    async with desk.database.reading() as session:
        with pytest.raises(UnknownLoanProduct):
            await choice_of(session, member, "yacht", on=business_date(desk.now))
        with pytest.raises(UnknownMember):
            await choices_for(session, "mbr_nobody", None, on=business_date(desk.now))


def test_the_cost_shown_is_that_of_the_schedule() -> None:
    figures = cost_shown("emergency", amount=kes(12_000), instalments=12, on=date(2026, 3, 11)).figures

    assert (figures.received, figures.instalment) == (kes(12_000), kes(1_120))
    assert figures.to_pay == kes(13_440)


def test_no_cost_is_shown_for_a_term_that_is_not_offered() -> None:
    with pytest.raises(LoanTermNotOffered):
        cost_shown("emergency", amount=kes(12_000), instalments=13, on=date(2026, 3, 11))
