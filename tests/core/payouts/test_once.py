"""Is money sent once and posted once, whatever the provider does and wherever a process dies?"""

import asyncio

import pytest

from core.ledger.chart import Gl
from core.payments.ports import SendVerdict
from core.payouts.model import FactSource, PayoutState, Wait
from core.payouts.ports import Fault, Heard, Outcome, PayoutReply
from tests.core.payouts.till import RECEIPT, Till, failed, paid


async def test_a_withdrawal_is_held_sent_and_posted(till: Till) -> None:
    asked = await till.ask("1000")
    assert (asked.state, await till.branch.balance("acc_asha")) == (PayoutState.REQUESTED, "8,994.00")
    assert await till.branch.in_books(Gl.PAYOUTS_HELD) == "1,000.00"

    await till.work()
    assert (await till.find()).state is PayoutState.SUBMITTED
    assert await till.reserved() == "1,000.00"
    await till.hear(paid())

    ended = await till.find()
    assert (ended.state, ended.receipt, ended.incident) == (PayoutState.SETTLED, RECEIPT, "")
    assert [request.reference for request in till.provider.sent] == ["wdl_1"]
    assert await till.branch.in_books(Gl.PAYOUTS_HELD) == "0.00"
    assert await till.branch.in_books(Gl.MPESA_UTILITY) == "-1,000.00"
    assert await till.branch.in_books(Gl.EXCISE_DUTY) == "1.00"
    assert (await till.reserved(), await till.float_balance()) == ("0.00", "49,000.00")
    assert await till.branch.notices() == [("mbr_asha", "withdrawal_paid")]
    await till.assert_books_agree()


async def test_the_same_result_many_times_at_once_posts_once(till: Till) -> None:
    await till.ask("1000")
    await till.work()

    await asyncio.gather(*(till.hear(paid()) for _ in range(6)))

    assert await till.branch.in_books(Gl.MPESA_UTILITY) == "-1,000.00"
    assert len(await till.branch.notices()) == 1
    assert await till.hear(paid()) is False


async def test_two_workers_send_one_payout_once(till: Till) -> None:
    await till.ask("1000")

    await asyncio.gather(*(till.sweep() for _ in range(3)), till.work())

    assert len(till.provider.sent) == 1


async def test_a_result_before_our_own_reply_is_settled_and_the_reply_changes_nothing(till: Till) -> None:
    await till.ask("1000")

    async def early() -> None:
        await till.hear(paid())

    till.provider.before_reply = early
    await till.work()

    ended = await till.find()
    assert (ended.state, ended.provider_request_id) == (PayoutState.SETTLED, "AG_1")
    await till.sweep(hours=2)
    assert (len(till.provider.sent), till.provider.asked) == (1, [])


async def test_a_lost_reply_is_asked_about_and_never_sent_again(till: Till) -> None:
    till.provider.replies.append(PayoutReply(SendVerdict.UNKNOWN, reason="no_answer"))
    await till.ask("1000")
    await till.work()
    assert (await till.find()).state is PayoutState.UNKNOWN

    for _ in range(5):
        await till.sweep(hours=1)

    assert len(till.provider.sent) == 1
    assert till.provider.asked == ["wdl_1"] * 5
    assert "no word" in (await till.find()).incident
    status = Heard(FactSource.STATUS, Outcome.PAID, 1, receipt=RECEIPT)
    await till.hear(status)
    assert (await till.find()).state is PayoutState.SETTLED
    await till.assert_books_agree()


async def test_a_worker_killed_while_sending_leaves_an_unknown_outcome(till: Till) -> None:
    till.provider.replies.append(asyncio.CancelledError())
    await till.ask("1000")
    with pytest.raises(asyncio.CancelledError):
        await till.work()
    assert (await till.find()).state is PayoutState.SUBMITTING

    await till.sweep(seconds=30)
    assert (await till.find()).state is PayoutState.SUBMITTING
    await till.sweep(seconds=61)
    assert (await till.find()).state is PayoutState.UNKNOWN
    await till.sweep(seconds=1)

    assert (len(till.provider.sent), till.provider.asked) == (1, ["wdl_1"])
    await till.hear(failed())
    assert (await till.find()).state is PayoutState.VOIDED
    assert (await till.branch.balance("acc_asha"), await till.reserved()) == ("10,000.00", "0.00")


async def test_a_process_that_dies_between_hearing_and_acting_is_caught_up_with(till: Till) -> None:
    await till.ask("1000")
    await till.work()
    await till.hear(paid(), settle=False)
    assert (await till.find()).state is PayoutState.SUBMITTED

    await till.sweep()

    assert (await till.find()).state is PayoutState.SETTLED


async def test_a_lost_job_is_sent_by_the_sweep(till: Till) -> None:
    await till.ask("1000")

    await till.sweep(seconds=91)

    assert (len(till.provider.sent), (await till.find()).state) == (1, PayoutState.SUBMITTED)


async def test_a_queue_time_out_says_nothing_and_a_later_success_counts(till: Till) -> None:
    await till.ask("1000")
    await till.work()
    late = Heard(FactSource.TIMEOUT, Outcome.PENDING, 1)

    await till.hear(late)
    await till.hear(late)
    assert (await till.find()).state is PayoutState.UNKNOWN
    await till.sweep(minutes=1)
    assert till.provider.asked == ["wdl_1"]
    await till.hear(paid())

    assert ((await till.find()).state, (await till.find()).incident) == (PayoutState.SETTLED, "")
    assert len(till.provider.sent) == 1


async def test_a_failure_gives_everything_back_once(till: Till) -> None:
    await till.ask("1000")
    await till.work()

    for _ in range(2):
        await till.hear(failed("unregistered"))

    ended = await till.find()
    assert (ended.state, ended.reason) == (PayoutState.VOIDED, "unregistered")
    assert await till.branch.balance("acc_asha") == "10,000.00"
    assert await till.branch.in_books(Gl.EXCISE_DUTY) == "0.00"
    assert await till.branch.notices() == [("mbr_asha", "withdrawal_failed")]
    await till.assert_books_agree()


async def test_a_success_after_a_void_is_posted_and_looked_at(till: Till) -> None:
    await till.ask("1000")
    await till.work()
    await till.hear(failed())

    await till.hear(paid())

    ended = await till.find()
    assert (ended.state, ended.receipt) == (PayoutState.SETTLED, RECEIPT)
    assert "after it had been voided" in ended.incident
    assert await till.branch.balance("acc_asha") == "8,994.00"
    assert await till.branch.in_books(Gl.MPESA_UTILITY) == "-1,000.00"
    assert await till.branch.notices() == [
        ("mbr_asha", "withdrawal_failed"),
        ("mbr_asha", "withdrawal_paid_late"),
    ]
    await till.assert_books_agree()


async def test_where_it_is_spent_meanwhile_the_member_owes_it(till: Till) -> None:
    await till.ask("9000")
    await till.work()
    await till.hear(failed())
    await till.branch.pay_out("acc_asha", "9500", on=till.now.date())

    await till.hear(paid("9000"))

    assert await till.branch.balance("acc_asha") == "500.00"
    assert await till.branch.in_books(Gl.OTHER_RECEIVABLES) == "9,000.00"
    await till.assert_books_agree()


async def test_a_reference_the_provider_has_had_counts_as_taken(till: Till) -> None:
    till.provider.replies.append(PayoutReply(SendVerdict.ACCEPTED))
    await till.ask("1000")
    await till.work()
    assert (await till.find()).state is PayoutState.SUBMITTED

    await till.sweep(minutes=5)

    assert ((await till.find()).state, till.provider.asked) == (PayoutState.UNKNOWN, ["wdl_1"])
    assert len(till.provider.sent) == 1


async def test_what_was_surely_not_done_is_sent_again_under_the_same_reference(till: Till) -> None:
    till.provider.replies.append(PayoutReply(SendVerdict.BUSY, reason="provider_down"))
    await till.ask("1000")
    await till.work()
    waiting = await till.find()
    assert (waiting.state, waiting.waits_for) == (PayoutState.REQUESTED, Wait.PROVIDER)
    assert await till.reserved() == "0.00"

    await till.sweep(seconds=30)

    assert [request.reference for request in till.provider.sent] == ["wdl_1", "wdl_1"]
    assert (await till.find()).state is PayoutState.SUBMITTED


async def test_a_request_the_provider_refuses_is_given_back(till: Till) -> None:
    till.provider.replies.append(PayoutReply(SendVerdict.REFUSED, reason="invalid_request"))
    await till.ask("1000")
    await till.work()

    assert (await till.find()).state is PayoutState.VOIDED
    assert await till.branch.balance("acc_asha") == "10,000.00"


async def test_an_overloaded_provider_gets_three_attempts(till: Till) -> None:
    await till.ask("1000")
    await till.work()
    for attempt in (1, 2):
        await till.hear(failed("busy", attempt=attempt, fault=Fault.BUSY))
        await till.sweep(minutes=1)
        assert till.provider.asked[-1] == ("wdl_1", "wdl_1-2")[attempt - 1]
        await till.hear(failed("declined", attempt=attempt, source=FactSource.STATUS))
        await till.sweep()
    await till.hear(failed("busy", attempt=3, fault=Fault.BUSY))

    assert [request.reference for request in till.provider.sent] == ["wdl_1", "wdl_1-2", "wdl_1-3"]
    assert (await till.find()).state is PayoutState.VOIDED
    assert await till.branch.balance("acc_asha") == "10,000.00"


async def test_a_failure_of_ours_that_is_contradicted_opens_no_second_attempt(till: Till) -> None:
    await till.ask("1000")
    await till.work()
    await till.hear(failed("float_low", code="1", fault=Fault.FLOAT))
    await till.sweep(minutes=1)

    await till.hear(paid())
    await till.sweep(minutes=1)

    ended = await till.find()
    assert (ended.state, ended.attempt, len(till.provider.sent)) == (PayoutState.SETTLED, 1, 1)


async def test_an_attempt_that_failed_twice_and_was_paid_after_all_ends_the_payout(till: Till) -> None:
    await till.ask("1000")
    await till.work()
    await till.hear(failed("busy", fault=Fault.BUSY))
    await till.hear(failed("declined", source=FactSource.STATUS))
    assert (await till.find()).attempt == 2

    await till.hear(paid())
    await till.sweep(minutes=1)

    ended = await till.find()
    assert (ended.state, len(till.provider.sent)) == (PayoutState.SETTLED, 1)
    assert "attempt 1 was paid" in ended.incident
    assert (await till.reserved(), await till.float_balance()) == ("0.00", "49,000.00")


async def test_another_amount_or_another_s_receipt_is_held_for_a_person(till: Till) -> None:
    await till.ask("1000")
    await till.ask("500", payout_id="wdl_2")
    await till.work()

    await till.hear(paid("100"))
    held = await till.find()
    assert (held.state, held.reason) == (PayoutState.UNKNOWN, "held")
    assert "asked 1000.00" in held.incident
    await till.hear(paid("500"), payout_id="wdl_2")
    await till.hear(paid("1000"))

    again = await till.find()
    assert again.state is PayoutState.UNKNOWN
    assert f"receipt {RECEIPT} is another payout's" in again.incident
    assert await till.branch.in_books(Gl.MPESA_UTILITY) == "-500.00"
