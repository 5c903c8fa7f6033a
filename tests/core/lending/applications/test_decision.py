"""Is a loan appraised by one and decided by others, along the route, and paid out only on accepted, secured terms?"""

from dataclasses import replace

import asyncpg
import pytest

from core.errors import (
    AmountNotPositive,
    ApplicationNotOpen,
    CollateralTaken,
    DisclosureChanged,
    LoanAboveLimit,
    LoanTermNotOffered,
    NotFullySecured,
    SomebodyElseDecides,
    UnknownApplication,
    UnknownCollateral,
    VotedAlready,
)
from core.lending import guarantee_store
from core.lending.applications import collateral_store, store
from core.lending.applications.appraise import appraise
from core.lending.applications.disburse_application import disburse_application, ready_for_disbursement
from core.lending.applications.give_collateral import (
    give_collateral,
    release_collateral,
    revalue_collateral,
)
from core.lending.applications.model import Application, ApplicationState
from core.lending.applications.security import Collateral, CollateralKind, CollateralState
from core.lending.eligibility import LimitRule, Pay
from core.lending.guarantees import GuaranteeState
from core.lending.lifecycle import LoanStatus, PaidTo
from core.lending.products import DEVELOPMENT
from core.lending.running import Running
from core.money import Money
from core.staff.permissions import Role
from imarisha.institution import HASSAN, MWANGI, OTIENO
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


async def give(
    desk: Desk, application: Application, worth: Money, *, reference: str = "kda 123a"
) -> Collateral:
    async with desk.database.unit_of_work() as session:
        return await give_collateral(
            session,
            collateral_id=desk.ids.new("col"),
            application_id=application.application_id,
            kind=CollateralKind.VEHICLE,
            description="Toyota Probox 2014",
            reference=reference,
            worth=worth,
            by=OFFICER.staff_id,
            now=desk.now,
        )


async def ready(desk: Desk, application: Application) -> Application:
    async with desk.database.unit_of_work() as session:
        return await ready_for_disbursement(session, application.application_id, now=desk.now)


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


async def test_only_accepted_and_fully_secured_loans_are_paid_out(desk: Desk) -> None:
    approved = await desk.approved(kes(60_000))
    with pytest.raises(ApplicationNotOpen):
        await ready(desk, approved)
    await desk.accept(approved)

    with pytest.raises(NotFullySecured) as lacking:
        await ready(desk, approved)
    await give(desk, approved, kes(66_000))

    assert (lacking.value.missing_minor, lacking.value.guarantors_missing) == (33_000_00, 3)
    assert (await ready(desk, approved)).amount == kes(60_000)


async def test_within_own_deposits_nothing_else_is_needed(desk: Desk) -> None:
    accepted = await desk.accept(await desk.approved(kes(27_000)))

    assert (await ready(desk, accepted)).state is ApplicationState.ACCEPTED


async def test_what_was_given_for_the_application_stands_for_its_loan(desk: Desk) -> None:
    application = await desk.apply(kes(27_000))
    given = await desk.consent(await desk.request(application, kes(5_000)))
    await desk.request(application, kes(5_000), person=HASSAN)
    thing = await give(desk, application, kes(10_000))
    await desk.appraise(application)
    await desk.accept(await desk.vote(application))

    running = await pay_out(desk, application)

    loan_id = running.loan.loan_id
    assert (running.loan.principal, running.loan.status) == (kes(27_000), LoanStatus.ACTIVE)
    async with desk.database.reading() as session:
        guarantees = await guarantee_store.of_subject(session, loan_id)
        things = await collateral_store.of_subject(session, loan_id)
        disbursed = await store.find(session, application.application_id)
    assert disbursed is not None
    assert (disbursed.state, disbursed.loan_id) == (ApplicationState.DISBURSED, loan_id)
    assert {(each.guarantor_id == given.guarantor_id, each.state) for each in guarantees} == {
        (True, GuaranteeState.ACCEPTED),
        (False, GuaranteeState.WITHDRAWN),
    }
    assert [each.collateral_id for each in things] == [thing.collateral_id]
    assert await desk.held_on(MWANGI) == 5_000_00
    assert (await pay_out(desk, application)).loan == running.loan
    with pytest.raises(ApplicationNotOpen):
        await pay_out(desk, application, loan_id="lon_second")


async def test_who_appraised_does_not_pay_out_and_nothing_is_paid_before_its_time(desk: Desk) -> None:
    approved = await desk.approved(kes(27_000))
    with pytest.raises(ApplicationNotOpen):
        await pay_out(desk, approved)
    await desk.accept(approved)

    with pytest.raises(SomebodyElseDecides):
        await pay_out(desk, approved, by=OFFICER.staff_id)
    with pytest.raises(UnknownApplication):
        await pay_out(desk, replace(approved, application_id="app_nothing"))

    async with desk.database.reading() as session:
        assert await session.row("SELECT 1 FROM loan WHERE member_id = $1", approved.member_id) is None


async def pay_out(
    desk: Desk, application: Application, *, loan_id: str = "lon_1", by: str = ADMIN.staff_id
) -> Running:
    async with desk.database.unit_of_work() as session:
        return await disburse_application(
            session,
            desk.ids,
            application_id=application.application_id,
            loan_id=loan_id,
            paid_to=PaidTo.SAVINGS,
            disburser=None,
            by=by,
            now=desk.now,
        )


async def test_collateral_is_valued_counted_in_part_and_given_back(desk: Desk) -> None:
    application = await desk.apply(kes(60_000))
    other = await desk.apply(kes(10_000), person=MWANGI)
    thing = await give(desk, application, kes(100_000))
    assert (thing.reference, thing.secures) == ("KDA 123A", kes(50_000))
    with pytest.raises(CollateralTaken):
        await give(desk, other, kes(100_000), reference="KDA 123A ")
    with pytest.raises(AmountNotPositive):
        await give(desk, other, kes(0), reference="KDB 1")

    async with desk.database.unit_of_work() as session:
        revalued = await revalue_collateral(
            session,
            collateral_id=thing.collateral_id,
            worth=kes(80_000),
            by=OFFICER.staff_id,
            now=desk.now,
        )
    assert revalued.secures == kes(40_000)

    async def release(application_id: str) -> None:
        async with desk.database.unit_of_work() as session:
            await release_collateral(
                session,
                application_id=application_id,
                collateral_id=thing.collateral_id,
                by=OFFICER.staff_id,
                now=desk.now,
            )

    with pytest.raises(UnknownCollateral):
        await release(other.application_id)
    await release(application.application_id)
    with pytest.raises(UnknownCollateral):
        await release(application.application_id)
    async with desk.database.reading() as reading:
        [released] = await collateral_store.of_subject(reading, application.application_id)
    assert (released.state, released.secures) == (CollateralState.RELEASED, kes(0))
    assert (await give(desk, other, kes(100_000))).state is CollateralState.HELD
