"""Is a loan paid out once, only on accepted and secured terms, and does what secures it stand for the loan?"""

from dataclasses import replace

import pytest

from core.errors import (
    AmountNotPositive,
    ApplicationNotOpen,
    CollateralTaken,
    NotFullySecured,
    SomebodyElseDecides,
    UnknownApplication,
    UnknownCollateral,
)
from core.lending import guarantee_store
from core.lending.applications import collateral_store, store
from core.lending.applications.disburse_application import disburse_application, ready_for_disbursement
from core.lending.applications.give_collateral import (
    give_collateral,
    release_collateral,
    revalue_collateral,
)
from core.lending.applications.model import Application, ApplicationState
from core.lending.applications.security import Collateral, CollateralKind, CollateralState
from core.lending.guarantees import GuaranteeState
from core.lending.lifecycle import LoanStatus, PaidTo
from core.lending.running import Running
from core.money import Money
from imarisha.institution import HASSAN, MWANGI
from tests.core.lending.applications.desk import (
    ADMIN,
    OFFICER,
    Desk,
    kes,
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
