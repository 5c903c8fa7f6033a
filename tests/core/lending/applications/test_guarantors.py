"""Do guarantors bind their deposits by their own word, once, and are they free again when they should be?"""

import pytest

from core.errors import (
    ApplicationNotOpen,
    GuaranteeAboveFreeDeposits,
    GuaranteeNotOpen,
    GuarantorAskedAlready,
    GuarantorIsBorrower,
    MemberNotActive,
    UnknownApplication,
    UnknownSavingsAccount,
)
from core.lending import guarantee_store
from core.lending.applications import opening
from core.lending.applications.answer_guarantee import (
    decline_guarantee,
    expire_guarantees,
    substitute_guarantor,
)
from core.lending.applications.ask_guarantor import withdraw_request
from core.lending.applications.model import Application
from core.lending.guarantees import Guarantee, GuaranteeState
from imarisha.institution import AMINA, HASSAN, MWANGI, NJERI, OTIENO
from tests.core.lending.applications.desk import Desk, kes


async def states(desk: Desk, application: Application) -> list[GuaranteeState]:
    async with desk.database.reading() as session:
        found = await guarantee_store.of_subject(session, application.application_id)
    return sorted(guarantee.state for guarantee in found)


async def test_a_part_is_enough_and_is_held_until_it_is_over(desk: Desk) -> None:
    application = await desk.apply(kes(60_000))
    asked = await desk.request(application, kes(40_000))
    assert await desk.held_on(MWANGI) == 0

    given = await desk.consent(asked, kes(25_000))

    assert (given.state, given.amount) == (GuaranteeState.ACCEPTED, kes(25_000))
    assert await desk.held_on(MWANGI) == 25_000_00
    assert await desk.told(MWANGI) == ["guarantee_asked"]
    assert await desk.told(OTIENO) == ["guarantee_given", "loan_applied"]
    async with desk.database.reading() as session:
        behind = await opening.security(session, application, now=desk.now)
        row = await session.row("SELECT facts FROM notice WHERE kind = 'guarantee_given'")
    assert (behind.own, behind.guaranteed, behind.missing) == (kes(27_000), kes(25_000), kes(8_000))
    assert row is not None
    assert '"needed": "8,000.00"' in row["facts"]


async def test_a_guarantee_is_answered_once_and_by_its_guarantor(desk: Desk) -> None:
    asked = await desk.request(await desk.apply(kes(60_000)), kes(40_000))
    by_another = Guarantee(
        asked.guarantee_id,
        asked.subject,
        asked.borrower_id,
        await desk.member(AMINA),
        asked.asked,
        asked.amount,
        asked.state,
        asked.requested_at,
        asked.expires_at,
    )

    with pytest.raises(GuaranteeNotOpen):
        await desk.consent(by_another)
    await desk.consent(asked)
    with pytest.raises(GuaranteeNotOpen):
        await desk.consent(asked)

    assert await desk.held_on(MWANGI) == 40_000_00


async def test_nobody_guarantees_more_than_their_free_deposits(desk: Desk) -> None:
    asked = await desk.request(await desk.apply(kes(90_000)), kes(80_000))

    with pytest.raises(GuaranteeAboveFreeDeposits):
        await desk.consent(asked, kes(78_001))

    assert await desk.held_on(MWANGI) == 0


async def test_who_may_not_guarantee_is_not_asked(desk: Desk) -> None:
    application = await desk.apply(kes(60_000))
    njeri = await desk.member(NJERI)
    async with desk.database.unit_of_work() as session:
        await session.execute("UPDATE member SET status = 'dormant' WHERE id = $1", njeri)
    await desk.request(application, kes(10_000))

    with pytest.raises(MemberNotActive):
        await desk.request(application, kes(1_000), person=NJERI)
    with pytest.raises(GuarantorIsBorrower):
        await desk.request(application, kes(1_000), person=OTIENO)
    with pytest.raises(GuarantorAskedAlready):
        await desk.request(application, kes(1_000))
    assert await desk.told(NJERI) == []


async def test_a_guarantor_without_deposits_has_nothing_to_hold(desk: Desk) -> None:
    asked = await desk.request(await desk.apply(kes(60_000)), kes(1_000), person=HASSAN)
    async with desk.database.unit_of_work() as session:
        await session.execute(
            """UPDATE savings_account SET status = 'closed', closed_on = '2026-03-11'
                WHERE member_id = $1 AND product = 'deposits'""",
            await desk.member(HASSAN),
        )

    with pytest.raises(UnknownSavingsAccount):
        await desk.consent(asked)


async def test_a_no_is_told_to_the_borrower(desk: Desk) -> None:
    application = await desk.apply(kes(60_000))
    asked = await desk.request(application, kes(40_000))

    async with desk.database.unit_of_work() as session:
        await decline_guarantee(
            session,
            desk.ids,
            guarantee_id=asked.guarantee_id,
            guarantor_id=asked.guarantor_id,
            by=asked.guarantor_id,
            now=desk.now,
        )

    assert await states(desk, application) == [GuaranteeState.DECLINED]
    assert await desk.told(OTIENO) == ["guarantee_declined", "loan_applied"]
    with pytest.raises(GuaranteeNotOpen):
        await desk.consent(asked)


async def test_silence_is_told_to_the_borrower_once(desk: Desk) -> None:
    application = await desk.apply(kes(60_000))
    asked = await desk.request(application, kes(40_000))
    too_late = desk.later(hours=72)

    async def expire(at: Desk) -> int:
        async with desk.database.unit_of_work() as session:
            return await expire_guarantees(session, desk.ids, now=at.now)

    assert await expire(desk.later(hours=71)) == 0
    with pytest.raises(GuaranteeNotOpen):
        await too_late.consent(asked)
    assert [await expire(too_late), await expire(too_late)] == [1, 0]
    assert await states(desk, application) == [GuaranteeState.EXPIRED]
    assert await desk.told(OTIENO) == ["guarantee_expired", "loan_applied"]


async def test_a_successor_frees_who_stood_before_and_the_old_row_stays(desk: Desk) -> None:
    application = await desk.apply(kes(60_000))
    old = await desk.consent(await desk.request(application, kes(10_000)))
    successor = await desk.consent(await desk.request(application, kes(10_000), person=HASSAN))

    async with desk.database.unit_of_work() as session:
        replaced = await substitute_guarantor(
            session,
            desk.ids,
            application_id=application.application_id,
            guarantee_id=old.guarantee_id,
            successor_id=successor.guarantee_id,
            by=application.member_id,
            now=desk.now,
        )

    assert replaced.substituted_by == successor.guarantee_id
    assert await states(desk, application) == [GuaranteeState.ACCEPTED, GuaranteeState.SUBSTITUTED]
    assert (await desk.held_on(MWANGI), await desk.held_on(HASSAN)) == (0, 10_000_00)
    assert await desk.told(MWANGI) == ["guarantee_asked", "guarantee_ended"]
    with pytest.raises(GuaranteeNotOpen):
        async with desk.database.unit_of_work() as session:
            await substitute_guarantor(
                session,
                desk.ids,
                application_id=application.application_id,
                guarantee_id="gua_nobody",
                successor_id=successor.guarantee_id,
                by=application.member_id,
                now=desk.now,
            )


async def test_the_borrower_takes_a_request_or_a_guarantee_back(desk: Desk) -> None:
    application = await desk.apply(kes(60_000))
    given = await desk.consent(await desk.request(application, kes(10_000)))

    async def withdraw(guarantee_id: str, application_id: str = application.application_id) -> None:
        async with desk.database.unit_of_work() as session:
            await withdraw_request(
                session,
                desk.ids,
                application_id=application_id,
                guarantee_id=guarantee_id,
                by=application.member_id,
                now=desk.now,
            )

    with pytest.raises(UnknownApplication):
        await withdraw(given.guarantee_id, "app_nothing")
    with pytest.raises(GuaranteeNotOpen):
        await withdraw("gua_nothing")
    await withdraw(given.guarantee_id)
    assert await desk.held_on(MWANGI) == 0
    assert await states(desk, application) == [GuaranteeState.WITHDRAWN]


async def test_a_decided_application_takes_no_guarantors_any_more(desk: Desk) -> None:
    application = await desk.apply(kes(60_000))
    await desk.appraise(application)
    await desk.vote(application, is_for=False)

    with pytest.raises(ApplicationNotOpen):
        await desk.request(application, kes(10_000))
    with pytest.raises(GuaranteeNotOpen):
        await desk.consent(
            Guarantee(
                "gua_nothing",
                application.application_id,
                application.member_id,
                await desk.member(MWANGI),
                kes(1),
                kes(0),
                GuaranteeState.REQUESTED,
                desk.now,
                desk.now,
            )
        )
