"""Do borrower and guarantor each see how a request stands, and nobody else's?"""

import pytest

from core.errors import GuaranteeNotOpen, UnknownApplication
from core.lending.applications.ask_guarantor import request_guarantee
from core.lending.applications.guarantor_view import guarantees_given, request_to, requests_to
from core.lending.applications.leave_off import withdraw_application
from core.lending.applications.standing import application_standing, applications_of
from core.lending.guarantees import GuaranteeState
from imarisha.institution import AMINA, MWANGI, OTIENO
from tests.core.lending.applications.desk import Desk, kes


async def test_an_open_application_says_what_it_lacks_and_who_was_asked(desk: Desk) -> None:
    application = await desk.apply(kes(60_000))
    await desk.consent(await desk.request(application, kes(20_000)), kes(15_000))
    await desk.request(application, kes(5_000), person=AMINA)

    async with desk.database.reading() as session:
        standing = await application_standing(
            session, application.application_id, member_id=application.member_id, now=desk.now
        )

    assert (standing.missing, standing.guarantors_missing) == (kes(18_000), 2)
    assert {(each.name, each.guarantee.state) for each in standing.asked} == {
        ("Mwangi M", GuaranteeState.ACCEPTED),
        ("Amina W", GuaranteeState.REQUESTED),
    }


async def test_an_application_that_is_over_lacks_nothing(desk: Desk) -> None:
    application = await desk.apply(kes(60_000))
    async with desk.database.unit_of_work() as session:
        await withdraw_application(
            session,
            desk.ids,
            application_id=application.application_id,
            by=application.member_id,
            now=desk.now,
        )

    async with desk.database.reading() as session:
        standing = await application_standing(
            session, application.application_id, member_id=application.member_id, now=desk.now
        )
        listed = await applications_of(session, application.member_id)

    assert (standing.missing, standing.guarantors_missing) == (kes(0), 0)
    assert [each.state for each in listed] == ["withdrawn"]


async def test_another_member_s_application_is_unknown(desk: Desk) -> None:
    application = await desk.apply(kes(60_000))
    other = await desk.member(MWANGI)

    async with desk.database.reading() as session:
        with pytest.raises(UnknownApplication):
            await application_standing(session, application.application_id, member_id=other, now=desk.now)


async def test_a_guarantor_sees_the_question_with_what_their_deposits_allow(desk: Desk) -> None:
    application = await desk.apply(kes(60_000))
    asked = await desk.request(application, kes(20_000))
    guarantor = await desk.member(MWANGI)

    async with desk.database.reading() as session:
        [request] = await requests_to(session, guarantor, now=desk.now)
        again = await request_to(session, asked.guarantee_id, guarantor_id=guarantor, now=desk.now)

    assert request == again
    assert (request.borrower, request.product, request.free) == ("Otieno O", "development", kes(78_000))


async def test_an_answered_question_is_a_guarantee_given(desk: Desk) -> None:
    application = await desk.apply(kes(60_000))
    asked = await desk.request(application, kes(20_000))
    await desk.consent(asked, kes(15_000))
    guarantor = await desk.member(MWANGI)

    async with desk.database.reading() as session:
        waiting = await requests_to(session, guarantor, now=desk.now)
        given = await guarantees_given(session, guarantor)
        with pytest.raises(GuaranteeNotOpen):
            await request_to(session, asked.guarantee_id, guarantor_id=guarantor, now=desk.now)

    assert waiting == ()
    assert [(each.borrower, each.bound) for each in given] == [("Otieno O", kes(15_000))]


async def test_a_request_repeated_by_its_id_asks_once(desk: Desk) -> None:
    application = await desk.apply(kes(60_000))
    asked = await desk.request(application, kes(20_000))

    async with desk.database.unit_of_work() as session:
        again = await request_guarantee(
            session,
            desk.ids,
            guarantee_id=asked.guarantee_id,
            application_id=application.application_id,
            guarantor_id=asked.guarantor_id,
            amount=kes(20_000),
            by=application.member_id,
            now=desk.now,
        )

    assert again == asked
    assert await desk.told(MWANGI) == ["guarantee_asked"]
    assert await desk.told(OTIENO) == ["loan_applied"]
