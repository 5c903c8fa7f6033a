"""What becomes of payouts when workers overlap, jobs come twice, or one of them is broken?"""

import asyncio
from dataclasses import replace

import pytest

from core.errors import CurrencyMismatch, DatabaseUnavailable, IdempotencyConflict
from core.money import Currency, Money
from core.payout_settlement import give_up_unapproved
from core.payouts import agreement, service
from core.payouts.model import FactSource, PayoutState
from core.payouts.ports import Fault
from core.savings.service.withdraw import quote_withdrawal
from core.savings.withdrawals import USUAL_WITHDRAWALS
from integrations.queue import payout_jobs
from tests.core.payouts.till import Till, failed, paid


async def test_a_job_that_comes_again_while_it_is_sent_leaves_it_alone(till: Till) -> None:
    await till.ask("1000")

    async def again() -> None:
        await payout_jobs.send(till.desk, "wdl_1")

    till.provider.before_reply = again
    await till.work()

    assert ((await till.find()).state, len(till.provider.sent)) == (PayoutState.SUBMITTED, 1)
    await again()
    assert len(till.provider.sent) == 1


async def test_a_job_that_comes_again_after_a_kill_asks_instead_of_sending(till: Till) -> None:
    till.provider.replies.append(asyncio.CancelledError())
    await till.ask("1000")
    with pytest.raises(asyncio.CancelledError):
        await till.work()
    till.clock.move(seconds=90)

    await payout_jobs.send(till.desk, "wdl_1")

    assert ((await till.find()).state, len(till.provider.sent)) == (PayoutState.UNKNOWN, 1)


async def test_a_reply_to_an_attempt_that_is_over_changes_nothing(till: Till) -> None:
    await till.ask("1000")

    async def failed_and_proven() -> None:
        till.provider.before_reply = None
        await till.hear(failed("busy", fault=Fault.BUSY))
        await till.hear(failed("declined", source=FactSource.STATUS))

    till.provider.before_reply = failed_and_proven
    await till.work()

    waiting = await till.find()
    assert (waiting.state, waiting.attempt, waiting.provider_request_id) == (PayoutState.REQUESTED, 2, None)


async def test_nobody_asks_about_what_has_ended(till: Till) -> None:
    await till.ask("1000")
    await till.work()
    await till.hear(paid())

    await payout_jobs.ask(till.desk, "wdl_1")

    assert till.provider.asked == []


async def test_words_of_a_wrong_amount_stop_what_was_given_back_or_waits(till: Till) -> None:
    await till.ask("1000")
    await till.ask("500", payout_id="wdl_2")
    await till.work()
    await till.hear(failed())
    await till.hear(failed("busy", fault=Fault.BUSY), payout_id="wdl_2")
    await till.hear(failed("declined", source=FactSource.STATUS), payout_id="wdl_2")

    await till.hear(paid("900"))
    await till.hear(paid("400"), payout_id="wdl_2")
    await till.sweep(minutes=5)

    voided, held = await till.find(), await till.find("wdl_2")
    assert (voided.state, "asked 1000.00" in voided.incident) == (PayoutState.VOIDED, True)
    assert (held.state, held.reason, len(till.provider.sent)) == (PayoutState.UNKNOWN, "held", 2)
    assert await till.reserved() == "500.00"


async def test_an_id_is_one_payout_s(till: Till) -> None:
    asked = await till.ask("1000")

    async with till.database.unit_of_work() as session:
        with pytest.raises(IdempotencyConflict):
            await service.request(session, asked, channel="ussd", by="mbr_asha")


async def test_nothing_is_given_up_before_its_time(till: Till) -> None:
    await till.ask("2500", terms=replace(USUAL_WITHDRAWALS, approved_above=1))

    await give_up_unapproved(till.database, till.clock, till.ids, payout_id="wdl_1")

    assert (await till.find()).state is PayoutState.AWAITING_APPROVAL


async def test_an_account_pays_in_its_own_currency(till: Till) -> None:
    async with till.database.reading() as session:
        with pytest.raises(CurrencyMismatch):
            await quote_withdrawal(
                session,
                member_id="mbr_asha",
                account_id="acc_asha",
                amount=Money(1000, Currency.UGX),
                now=till.now,
            )


async def test_one_broken_payout_keeps_no_other_from_its_end(till: Till) -> None:
    await till.ask("1000")
    await till.ask("500", payout_id="wdl_2")
    await till.work()
    async with till.database.unit_of_work() as session:
        await session.execute("UPDATE payout SET subject = 'acc_none' WHERE id = 'wdl_1'")
    await till.hear(paid(), settle=False)
    await till.hear(paid("500", receipt="UKB1BBBBBB"), payout_id="wdl_2", settle=False)

    await till.sweep()

    assert (await till.find()).state is PayoutState.SUBMITTED
    assert (await till.find("wdl_2")).state is PayoutState.SETTLED


class _Gone:
    async def ask(self, reference: str) -> bool:
        _ = reference
        raise DatabaseUnavailable(in_doubt=False)


async def test_without_a_database_the_sweep_ends_at_once(till: Till) -> None:
    till.clock.move(hours=2)

    with pytest.raises(DatabaseUnavailable):
        await payout_jobs.sweep(replace(till.desk, float_enquiry=_Gone()))


async def test_what_does_not_agree_is_found(till: Till) -> None:
    await till.ask("1000")
    await till.ask("500", payout_id="wdl_2")
    await till.work()
    await till.hear(paid())
    await till.assert_books_agree()

    async with till.database.unit_of_work() as session:
        await session.execute("UPDATE payout SET state = 'voided' WHERE id = 'wdl_1'")
        await session.execute("UPDATE payout SET state = 'settled' WHERE id = 'wdl_2'")
    async with till.database.reading() as session:
        found = [str(each) for each in await agreement.differences(session)]

    assert [each.partition(":")[0] for each in found] == [
        "payouts on their way",
        "promised of the float",
        "settlement of wdl_1",
        "settlement of wdl_2",
    ]
