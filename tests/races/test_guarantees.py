"""Two at once: deposits are bound once, a vote counts once, a loan is paid out once."""

import asyncio

import pytest

from core.db.engine import Database
from core.errors import ApplicationNotOpen, GuaranteeAboveFreeDeposits, Refusal
from core.lending.applications.disburse_application import disburse_application
from core.lending.lifecycle import PaidTo
from core.lending.policies import Purpose
from imarisha.institution import MWANGI, OTIENO
from tests.clock import StoppedClock
from tests.core.lending.applications.desk import ADMIN, MANAGER, Desk, kes


@pytest.fixture
def desk(founded_database: Database, clock: StoppedClock) -> Desk:
    return Desk.of(founded_database, clock)


async def test_two_guarantees_at_once_bind_no_more_than_there_is(desk: Desk) -> None:
    normal = await desk.apply(kes(60_000))
    emergency = await desk.apply(kes(30_000), product="emergency", purpose=Purpose.MEDICAL)
    asked = [await desk.request(each, kes(50_000)) for each in (normal, emergency)]

    answers = await asyncio.gather(*(desk.consent(each) for each in asked), return_exceptions=True)

    refused = [answer for answer in answers if isinstance(answer, BaseException)]
    assert [type(answer) for answer in refused] == [GuaranteeAboveFreeDeposits]
    assert await desk.held_on(MWANGI) == 50_000_00


async def test_two_votes_at_once_approve_once(desk: Desk) -> None:
    application = await desk.appraise(await desk.apply(kes(60_000)))

    answers = await asyncio.gather(
        desk.vote(application, MANAGER), desk.vote(application, ADMIN), return_exceptions=True
    )

    assert [type(answer) for answer in answers if isinstance(answer, Refusal)] == [ApplicationNotOpen]
    assert (await desk.told(OTIENO)).count("loan_approved") == 1


async def test_two_who_pay_out_at_once_make_one_loan(desk: Desk) -> None:
    accepted = await desk.accept(await desk.approved(kes(27_000)))

    async def pay_out(loan_id: str) -> str:
        async with desk.database.unit_of_work() as session:
            running = await disburse_application(
                session,
                desk.ids,
                application_id=accepted.application_id,
                loan_id=loan_id,
                paid_to=PaidTo.SAVINGS,
                disburser=None,
                by=ADMIN.staff_id,
                now=desk.now,
            )
        return running.loan.loan_id

    answers = await asyncio.gather(pay_out("lon_1"), pay_out("lon_2"), return_exceptions=True)

    assert [type(answer) for answer in answers if isinstance(answer, Refusal)] == [ApplicationNotOpen]
    async with desk.database.reading() as session:
        rows = await session.rows("SELECT id FROM loan WHERE member_id = $1", accepted.member_id)
    assert len(rows) == 1
