"""What do the payout callbacks do with words that say nothing, fit nothing, or come on a bad day?"""

from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from core.db.engine import Database
from core.ids import RandomIds
from core.money import Money
from core.payouts.model import PayoutState
from imarisha.embedded import EmbeddedServers
from integrations.daraja.payout_routes import PayoutCallbacks
from tests.clock import StoppedClock
from tests.core.payouts.till import Till

BASE = "/payments/daraja"


class Post:
    """Safaricom at the routes of one till."""

    def __init__(self, database: Database, clock: StoppedClock) -> None:
        self.counted: list[str] = []
        callbacks = PayoutCallbacks(
            database=database,
            clock=clock,
            ids=RandomIds(clock),
            count=self.counted.append,
            float_low_below=Money(0),
        )
        app = Starlette(routes=callbacks.routes("", middleware=()))
        self._http = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://house.test")

    async def tell(self, path: str, said: dict[str, Any]) -> tuple[int, str]:
        """The status, and how it was counted."""
        answer = await self._http.post(f"{BASE}/{path}", json=said)
        return answer.status_code, self.counted[-1]


def result(reference: str, code: int | str = 0, **parameters: object) -> dict[str, Any]:
    listed = [{"Key": key, "Value": value} for key, value in parameters.items()]
    return {
        "Result": {
            "ResultCode": code,
            "ResultDesc": "said",
            "OriginatorConversationID": reference,
            "ConversationID": "AG_1",
            "TransactionID": "UKB1AAAAAA",
            "ResultParameters": {"ResultParameter": listed},
        }
    }


def paid(reference: str) -> dict[str, Any]:
    return result(reference, TransactionAmount=1000, TransactionReceipt="UKB1AAAAAA")


@pytest.fixture
async def till(empty_database: Database) -> Till:
    opened = Till(empty_database)
    await opened.open()
    await opened.ask("1000")
    await opened.work()
    return opened


@pytest.fixture
def post(till: Till) -> Post:
    return Post(till.database, till.clock)


async def test_a_result_settles_once_with_and_without_our_reference_in_the_path(
    till: Till, post: Post
) -> None:
    assert await post.tell("b2c/result/wdl_1", paid("wdl_1")) == (200, "settled")
    assert await post.tell("b2c/result", paid("wdl_1")) == (200, "repeat")
    assert (await till.find()).state is PayoutState.SETTLED


async def test_path_and_body_must_name_one_payout(till: Till, post: Post) -> None:
    for path, said in (
        ("b2c/result/wdl_2", paid("wdl_1")),
        ("b2c/result", paid("")),
        ("b2c/result", paid("wdl_1'--")),
        ("b2c/timeout", {"Amount": 1000}),
    ):
        assert await post.tell(path, said) == (400, "malformed")
    assert (await till.find()).state is PayoutState.SUBMITTED


async def test_a_word_that_fits_no_payout_is_kept(post: Post) -> None:
    assert await post.tell("b2c/result/wdl_9", paid("wdl_9")) == (200, "unknown")


async def test_a_time_out_leaves_the_outcome_open(till: Till, post: Post) -> None:
    echo = {"OriginatorConversationID": "wdl_1", "SecurityCredential": "secret", "Amount": "1000"}

    assert await post.tell("b2c/timeout/wdl_1", echo) == (200, "settled")

    assert (await till.find()).state is PayoutState.UNKNOWN
    async with till.database.reading() as session:
        rows = await session.rows("SELECT facts::text AS facts FROM payout_fact")
    assert "secret" not in "".join(row["facts"] for row in rows)


async def test_questions_without_an_answer_change_nothing(till: Till, post: Post) -> None:
    for path, said in (
        ("status/result/wdl_1", result("q", 2032)),
        ("status/timeout/wdl_1", {"Initiator": "api"}),
        ("balance/timeout/flt_1", {"Initiator": "api"}),
        ("balance/result/flt_1", result("q", 17)),
        ("balance/result/flt_1", result("q", AccountBalance="Working Account|KES|5.00|5.00|0.00|0.00")),
    ):
        assert await post.tell(path, said) == (200, "unanswered")
    assert (await till.find()).state is PayoutState.SUBMITTED
    assert await till.float_balance() == "50,000.00"


async def test_an_answer_about_the_payment_counts(till: Till, post: Post) -> None:
    said = result(
        "question",
        TransactionStatus="Completed",
        OriginatorConversationID="wdl_1",
        ReceiptNo="UKB1AAAAAA",
        Amount="1000.00",
    )

    assert await post.tell("status/result/wdl_1", said) == (200, "settled")
    assert (await till.find()).receipt == "UKB1AAAAAA"


async def test_what_is_kept_but_can_t_be_settled_is_acknowledged(till: Till, post: Post) -> None:
    async with till.database.unit_of_work() as session:
        await session.execute("UPDATE payout SET subject = 'acc_none'")

    assert await post.tell("b2c/result/wdl_1", paid("wdl_1")) == (200, "kept")

    async with till.database.unit_of_work() as session:
        await session.execute("UPDATE payout SET subject = 'acc_asha'")
    await till.sweep()
    assert (await till.find()).state is PayoutState.SETTLED


async def test_without_a_database_safaricom_is_told_to_try_again(
    servers: EmbeddedServers, till: Till, post: Post
) -> None:
    async with till.database.reading() as session:
        row = await session.row("SELECT current_database() AS name")
    assert row is not None
    servers.postgres.drop_databases(row["name"])

    assert await post.tell("b2c/result/wdl_1", paid("wdl_1")) == (503, "database down")
