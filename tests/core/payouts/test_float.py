"""Do payouts wait for the float instead of failing, and do staff hear when it runs low?"""

import asyncio

import pytest

from core.errors import PayoutsNotStopped
from core.money import Money
from core.payments.ports import SendVerdict
from core.payouts import float_store, float_watch
from core.payouts.float_store import FloatStanding
from core.payouts.model import FactSource, PayoutState, Wait
from core.payouts.ports import Fault, PayoutReply
from tests.core.payouts.till import Till, failed, paid


async def standing(till: Till) -> FloatStanding:
    async with till.database.reading() as session:
        return await float_store.find(session)


async def trail(till: Till) -> list[str]:
    async with till.database.reading() as session:
        rows = await session.rows(
            "SELECT action FROM audit_event WHERE subject = $1 ORDER BY id", float_store.ACCOUNT
        )
    return [row["action"] for row in rows]


async def test_a_payout_waits_for_the_float_and_goes_out_when_it_is_told(till: Till) -> None:
    await till.tell_float("900")
    await till.ask("1000")
    await till.work()
    waiting = await till.find()
    assert (waiting.state, waiting.waits_for) == (PayoutState.REQUESTED, Wait.FLOAT)
    assert till.provider.sent == []

    await till.tell_float("1000")
    await till.sweep()

    assert (await till.find()).state is PayoutState.SUBMITTED
    assert await till.branch.notices() == []


async def test_a_smaller_payout_is_not_kept_by_a_larger_one(till: Till) -> None:
    await till.tell_float("900")
    await till.ask("1000")
    await till.ask("500", payout_id="wdl_2")

    await till.work()

    assert [request.reference for request in till.provider.sent] == ["wdl_2"]


async def test_what_is_promised_counts_before_anybody_tells_of_it(till: Till) -> None:
    await till.tell_float("1500")
    await till.ask("1000")
    await till.ask("1000", payout_id="wdl_2")

    await asyncio.gather(till.sweep(seconds=91), till.sweep())

    assert len(till.provider.sent) == 1
    assert await till.reserved() == "1,000.00"
    async with till.database.reading() as session:
        queue = await float_store.queue(session)
    assert (queue.count, queue.amount, queue.for_float) == (1, Money.parse("1000"), 1)


async def test_nothing_goes_out_before_the_float_was_ever_told(till: Till) -> None:
    async with till.database.unit_of_work() as session:
        await session.execute("UPDATE payout_float SET balance = NULL, asked_at = NULL")
    await till.ask("1000")
    await till.work()
    assert (till.provider.sent, (await standing(till)).available) == ([], None)
    asked = len(till.provider.float_asked)

    await till.sweep()
    await till.sweep(minutes=1)
    await till.sweep(minutes=1)

    assert len(till.provider.float_asked) == asked + 2


async def test_while_nobody_waits_the_float_is_asked_for_by_the_hour(till: Till) -> None:
    asked = len(till.provider.float_asked)

    for _ in range(3):
        await till.sweep(minutes=30)

    assert len(till.provider.float_asked) == asked + 1


async def test_only_the_answer_to_our_newest_question_counts_and_once(till: Till) -> None:
    till.clock.move(hours=1)
    await float_watch.refresh(till.database, till.clock, till.ids, till.desk.float_enquiry)

    async def tell(reference: str, balance: str) -> bool:
        async with till.database.unit_of_work() as session:
            return await float_watch.hear_balance(
                session,
                ask_reference=reference,
                balance=Money.parse(balance),
                low_below=Money(0),
                now=till.now,
            )

    newest = till.provider.float_asked[-1]
    assert [await tell("", "1"), await tell(till.provider.float_asked[0], "2")] == [False, False]
    assert [await tell(newest, "3"), await tell(newest, "4")] == [True, False]
    assert await till.float_balance() == "3.00"


async def test_what_left_after_the_question_is_taken_off_the_answer(till: Till) -> None:
    await till.ask("1000")
    await till.work()
    till.clock.move(hours=1)
    await float_watch.refresh(till.database, till.clock, till.ids, till.desk.float_enquiry)
    till.clock.move(seconds=10)
    await till.hear(paid())

    async with till.database.unit_of_work() as session:
        await float_watch.hear_balance(
            session,
            ask_reference=till.provider.float_asked[-1],
            balance=Money.parse("50000"),
            low_below=Money(0),
            now=till.now,
        )

    assert await till.float_balance() == "49,000.00"


async def test_staff_hear_once_that_it_is_low_and_once_that_it_is_not(till: Till) -> None:
    for balance in ("4999", "3000", "5000", "9000"):
        await till.tell_float(balance)

    assert await trail(till) == ["payout_float.low", "payout_float.enough"]
    assert (await standing(till)).low_since is None


async def test_a_failure_for_want_of_float_waits_under_a_new_reference(till: Till) -> None:
    await till.ask("1000")
    await till.work()
    await till.hear(failed("float_low", code="1", fault=Fault.FLOAT))
    await till.sweep(minutes=1)
    assert till.provider.asked == ["wdl_1"]
    await till.hear(failed("declined", source=FactSource.STATUS))
    waiting = await till.find()
    assert (waiting.state, waiting.attempt, waiting.waits_for) == (PayoutState.REQUESTED, 2, Wait.FLOAT)
    assert await till.reserved() == "0.00"

    await till.sweep()
    await till.hear(paid(attempt=2))

    assert [request.reference for request in till.provider.sent] == ["wdl_1", "wdl_1-2"]
    assert (await till.find()).state is PayoutState.SETTLED
    assert await till.branch.balance("acc_asha") == "8,994.00"


async def test_a_wrong_operator_stops_all_payouts_after_one_failure(till: Till) -> None:
    await till.ask("1000")
    await till.ask("500", payout_id="wdl_2")
    await till.work()
    await till.hear(failed("operator", code="2001", fault=Fault.SETUP))
    await till.ask("600", payout_id="wdl_3")
    await till.work()

    assert len(till.provider.sent) == 2
    waiting = await till.find("wdl_3")
    assert (waiting.state, waiting.waits_for) == (PayoutState.REQUESTED, Wait.SETUP)
    assert (await standing(till)).stopped == "operator"
    await till.sweep(hours=1)
    assert len(till.provider.sent) == 2

    async with till.database.unit_of_work() as session:
        woken = await float_watch.start_again(session, by="stf_1", reason="password renewed", now=till.now)
    await till.sweep()

    assert (woken, till.provider.sent[-1].reference) == (1, "wdl_3")
    assert await trail(till) == ["payouts.stopped", "payouts.started_again"]
    async with till.database.unit_of_work() as session:
        with pytest.raises(PayoutsNotStopped):
            await float_watch.start_again(session, by="stf_1", reason="again", now=till.now)


async def test_a_request_refused_for_our_set_up_stops_payouts_and_keeps_its_reference(till: Till) -> None:
    till.provider.replies.append(PayoutReply(SendVerdict.REFUSED, reason="configuration", fault=Fault.SETUP))
    await till.ask("1000")
    await till.work()
    waiting = await till.find()
    assert (waiting.state, waiting.waits_for, waiting.attempt) == (PayoutState.REQUESTED, Wait.SETUP, 1)

    async with till.database.unit_of_work() as session:
        await float_watch.start_again(session, by="stf_1", reason="mended", now=till.now)
    await till.sweep()

    assert [request.reference for request in till.provider.sent] == ["wdl_1", "wdl_1"]
