"""Does what a member asks of a person reach the list once, and leave it once?"""

from core.errors import UnknownMember, UnknownMemberRequest
from core.membership import requests, store
from core.membership.held_data import held_data
from core.membership.model import MemberRequest, RequestKind
from imarisha.institution import AMINA
from tests.core.membership.counter import Counter, refused


async def ask(counter: Counter, kind: RequestKind = RequestKind.CALL_BACK, words: str = "") -> bool:
    return await requests.ask_staff(
        counter.database,
        counter.clock,
        counter.ids,
        member_id=counter.member_id,
        kind=kind,
        words=words,
    )


async def waiting(counter: Counter) -> list[MemberRequest]:
    async with counter.database.reading() as session:
        return await store.waiting_requests(session, after="", most=10)


async def answer(counter: Counter, request_id: str, words: str) -> MemberRequest:
    async with counter.database.unit_of_work() as session:
        return await requests.answer_request(
            session, counter.clock.now(), request_id=request_id, by="stf_1", answer=words
        )


async def test_a_request_waits_once_until_it_is_answered(amina: Counter) -> None:
    assert await ask(amina)
    assert not await ask(amina)
    assert await ask(amina, RequestKind.CORRECT_DATA, "My name")

    first, second = await waiting(amina)

    assert {first.kind, second.kind} == {RequestKind.CALL_BACK, RequestKind.CORRECT_DATA}
    await answer(amina, first.request_id, "called")
    assert [each.request_id for each in await waiting(amina)] == [second.request_id]
    assert await amina.audited("member.request_answered") == 1


async def test_a_later_answer_changes_nothing_and_the_member_may_ask_again(amina: Counter) -> None:
    await ask(amina)
    [request] = await waiting(amina)
    await answer(amina, request.request_id, "called")

    again = await answer(amina, request.request_id, "somebody else called")

    assert again.answer == "called"
    assert await ask(amina)


async def test_an_unknown_request_is_refused(amina: Counter) -> None:
    await refused(UnknownMemberRequest, answer(amina, "ask_none", "called"))


async def test_a_member_reads_what_is_held_with_the_national_id_masked(
    amina: Counter, njeri: Counter
) -> None:
    async with amina.database.reading() as session:
        hers = await held_data(session, amina.office.sealer, member_id=amina.member_id)
        without = await held_data(session, amina.office.sealer, member_id=njeri.member_id)
        await refused(UnknownMember, held_data(session, amina.office.sealer, member_id="mbr_none"))

    assert (hers.number, hers.birth_date, hers.consented_on) == ("M00001", AMINA.birth_date, None)
    assert (hers.national_id_masked, without.national_id_masked) == ("*****357", "")
