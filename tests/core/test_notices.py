"""Is a member told once, whatever becomes of the worker that tells, or of the provider?"""

import asyncio
from collections.abc import Mapping

import pytest

from core.db.engine import Database
from core.ids import RandomIds
from core.members import service as members
from core.members.model import Member
from core.notices import service
from core.notices.model import NoticeKind
from core.notices.ports import Delivery, Messenger, SendReply
from core.phone import Msisdn
from imarisha.institution import AMINA
from tests.clock import StoppedClock

FACTS = {"amount": "1,000.00", "balance": "72,000.00", "receipt": "UKK4DEMO01", "product": "development"}


class Postman(Messenger):
    """Carries messages to nowhere and remembers them; says what it was told to say."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.replies: list[SendReply] = []
        self.dies = False

    async def send(self, phone: Msisdn, text: str) -> SendReply:
        self.sent.append((phone.e164, text))
        if self.dies:
            raise asyncio.CancelledError
        return self.replies.pop(0) if self.replies else SendReply(Delivery.ACCEPTED, f"msg-{len(self.sent)}")


def written(kind: str, language: str, facts: Mapping[str, str]) -> str:
    return f"{kind} {language} {facts['amount']}"


class Office:
    """Where notices to one member are written and handed over."""

    def __init__(self, database: Database, clock: StoppedClock, member: Member) -> None:
        self.database = database
        self.clock = clock
        self.member = member
        self.postman = Postman()
        self.render: service.Render = written

    async def tell(self, key: str = "payment:pay_1:confirmed") -> None:
        async with self.database.unit_of_work() as session:
            await service.tell(
                session,
                ids=RandomIds(self.clock),
                member_id=self.member.member_id,
                phone=self.member.phone,
                kind=NoticeKind.REPAYMENT_RECEIVED,
                language=self.member.language,
                facts=FACTS,
                key=key,
                now=self.clock.now(),
            )

    async def send(self) -> object:
        """Hand over the newest notice."""
        [notice_id, _, _] = (await self.notices())[-1]
        return await service.send(self.database, self.clock, self.postman, self.render, notice_id=notice_id)

    async def notices(self) -> list[tuple[str, str, str]]:
        async with self.database.reading() as session:
            rows = await session.rows("SELECT id, state, reason FROM notice ORDER BY created_at, id")
        return [(row["id"], row["state"], row["reason"]) for row in rows]

    async def state(self) -> str:
        [(_, state, _)] = await self.notices()
        return state


@pytest.fixture
async def office(founded_database: Database, clock: StoppedClock) -> Office:
    member, _ = await members.recognise(founded_database, AMINA.phone)
    return Office(founded_database, clock, member)


async def test_a_notice_is_handed_over_in_the_member_s_language(office: Office) -> None:
    await office.tell()

    assert await office.send() is None

    assert office.postman.sent == [(AMINA.phone, "repayment_received en 1,000.00")]
    assert await office.state() == "sent"


async def test_the_same_event_is_told_once(office: Office) -> None:
    await asyncio.gather(*(office.tell() for _ in range(4)))
    await office.tell()

    assert len(await office.notices()) == 1


async def test_what_was_sent_is_not_sent_again(office: Office) -> None:
    await office.tell()
    await office.send()

    assert await office.send() is None

    assert len(office.postman.sent) == 1


async def test_two_workers_at_once_send_once(office: Office) -> None:
    await office.tell()

    await asyncio.gather(*(office.send() for _ in range(5)))

    assert len(office.postman.sent) == 1


async def test_found_half_sent_it_is_unknown_and_never_sent_again(office: Office) -> None:
    await office.tell()
    office.postman.dies = True
    with pytest.raises(asyncio.CancelledError):
        await office.send()
    assert await office.state() == "sending"
    office.postman.dies = False

    for _ in range(3):
        assert await office.send() is None

    assert len(office.postman.sent) == 1
    assert [(state, reason) for _, state, reason in await office.notices()] == [
        ("unknown", "worker stopped while sending")
    ]


async def test_a_busy_provider_is_asked_again_later(office: Office) -> None:
    await office.tell()
    office.postman.replies = [SendReply(Delivery.BUSY, reason="throttled")]

    again_at = await office.send()

    assert again_at == office.clock.now() + service.RETRY_AFTER
    assert await office.state() == "queued"
    assert await office.send() is None
    assert (await office.state(), len(office.postman.sent)) == ("sent", 2)


@pytest.mark.parametrize(("delivery", "state"), [(Delivery.REFUSED, "failed"), (Delivery.UNKNOWN, "unknown")])
async def test_what_was_refused_or_is_in_doubt_is_not_sent_again(
    office: Office, delivery: Delivery, state: str
) -> None:
    await office.tell()
    office.postman.replies = [SendReply(delivery, reason="why")]

    assert await office.send() is None
    assert await office.send() is None

    assert (await office.state(), len(office.postman.sent)) == (state, 1)


async def test_a_text_that_can_t_be_written_loses_no_message(office: Office) -> None:
    await office.tell()

    def broken(_kind: str, _language: str, facts: dict[str, str]) -> str:
        return facts["not there"]

    office.render = broken
    with pytest.raises(KeyError):
        await office.send()
    office.render = written
    await office.send()

    assert (await office.state(), len(office.postman.sent)) == ("sent", 1)
