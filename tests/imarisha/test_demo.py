"""Does `imarisha demo` carry a payment through, whichever of its processes is killed, and leave nothing behind?"""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import httpx
import pytest
from redis import Redis

from imarisha.gateway import GatewayCall, Screen
from imarisha.institution import AMINA, CHEBET
from tests.imarisha.running_demo import Books, RunningDemo, free_port, imarisha, until
from tests.test_repayment import success

pytestmark = pytest.mark.slow

PATIENCE_SECONDS = 30
AMOUNT = re.compile(r"[\d,]+\.\d\d")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDemo]:
    running = RunningDemo(tmp_path_factory.mktemp("demo") / "data")
    running.start()
    yield running
    running.end()


class Member:
    """Somebody with a phone, in front of a demo that may lose its processes."""

    def __init__(self, demo: RunningDemo, http: httpx.AsyncClient, number: str, pin: str) -> None:
        self.demo = demo
        self.http = http
        self.number = number
        self.pin = pin
        self.call = GatewayCall(http, number)

    async def says(self, *typed: str) -> Screen:
        for each in typed:
            screen = await self.call.answer(each)
        return screen

    async def signs_in(self) -> Screen:
        await self.call.dial()
        screen = await self.says(self.pin)
        # A task that an earlier call left unfinished is offered first.
        return await self.says("2") if screen.label == "sign_in.unfinished" else screen

    async def confirms(self, amount: str = "1000") -> str:
        """Up to the figures; the payment's id, which is minted with them, is known once they are confirmed."""
        await self.signs_in()
        screen = await self.says("3", amount)
        assert screen.label == "repay.confirm", screen.text
        return screen.text

    async def asks_to_repay(self, amount: str = "1000") -> str:
        """The payment's id."""
        await self.confirms(amount)
        screen = await self.says("1")
        assert screen.label == "repay.prompted", screen.text
        return await self.newest_payment()

    async def newest_payment(self) -> str:
        rows = await self.demo.ask(
            "SELECT id FROM payment WHERE phone = $1 ORDER BY requested_at DESC LIMIT 1", self.number
        )
        return str(rows[0]["id"])

    async def prompts(self) -> list[dict[str, str]]:
        return list((await self.http.get(f"/sandbox/handset/{self.number}/prompts")).json())

    async def has_a_prompt(self) -> bool:
        return bool(await self.prompts())

    async def approves(self) -> None:
        await eventually(self.has_a_prompt, "a prompt")
        [prompt] = await self.prompts()
        path = f"/sandbox/handset/{self.number}/prompts/{prompt['id']}"
        assert (await self.http.post(path, json={"action": "approve"})).status_code == 200

    async def messages(self) -> list[str]:
        heard = (await self.http.get(f"/sandbox/handset/{self.number}/messages")).json()
        return [message["text"] for message in heard]

    async def messages_about(self, books: Books) -> list[str]:
        return [text for text in await self.messages() if books.receipt and books.receipt in text]

    async def is_settled(self, payment_id: str) -> Books:
        async def confirmed() -> bool:
            return (await self.demo.books(payment_id)).state == "confirmed"

        await eventually(confirmed, "confirmed")
        return await self.demo.books(payment_id)

    async def hears_of(self, books: Books) -> list[str]:
        async def told() -> bool:
            return bool(await self.messages_about(books))

        await eventually(told, "told")
        return await self.messages_about(books)


async def eventually(condition: Callable[[], Awaitable[bool]], what: str) -> None:
    give_up = time.monotonic() + PATIENCE_SECONDS
    while not await condition():
        assert time.monotonic() < give_up, f"still not {what}"
        await asyncio.sleep(0.05)


@pytest.fixture
async def http(demo: RunningDemo) -> AsyncIterator[httpx.AsyncClient]:
    # A process that is being started again answers late and never turns us away.
    async with httpx.AsyncClient(base_url=demo.url, timeout=PATIENCE_SECONDS, trust_env=False) as client:
        yield client


@pytest.fixture
async def amina(demo: RunningDemo, http: httpx.AsyncClient) -> AsyncIterator[Member]:
    member = Member(demo, http, AMINA.phone, AMINA.pin or "")
    member.call = GatewayCall(http, AMINA.phone, patience_seconds=PATIENCE_SECONDS)
    yield member
    await http.put("/sandbox/faults", json={})


async def faults(http: httpx.AsyncClient, **dials: float) -> None:
    given = {name.replace("__", "."): value for name, value in dials.items()}
    assert (await http.put("/sandbox/faults", json=given)).status_code == 200


def assert_books_hold(demo: RunningDemo) -> None:
    verified = imarisha("verify-ledger", "--data-dir", str(demo.folder))
    assert (verified.returncode, verified.stderr) == (0, "")
    assert "adds up" in verified.stdout


def test_it_prints_one_line(demo: RunningDemo) -> None:
    assert demo.printed.read_text() == f"ready http://127.0.0.1:{demo.port}\n"


async def test_the_whole_path_by_http(demo: RunningDemo, http: httpx.AsyncClient, amina: Member) -> None:
    menu = await amina.signs_in()
    assert menu.label == "home.menu"
    balances = await amina.says("1")
    rows = await demo.ask(
        """SELECT a.balance FROM ledger_account a JOIN savings_account s ON s.ledger_code = a.code
             JOIN member m ON m.id = s.member_id WHERE m.phone = $1""",
        amina.number,
    )
    for row in rows:
        assert f"{row['balance'] / 100:,.2f}" in balances.text
    owed = await owed_by(amina)
    journals = await demo.ask("SELECT count(*) AS n FROM journal")

    payment_id = await amina.asks_to_repay("1000")
    await eventually(amina.has_a_prompt, "a prompt")
    [prompt] = await amina.prompts()
    assert (prompt["amount"], prompt["business"]) == ("1000.00", "600996")
    await amina.approves()
    books = await amina.is_settled(payment_id)
    [message] = await amina.hears_of(books)

    assert "1,000.00" in message
    assert books.repayments == 1
    assert await owed_by(amina) == owed - 100_000
    assert (await demo.ask("SELECT count(*) AS n FROM journal"))[0]["n"] == journals[0]["n"] + 1
    await say_it_five_times_more(http, books)
    assert (await demo.books(payment_id)).repayments == 1
    assert await amina.messages_about(books) == [message]


async def owed_by(member: Member) -> int:
    """What the balance screen says that the loan still needs, in cents."""
    await member.signs_in()
    screen = await member.says("1")
    line = next(line for line in screen.text.splitlines() if "loan: owed" in line)
    written = AMOUNT.search(line)
    assert written is not None
    return int(written[0].replace(",", "").replace(".", ""))


async def say_it_five_times_more(http: httpx.AsyncClient, books: Books) -> None:
    """The same callback, two of the five at once."""
    assert books.receipt
    body = success(books.provider_request_id or "", receipt=books.receipt)
    path = f"/payments/daraja/stk/{books.payment_id}"
    answers = [await http.post(path, json=body) for _ in range(3)]
    answers += await asyncio.gather(*(http.post(path, json=body) for _ in range(2)))
    assert [answer.status_code for answer in answers] == [200] * 5


async def test_a_swahili_speaker_does_the_same_in_swahili(demo: RunningDemo, http: httpx.AsyncClient) -> None:
    chebet = Member(demo, http, CHEBET.phone, CHEBET.pin or "")

    payment_id = await chebet.asks_to_repay("500")
    await chebet.approves()

    [message] = await chebet.hears_of(await chebet.is_settled(payment_id))
    assert message.split(" ", 1)[1].startswith("Tumepokea KES 500.00")


async def test_the_web_process_may_die_at_any_moment_of_it(
    demo: RunningDemo, http: httpx.AsyncClient, amina: Member
) -> None:
    await faults(http, daraja__callback__late=0.3)
    await amina.confirms("1100")
    demo.kill_child("web")
    screen = await amina.says("1")
    assert screen.label == "repay.prompted"
    payment_id = await amina.newest_payment()
    await eventually(amina.has_a_prompt, "a prompt")

    demo.kill_child("web")
    await amina.approves()
    demo.kill_child("web")

    books = await amina.is_settled(payment_id)
    assert len(await amina.hears_of(books)) == 1
    assert books.repayments == 1


async def test_the_worker_may_die_at_any_moment_of_it(demo: RunningDemo, amina: Member) -> None:
    await amina.confirms("1200")
    demo.kill_child("worker")
    await amina.says("1")
    payment_id = await amina.newest_payment()
    await eventually(amina.has_a_prompt, "a prompt")

    demo.kill_child("worker")
    await amina.approves()

    books = await amina.is_settled(payment_id)
    assert len(await amina.hears_of(books)) == 1
    assert books.repayments == 1


async def test_the_worker_may_die_between_the_push_and_its_answer(
    demo: RunningDemo, http: httpx.AsyncClient, amina: Member
) -> None:
    await faults(http, daraja__push__timeout=1.0)
    payment_id = await amina.asks_to_repay("1300")
    await eventually(amina.has_a_prompt, "a prompt")
    assert (await demo.books(payment_id)).state == "submitting"

    demo.kill_child("worker")
    await faults(http)
    await amina.approves()

    books = await amina.is_settled(payment_id)
    assert len(await amina.hears_of(books)) == 1
    assert books.repayments == 1


async def test_the_demo_may_be_killed_and_goes_on_where_it_stopped(
    demo: RunningDemo, http: httpx.AsyncClient, amina: Member
) -> None:
    payment_id = await amina.asks_to_repay("1400")
    await eventually(amina.has_a_prompt, "a prompt")

    demo.kill()
    assert_books_hold(demo)
    demo.start()
    await amina.approves()

    books = await amina.is_settled(payment_id)
    [message] = await amina.hears_of(books)
    await say_it_five_times_more(http, books)
    assert (await demo.books(payment_id)).repayments == 1
    assert await amina.messages_about(books) == [message]
    assert_books_hold(demo)


async def test_redis_may_die_and_come_back_empty(demo: RunningDemo, amina: Member) -> None:
    payment_id = await amina.asks_to_repay("1500")
    await eventually(amina.has_a_prompt, "a prompt")
    await amina.signs_in()
    killed = demo.server("redis")
    assert killed is not None

    killed.kill()
    await amina.approves()
    books = await amina.is_settled(payment_id)
    until(lambda: (new := demo.server("redis")) is not None and new.pid != killed.pid, "Redis is back")

    async def is_ready() -> bool:
        return (await amina.http.get("/readyz")).status_code == 200

    await eventually(is_ready, "ready")
    lost = await amina.says("1")
    assert "Deposits" not in lost.text
    assert "Enter your PIN" in (await amina.call.dial()).text
    assert len(await amina.hears_of(books)) == 1
    assert books.repayments == 1


async def test_an_emptied_redis_starts_the_next_dial_at_the_pin(demo: RunningDemo, amina: Member) -> None:
    await amina.signs_in()
    with Redis.from_url(redis_url(demo)) as redis:
        redis.flushall()

    lost = await amina.says("1")
    again = await amina.call.dial()

    assert "Deposits" not in lost.text
    assert "Enter your PIN" in again.text


def redis_url(demo: RunningDemo) -> str:
    address = json.loads((demo.folder / "redis.json").read_text())
    return f"redis://:{address['password']}@127.0.0.1:{address['port']}/0"


def test_a_second_start_on_the_same_data_is_refused_in_one_line(demo: RunningDemo) -> None:
    refused = imarisha("demo", "--data-dir", str(demo.folder), "--port", str(free_port()))

    assert (refused.returncode, refused.stdout) == (1, "")
    [line] = refused.stderr.splitlines()
    assert str(demo.program.pid) in line


async def test_told_to_end_it_stops_everything_and_its_books_hold(demo: RunningDemo, amina: Member) -> None:
    before = await owed_by(amina)

    demo.stop()
    assert_books_hold(demo)
    demo.start()

    assert await owed_by(amina) == before


def test_nobody_s_pin_or_number_is_in_its_log(demo: RunningDemo) -> None:
    log = demo.log.read_text()

    for person in (AMINA, CHEBET):
        assert person.phone[1:] not in log
        assert not re.search(rf"\b{person.pin}\b", log)
