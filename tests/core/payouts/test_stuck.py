"""May staff end what is stuck, only by two, and only where it is safe?"""

import pytest

from core import payout_settlement
from core.checked_actions import ACTIONS
from core.errors import NoIncident, OwnRequest, PayoutNotOpen, PayoutTooFresh, UnknownPayout
from core.payments.ports import SendVerdict
from core.payout_actions import END_PAYOUT, Found, PayoutEnd
from core.payouts import fact_store, service, store
from core.payouts.model import FactSource, PayoutState, attempt_of
from core.payouts.ports import PayoutReply
from core.staff import checking
from core.staff.approval import Request
from core.staff.model import SignedIn
from tests.core.payouts.checker import a_checker
from tests.core.payouts.till import RECEIPT, Till, failed, paid


async def stuck(till: Till) -> None:
    till.provider.replies.append(PayoutReply(SendVerdict.UNKNOWN, reason="no_answer"))
    await till.ask("1000")
    await till.work()


async def propose(till: Till, who: SignedIn, found: Found, receipt: str = "") -> Request:
    facts = PayoutEnd(payout_id="wdl_1", found=found, receipt=receipt, reason="statement of 11 March")
    async with till.database.unit_of_work() as session:
        return await checking.propose(session, till.now, till.ids, END_PAYOUT, facts, who)


async def approve(till: Till, who: SignedIn, request: Request) -> None:
    async with till.database.unit_of_work() as session:
        await checking.approve(session, till.now, till.ids, ACTIONS, who, request_id=request.request_id)


async def test_two_of_staff_find_that_it_was_paid(till: Till) -> None:
    maker, checker = await a_checker(till), await a_checker(till, "john")
    await stuck(till)

    request = await propose(till, maker, Found.PAID, RECEIPT)
    with pytest.raises(OwnRequest):
        await approve(till, maker, request)
    await approve(till, checker, request)

    ended = await till.find()
    assert (ended.state, ended.receipt) == (PayoutState.SETTLED, RECEIPT)
    async with till.database.reading() as session:
        [told] = await fact_store.story(session, "wdl_1")
    assert (told.source, told.facts.result_text) == (FactSource.STAFF, "statement of 11 March")
    await till.hear(paid())
    assert len(await till.branch.notices()) == 1
    await till.assert_books_agree()


async def test_that_it_was_not_paid_is_found_only_a_day_later(till: Till) -> None:
    maker, checker = await a_checker(till), await a_checker(till, "john")
    await stuck(till)
    with pytest.raises(PayoutTooFresh):
        await propose(till, maker, Found.NOT_PAID)

    till.clock.move(hours=24)
    await approve(till, checker, await propose(till, maker, Found.NOT_PAID))

    assert (await till.find()).state is PayoutState.VOIDED
    assert await till.branch.balance("acc_asha") == "10,000.00"
    assert len(till.provider.sent) == 1


async def test_what_has_ended_meanwhile_is_not_ended_again(till: Till) -> None:
    maker, checker = await a_checker(till), await a_checker(till, "john")
    await stuck(till)
    request = await propose(till, maker, Found.PAID, RECEIPT)
    await till.hear(failed())

    with pytest.raises(PayoutNotOpen):
        await approve(till, checker, request)
    with pytest.raises(PayoutNotOpen):
        await propose(till, checker, Found.PAID, RECEIPT)


async def take_back(till: Till) -> None:
    async with till.database.unit_of_work() as session:
        await payout_settlement.take_back(
            session, till.ids, payout_id="wdl_1", by="stf_1", because="member asked", now=till.now
        )


async def test_what_is_not_sent_is_called_off_and_what_is_sent_is_not(till: Till) -> None:
    await till.tell_float("100")
    await till.ask("1000")
    await till.work()

    await take_back(till)

    assert ((await till.find()).state, (await till.find()).reason) == (PayoutState.VOIDED, "taken_back")
    assert await till.branch.balance("acc_asha") == "10,000.00"
    with pytest.raises(PayoutNotOpen):
        await take_back(till)
    await till.tell_float("5000")
    await till.sweep()
    assert till.provider.sent == []


async def test_an_incident_is_closed_once(till: Till) -> None:
    await till.ask("1000")
    await till.work()
    await till.hear(paid("900"))

    async def close() -> None:
        async with till.database.unit_of_work() as session:
            await service.close_incident(session, "wdl_1", by="stf_1", reason="looked", now=till.now)

    await close()
    with pytest.raises(NoIncident):
        await close()
    assert (await till.find()).incident == ""


async def test_strange_words_are_kept_and_change_nothing(till: Till) -> None:
    await till.ask("1000")
    await till.hear(paid())
    assert "never sent" in (await till.find()).incident
    await till.work()

    await till.hear(paid(receipt="UKB1BBBBBB", handle="AG_other"))
    await till.hear(paid(receipt="UKB1CCCCCC", attempt=2))
    assert (await till.find()).state is PayoutState.SUBMITTED
    await till.hear(paid(receipt=None))
    await till.hear(paid(receipt="UKB1DDDDDD"))
    assert (await till.find()).receipt == "UKB1DDDDDD"
    await till.hear(paid(receipt="UKB1EEEEEE"))
    await till.hear(failed())

    incident = (await till.find()).incident
    assert "another handle" in incident
    assert "second receipt UKB1EEEEEE" in incident
    assert "failure 2 heard after it was settled" in incident


async def test_lists_show_what_is_under_way_of_a_member_or_with_an_incident(till: Till) -> None:
    for number in (1, 2, 3):
        await till.ask("500", payout_id=f"wdl_{number}")
    await till.work()
    await till.hear(paid("500"))
    await till.hear(paid("400", receipt="UKB1BBBBBB"), payout_id="wdl_2")

    async def listed(**wanted: object) -> list[str]:
        asked = {"states": (), "member_id": None, "only_incidents": False, "after": "", "most": 10, **wanted}
        async with till.database.reading() as session:
            return [each.payout_id for each in await store.listed(session, **asked)]  # type: ignore[arg-type]  # each test names its own

    assert await listed() == ["wdl_2", "wdl_3"]
    assert await listed(after="wdl_2") == ["wdl_3"]
    assert await listed(member_id="mbr_asha") == ["wdl_1", "wdl_2", "wdl_3"]
    assert await listed(only_incidents=True) == ["wdl_2"]
    assert await listed(states=[PayoutState.SETTLED]) == ["wdl_1"]
    with pytest.raises(UnknownPayout):
        await till.find("wdl_9")
    assert attempt_of("wdl_1-x") == ("wdl_1", 1)
