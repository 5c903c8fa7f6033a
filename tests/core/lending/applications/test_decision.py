"""Is a loan appraised by one and decided by others, along the route, and are the terms accepted as they are?"""

from dataclasses import replace

import asyncpg
import pytest

from core.errors import (
    ApplicationNotOpen,
    DisclosureChanged,
    LoanAboveLimit,
    LoanTermNotOffered,
    SomebodyElseDecides,
    UnknownApplication,
    VotedAlready,
)
from core.lending.applications import store
from core.lending.applications.appraise import appraise
from core.lending.applications.model import Application, ApplicationState
from core.lending.eligibility import LimitRule, Pay
from core.lending.products import DEVELOPMENT
from core.staff.permissions import Role
from imarisha.institution import MWANGI, OTIENO
from tests.core.lending.applications.desk import (
    ADMIN,
    MANAGER,
    OFFICER,
    OTHER_OFFICER,
    PRINTED,
    Desk,
    colleague,
    kes,
    shown_of,
)


async def test_one_appraises_another_approves_and_the_terms_are_on_offer(desk: Desk) -> None:
    application = await desk.apply(kes(60_000))
    appraised = await desk.appraise(application, amount=kes(50_000))

    approved = await desk.vote(appraised)

    assert (appraised.state, appraised.offered) == (ApplicationState.APPRAISED, kes(50_000))
    assert approved.state is ApplicationState.APPROVED
    assert approved.terms is not None
    assert (approved.terms.principal, approved.terms.instalments) == (kes(50_000), 12)
    async with desk.database.reading() as session:
        assert await store.find(session, application.application_id) == approved
    assert await desk.told(OTIENO) == ["loan_applied", "loan_approved"]


async def test_who_appraised_or_wrote_it_down_does_not_decide(desk: Desk) -> None:
    counter = colleague("stf_counter", Role.LOAN_OFFICER, Role.ADMIN)
    application = await desk.apply(kes(20_000), by=counter.staff_id)

    with pytest.raises(SomebodyElseDecides) as wrote:
        await desk.appraise(application, by=counter)
    await desk.appraise(application)
    with pytest.raises(SomebodyElseDecides) as appraised:
        await desk.vote(application, OFFICER)
    with pytest.raises(SomebodyElseDecides) as voted:
        await desk.vote(application, counter)

    assert [each.value.because for each in (wrote, appraised, voted)] == [
        "wrote_it_down",
        "appraised_it",
        "wrote_it_down",
    ]
    assert (await desk.vote(application, OTHER_OFFICER)).state is ApplicationState.APPROVED


async def test_the_database_itself_refuses_the_appraiser_s_vote(desk: Desk) -> None:
    application = await desk.appraise(await desk.apply(kes(20_000)))

    with pytest.raises(asyncpg.CheckViolationError, match="voter_is_not_appraiser"):
        async with desk.database.unit_of_work() as session:
            await session.execute(
                "INSERT INTO loan_approval VALUES ($1, $2, $2, true, 'mine', now())",
                application.application_id,
                OFFICER.staff_id,
            )
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        async with desk.database.unit_of_work() as session:
            await session.execute(
                "INSERT INTO loan_approval VALUES ($1, $2, 'stf_else', true, 'mine', now())",
                application.application_id,
                OFFICER.staff_id,
            )


async def test_above_the_limit_of_a_role_somebody_else_decides(desk: Desk) -> None:
    application = await desk.appraise(await desk.apply(kes(50_001)))

    with pytest.raises(SomebodyElseDecides) as refused:
        await desk.vote(application, OTHER_OFFICER)

    assert refused.value.because == "above_their_limit"
    assert (await desk.vote(application, MANAGER)).state is ApplicationState.APPROVED


async def test_a_large_loan_needs_two_who_agree(desk: Desk) -> None:
    async with desk.database.unit_of_work() as session:
        await session.execute(
            """UPDATE ledger_account SET balance = 100000000 WHERE code = (SELECT ledger_code FROM savings_account
                WHERE member_id = $1 AND product = 'deposits')""",
            await desk.member(MWANGI),
        )
    application = await desk.appraise(await desk.apply(kes(600_000), person=MWANGI))

    first = await desk.vote(application, MANAGER)
    again = await desk.vote(application, MANAGER)
    with pytest.raises(VotedAlready):
        await desk.vote(application, MANAGER, is_for=False)
    against = await desk.vote(application, colleague("stf_critic", Role.MANAGER), is_for=False)
    second = await desk.vote(application, ADMIN)

    assert {first.state, again.state, against.state} == {ApplicationState.APPRAISED}
    assert second.state is ApplicationState.APPROVED
    async with desk.database.reading() as session:
        assert [each.is_for for each in await store.votes(session, application.application_id)].count(
            True
        ) == 2


async def test_a_no_ends_it_and_frees_guarantors(desk: Desk) -> None:
    application = await desk.apply(kes(60_000))
    await desk.consent(await desk.request(application, kes(10_000)))
    await desk.appraise(application)

    rejected = await desk.vote(application, is_for=False)
    again = await desk.vote(application, is_for=False)

    assert (rejected.state, rejected.reason) == (ApplicationState.REJECTED, "within the policy")
    assert again == rejected
    assert await desk.held_on(MWANGI) == 0
    assert "loan_rejected" in await desk.told(OTIENO)
    with pytest.raises(ApplicationNotOpen):
        await desk.vote(application, ADMIN)
    with pytest.raises(UnknownApplication):
        await desk.vote(replace(application, application_id="app_nothing"))


async def test_a_vote_comes_after_the_appraisal_and_ends_it(desk: Desk) -> None:
    application = await desk.apply(kes(60_000))
    with pytest.raises(ApplicationNotOpen):
        await desk.vote(application)
    await desk.appraise(application, amount=kes(10_000))
    second_look = await desk.appraise(application)
    assert second_look.offered == kes(60_000)

    await desk.vote(application)

    with pytest.raises(ApplicationNotOpen):
        await desk.appraise(application)


async def test_an_appraisal_is_not_repeated_once_somebody_voted(desk: Desk) -> None:
    application = await desk.apply(kes(60_000))
    await desk.appraise(application)
    async with desk.database.unit_of_work() as session:
        await session.execute(
            "INSERT INTO loan_approval VALUES ($1, 'stf_else', $2, true, 'fine', now())",
            application.application_id,
            OFFICER.staff_id,
        )

    with pytest.raises(VotedAlready):
        await desk.appraise(application)


async def test_the_payslip_seen_at_the_appraisal_counts(desk: Desk) -> None:
    application = await desk.apply(kes(60_000))

    async def look(pay: Pay, instalments: int = 12) -> Application:
        async with desk.database.unit_of_work() as session:
            return await appraise(
                session,
                application_id=application.application_id,
                amount=kes(60_000),
                instalments=instalments,
                pay=pay,
                finding="Payslip of February seen.",
                by=OFFICER.staff_id,
                now=desk.now,
            )

    with pytest.raises(LoanAboveLimit) as refused:
        await look(Pay(kes(30_000), kes(17_000)))
    assert (refused.value.rule, refused.value.number) == (LimitRule.TAKE_HOME, "1/3")
    with pytest.raises(LoanTermNotOffered):
        await look(Pay(kes(30_000), kes(0)), instalments=60)
    seen = await look(Pay(kes(30_000), kes(5_000)))
    assert seen.pay == Pay(kes(30_000), kes(5_000))


async def test_a_limit_that_shrank_stops_the_approval(desk: Desk) -> None:
    application = await desk.appraise(await desk.apply(kes(90_000)))
    async with desk.database.unit_of_work() as session:
        await session.execute(
            """UPDATE ledger_account SET balance = 2900000 WHERE code = (SELECT ledger_code FROM savings_account
                WHERE member_id = $1 AND product = 'deposits')""",
            application.member_id,
        )

    with pytest.raises(LoanAboveLimit):
        await desk.vote(application)

    async with desk.database.reading() as session:
        assert await store.votes(session, application.application_id) == []


async def test_what_the_member_accepted_is_kept_word_for_word(desk: Desk) -> None:
    approved = await desk.approved(kes(20_000))

    accepted = await desk.accept(approved)
    again = await desk.accept(approved)

    assert accepted == again
    assert accepted.accepted is not None
    assert (accepted.accepted.text, accepted.accepted.language) == (PRINTED, "sw")
    assert accepted.accepted.figures.apr == "12.00"
    async with desk.database.reading() as session:
        assert await store.find(session, approved.application_id) == accepted


async def test_other_figures_than_those_on_offer_are_not_accepted(desk: Desk) -> None:
    applied = await desk.apply(kes(20_000))
    with pytest.raises(UnknownApplication):
        await desk.accept(
            replace(applied, application_id="app_nothing"),
            shown=shown_of(replace(await _as_approved(desk, applied)), desk.now),
        )
    approved = await desk.vote(applied)
    honest = shown_of(approved, desk.now)

    with pytest.raises(DisclosureChanged):
        await desk.accept(
            approved, shown=replace(honest, figures=replace(honest.figures, to_pay=kes(20_001)))
        )

    assert (await desk.accept(approved, shown=honest)).state is ApplicationState.ACCEPTED


async def _as_approved(desk: Desk, applied: Application) -> Application:
    """The application as it would stand once approved; only the appraisal is stored."""
    appraised = await desk.appraise(applied)
    return replace(appraised, terms=DEVELOPMENT.terms(principal=applied.asked, instalments=12))
