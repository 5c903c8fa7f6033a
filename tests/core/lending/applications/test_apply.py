"""Is a wish held against the member's limit, written down once, and taken back or left to lapse cleanly?"""

import pytest

from core.day_close import Closing, begin_books, close_day
from core.errors import (
    ApplicationAlreadyOpen,
    ApplicationNotOpen,
    LoanAboveLimit,
    LoanBelowLeast,
    LoanTermNotOffered,
    MemberNotActive,
    PurposeNotLentFor,
    UnknownApplication,
    UnknownLoanProduct,
)
from core.lending.applications import limits, store
from core.lending.applications.answer_guarantee import decline_guarantee
from core.lending.applications.leave_off import expire_applications, withdraw_application
from core.lending.applications.model import APPLICATION_LIFE, ApplicationState
from core.lending.eligibility import LimitRule
from core.lending.matching import Wish
from core.lending.policies import Purpose
from imarisha.institution import AMINA, CHEBET, HASSAN, MWANGI, NJERI, OTIENO
from tests.core.lending.applications.desk import Desk, kes


async def test_an_application_within_the_limit_is_written_down_and_confirmed(desk: Desk) -> None:
    made = await desk.apply(kes(60_000))

    async with desk.database.reading() as session:
        stored = await store.find(session, made.application_id)
        shown = await store.limit_as_shown(session, made.application_id)
    assert stored == made
    assert (made.state, made.number[:3], made.amount) == (ApplicationState.APPLIED, "LA-", kes(60_000))
    assert '"multiplier"' in shown
    assert await desk.told(OTIENO) == ["loan_applied"]


async def test_the_same_application_twice_is_one(desk: Desk) -> None:
    first = await desk.apply(kes(60_000), application_id="app_1")
    again = await desk.apply(kes(60_000), application_id="app_1")

    assert again == first
    assert await desk.told(OTIENO) == ["loan_applied"]


async def test_above_the_limit_the_refusal_names_the_rule_and_its_number(desk: Desk) -> None:
    with pytest.raises(LoanAboveLimit) as refused:
        await desk.apply(kes(90_001))

    assert (refused.value.rule, refused.value.number) == (LimitRule.MULTIPLIER, "3")
    assert (refused.value.limit_minor, refused.value.asked_minor) == (90_000_00, 90_001_00)
    assert (await desk.apply(kes(90_000))).asked == kes(90_000)


async def test_a_late_borrower_hears_how_late(desk: Desk) -> None:
    with pytest.raises(LoanAboveLimit) as refused:
        await desk.apply(kes(5_000), person=CHEBET)

    assert refused.value.limit_minor == 0
    assert refused.value.rule in {LimitRule.BAD_LOAN, LimitRule.ARREARS}


async def test_what_a_product_does_not_offer_is_refused(desk: Desk) -> None:
    with pytest.raises(LoanTermNotOffered) as too_long:
        await desk.apply(kes(60_000), instalments=49)
    assert (too_long.value.least, too_long.value.most) == (1, 48)
    with pytest.raises(PurposeNotLentFor):
        await desk.apply(kes(60_000), purpose=Purpose.EMERGENCY)
    with pytest.raises(LoanBelowLeast):
        await desk.apply(kes(4_999))
    with pytest.raises(UnknownLoanProduct):
        await desk.apply(kes(60_000), product="mortgage")
    assert await desk.told(OTIENO) == []


async def test_one_application_for_a_product_at_a_time(desk: Desk) -> None:
    await desk.apply(kes(60_000))

    with pytest.raises(ApplicationAlreadyOpen):
        await desk.apply(kes(10_000))

    other = await desk.apply(kes(10_000), product="emergency", purpose=Purpose.MEDICAL)
    assert other.state is ApplicationState.APPLIED


async def test_who_is_not_an_active_member_does_not_apply(desk: Desk) -> None:
    member_id = await desk.member(NJERI)
    async with desk.database.unit_of_work() as session:
        await session.execute("UPDATE member SET status = 'blocked' WHERE id = $1", member_id)

    with pytest.raises(MemberNotActive):
        await desk.apply(kes(10_000), person=NJERI)


async def test_withdrawing_frees_guarantors_and_is_done_once(desk: Desk) -> None:
    application = await desk.apply(kes(60_000))
    await desk.consent(await desk.request(application, kes(30_000)))
    asked = await desk.request(application, kes(5_000), person=AMINA)
    declined = await desk.request(application, kes(5_000), person=HASSAN)
    async with desk.database.unit_of_work() as session:
        await decline_guarantee(
            session,
            desk.ids,
            guarantee_id=declined.guarantee_id,
            guarantor_id=declined.guarantor_id,
            by=declined.guarantor_id,
            now=desk.now,
        )
    assert await desk.held_on(MWANGI) == 30_000_00

    async def withdraw() -> ApplicationState:
        async with desk.database.unit_of_work() as session:
            ended = await withdraw_application(
                session,
                desk.ids,
                application_id=application.application_id,
                by=application.member_id,
                member_id=application.member_id,
                now=desk.now,
            )
        return ended.state

    assert [await withdraw(), await withdraw()] == [ApplicationState.WITHDRAWN] * 2
    assert await desk.held_on(MWANGI) == 0
    assert await desk.told(MWANGI) == ["guarantee_asked", "guarantee_ended"]
    with pytest.raises(ApplicationNotOpen):
        await desk.consent(asked)
    assert (await desk.apply(kes(60_000))).is_open


async def test_nobody_withdraws_another_s_application(desk: Desk) -> None:
    application = await desk.apply(kes(60_000))

    with pytest.raises(UnknownApplication):
        async with desk.database.unit_of_work() as session:
            await withdraw_application(
                session,
                desk.ids,
                application_id=application.application_id,
                by="mbr_else",
                member_id="mbr_else",
                now=desk.now,
            )


async def test_an_application_lapses_after_its_time_and_frees_guarantors(desk: Desk) -> None:
    application = await desk.apply(kes(60_000))
    await desk.consent(await desk.request(application, kes(30_000)))
    last_moment = desk.later(seconds=APPLICATION_LIFE.total_seconds() - 1)
    over = desk.later(seconds=APPLICATION_LIFE.total_seconds())

    async def expire(at: Desk) -> int:
        async with desk.database.unit_of_work() as session:
            return await expire_applications(session, desk.ids, now=at.now)

    assert await expire(last_moment) == 0
    with pytest.raises(ApplicationNotOpen):
        await over.appraise(application)
    assert [await expire(over), await expire(over)] == [1, 0]
    assert await desk.held_on(MWANGI) == 0
    assert await desk.told(OTIENO) == ["guarantee_given", "loan_application_lapsed", "loan_applied"]


async def test_the_end_of_a_day_lets_requests_and_applications_lapse(desk: Desk) -> None:
    application = await desk.apply(kes(60_000))
    await desk.request(application, kes(30_000))
    day = desk.now.date() + APPLICATION_LIFE
    async with desk.database.unit_of_work() as session:
        await begin_books(session, day, at=desk.now)
    closing = Closing(desk.database, desk.later(days=APPLICATION_LIFE.days + 2).clock, desk.ids)

    await close_day(closing, on=day)

    async with desk.database.reading() as session:
        stored = await store.find(session, application.application_id)
    assert stored is not None
    assert stored.state is ApplicationState.EXPIRED
    told = await desk.told(OTIENO)
    assert {"guarantee_expired", "loan_application_lapsed"} <= set(told)


async def test_the_limit_and_the_products_for_a_wish_are_answered_without_applying(desk: Desk) -> None:
    member_id = await desk.member(OTIENO)
    async with desk.database.reading() as session:
        limit = await limits.loan_limit(session, member_id, "development", instalments=12, on=desk.now.date())
        matches = await limits.matching_products(
            session, member_id, Wish(Purpose.SCHOOL_FEES, kes(20_000), 6), on=desk.now.date()
        )

    assert (limit.amount, limit.binding.rule) == (kes(90_000), LimitRule.MULTIPLIER)
    assert [match.product for match in matches if match.fits] == ["emergency", "development"]
    async with desk.database.reading() as session:
        with pytest.raises(UnknownLoanProduct):
            await limits.loan_limit(session, member_id, "mortgage", instalments=12, on=desk.now.date())
