"""Is a withdrawal sent once, posted once and told once, whatever M-Pesa does? The whole house against the sandbox."""

import pytest

from core.ledger.chart import Gl
from core.members import store as members
from core.money import Money
from core.payouts import agreement, float_store, store
from core.payouts.model import Payout, PayoutState, Wait
from core.savings import store as savings
from core.savings.model import Account, SavingsProduct
from core.savings.service.withdraw import quote_withdrawal, request_withdrawal
from imarisha.institution import AMINA
from integrations.sandbox.events import AccountName
from tests.world import World

PHONE = AMINA.phone
THOUSAND = Money.parse("1000")


async def account(world: World) -> Account:
    async with world.system.database.reading() as session:
        member, _ = await members.by_phone(session, PHONE)
        found = await savings.of_member(session, member.member_id)
    return next(each for each in found if each.product is SavingsProduct.SAVINGS)


async def withdraw(world: World, amount: Money = THOUSAND) -> str:
    """Ask as a conversation would; the id."""
    own, system = await account(world), world.system
    now, payout_id = world.clock.now(), system.ids.new("wdl")
    async with system.database.unit_of_work() as session:
        quoted = await quote_withdrawal(
            session, member_id=own.member_id, account_id=own.account_id, amount=amount, now=now
        )
        await request_withdrawal(
            session,
            ids=system.ids,
            payout_id=payout_id,
            member_id=own.member_id,
            account_id=own.account_id,
            amount=amount,
            total_shown=quoted.total,
            channel="ussd",
            now=now,
        )
    return payout_id


async def find(world: World, payout_id: str) -> Payout:
    async with world.system.database.reading() as session:
        return await store.find(session, payout_id)


async def told_float(world: World) -> None:
    """The workers ask for the float and Safaricom tells it."""
    await world.pass_time(seconds=5)
    await world.pass_time(seconds=30)
    async with world.system.database.reading() as session:
        assert (await float_store.find(session)).balance is not None


async def agree(world: World) -> None:
    await world.assert_books_agree()
    async with world.system.database.reading() as session:
        assert await agreement.differences(session) == []


def at_safaricom(world: World) -> Money:
    return world.sandbox.memory.book.balance(AccountName.UTILITY)


async def passing(world: World) -> None:
    """Enough time for everything that is under way, late results and enquiries included."""
    for minutes in (1, 2, 6, 10, 20, 60):
        await world.pass_time(minutes=minutes)


async def test_a_withdrawal_reaches_the_phone_and_both_books(world: World) -> None:
    await told_float(world)
    before, had = at_safaricom(world), (await account(world)).balance

    payout_id = await withdraw(world)
    await world.work()
    await world.pass_time(seconds=30)

    ended = await find(world, payout_id)
    assert ended.state is PayoutState.SETTLED
    assert ended.receipt is not None
    assert before - at_safaricom(world) == THOUSAND
    assert had - (await account(world)).balance == Money.parse("1006")
    assert await world.balance(Gl.PAYOUTS_HELD) == Money(0)
    [message] = [text for text in await world.messages(PHONE) if "M-Pesa" in text]
    assert message.startswith(f"{ended.receipt} KES 1,000.00")
    await agree(world)


@pytest.mark.parametrize(
    "dials",
    [
        {"daraja__callback__duplicate": 1.0},
        {"daraja__callback__early": 1.0},
        {"daraja__callback__late": 400.0},
        {"daraja__b2c__error500": 1.0},
        {"daraja__b2c__reset": 1.0},
        {"daraja__b2c__garbled": 1.0},
        {"daraja__b2c__queue_late": 1.0},
        {"daraja__b2c__contradict": 1.0},
        {"daraja__token__invalid": 0.5},
    ],
    ids=lambda dials: next(iter(dials)).replace("__", "."),
)
async def test_whatever_goes_wrong_the_money_moves_once(world: World, dials: dict[str, float]) -> None:
    await told_float(world)
    before, had = at_safaricom(world), (await account(world)).balance
    await world.faults(seed=7, **dials)

    payout_id = await withdraw(world)
    await world.work()
    await passing(world)

    ended = await find(world, payout_id)
    assert (ended.state, ended.attempt) == (PayoutState.SETTLED, 1)
    assert before - at_safaricom(world) == THOUSAND
    assert had - (await account(world)).balance == Money.parse("1006")
    assert await world.balance(Gl.PAYOUTS_HELD) == Money(0)
    assert len([text for text in await world.messages(PHONE) if ended.receipt and ended.receipt in text]) == 1
    await agree(world)


async def test_a_result_that_is_never_told_is_asked_for(world: World) -> None:
    await told_float(world)
    await world.faults(seed=1, daraja__result__lost=1.0)
    payout_id = await withdraw(world)
    await world.work()
    await world.pass_time(minutes=2)
    assert (await find(world, payout_id)).state is PayoutState.SUBMITTED
    await world.faults(daraja__result__lost=0.0)

    await passing(world)

    ended = await find(world, payout_id)
    assert (ended.state, ended.incident) == (PayoutState.SETTLED, "")
    await agree(world)


async def test_a_connection_that_breaks_before_anything_was_taken_is_never_sent_again(world: World) -> None:
    await told_float(world)
    before = at_safaricom(world)
    await world.faults(seed=1, daraja__b2c__lost=1.0)

    payout_id = await withdraw(world)
    await world.work()
    await world.faults(daraja__b2c__lost=0.0)
    await passing(world)
    await passing(world)
    await passing(world)

    stuck = await find(world, payout_id)
    assert (stuck.state, at_safaricom(world)) == (PayoutState.UNKNOWN, before)
    assert "hold it against the statement" in stuck.incident


async def test_a_spike_arrest_is_tried_again_under_the_same_reference(world: World) -> None:
    await told_float(world)
    before = at_safaricom(world)
    await world.faults(seed=1, daraja__b2c__spike=1.0)
    payout_id = await withdraw(world)
    await world.work()
    assert (await find(world, payout_id)).waits_for is Wait.PROVIDER

    await world.faults(daraja__b2c__spike=0.0)
    await world.pass_time(minutes=1)
    await world.pass_time(minutes=1)

    ended = await find(world, payout_id)
    assert (ended.state, ended.attempt) == (PayoutState.SETTLED, 1)
    assert before - at_safaricom(world) == THOUSAND


async def test_a_queue_that_gives_up_for_good_gives_the_money_back(world: World) -> None:
    await told_float(world)
    before, had = at_safaricom(world), (await account(world)).balance
    await world.faults(seed=1, daraja__b2c__queue_expired=1.0)

    payout_id = await withdraw(world)
    await world.work()
    await passing(world)

    assert (await find(world, payout_id)).state is PayoutState.VOIDED
    assert (at_safaricom(world), (await account(world)).balance) == (before, had)
    assert any("back in your savings" in text for text in await world.messages(PHONE))


async def test_strangers_can_not_settle_void_or_fill_the_float(world: World) -> None:
    await told_float(world)
    await world.faults(seed=1, daraja__result__lost=1.0)
    payout_id = await withdraw(world)
    await world.work()
    result = {
        "Result": {
            "ResultType": 0,
            "ResultCode": 0,
            "ResultDesc": "ok",
            "OriginatorConversationID": "wdl_00000000000000000000000000",
            "ConversationID": "AG_forged",
            "TransactionID": "UKB1AAAAAA",
            "ResultParameters": {
                "ResultParameter": [
                    {"Key": "TransactionAmount", "Value": 1000},
                    {"Key": "TransactionReceipt", "Value": "UKB1AAAAAA"},
                ]
            },
        }
    }
    path = "/payments/daraja/b2c/result"

    assert (await world.http.post(path, json=result)).status_code == 200
    assert (await world.http.post(f"{path}/{payout_id}", json=result)).status_code == 400
    result["Result"]["OriginatorConversationID"] = payout_id
    assert (await world.http.post(path, json=result)).status_code == 200
    assert (await find(world, payout_id)).state is PayoutState.SUBMITTED
    assert "another handle" in (await find(world, payout_id)).incident

    balance = {
        "Result": {
            "ResultCode": "0",
            "OriginatorConversationID": "x",
            "ResultParameters": {
                "ResultParameter": [
                    {"Key": "AccountBalance", "Value": "Utility Account|KES|9.00|9.00|0.00|0.00"}
                ]
            },
        }
    }
    answer = await world.http.post("/payments/daraja/balance/result/flt_guess", json=balance)
    assert answer.status_code == 200
    async with world.system.database.reading() as session:
        assert (await float_store.find(session)).balance != Money.parse("9")


@pytest.mark.parametrize(
    "path", ["b2c/result", "b2c/timeout", "status/result", "status/timeout", "balance/result"]
)
async def test_what_is_no_callback_is_refused_naming_the_field(world: World, path: str) -> None:
    for body in (b"", b"[]", b"{", b"x" * 70_000):
        answer = await world.http.post(f"/payments/daraja/{path}/wdl_1", content=body)
        assert answer.status_code == 400, body[:10]
        assert "missing or wrong" in answer.json()["detail"]


async def test_operators_see_the_float_and_what_waits(world: World) -> None:
    assert "imarisha_payouts{" in (await world.http.get("/metrics")).text
    await withdraw(world)
    await world.work()
    assert 'imarisha_payouts{what="waiting"} 1.0' in (await world.http.get("/metrics")).text

    await told_float(world)
    await world.pass_time(minutes=2)

    shown = (await world.http.get("/metrics")).text
    assert 'imarisha_payouts{what="waiting"} 0.0' in shown
    assert 'imarisha_payouts{what="available"} 4.999e+06' in shown


async def test_many_payouts_on_a_bad_day_end_as_safaricom_s_book_says(world: World) -> None:
    await told_float(world)
    before, utility = at_safaricom(world), await world.balance(Gl.MPESA_UTILITY)
    had = (await account(world)).balance
    dials = {
        "daraja__b2c__error500": 0.2,
        "daraja__b2c__reset": 0.1,
        "daraja__b2c__garbled": 0.1,
        "daraja__b2c__spike": 0.1,
        "daraja__b2c__queue_late": 0.1,
        "daraja__b2c__queue_expired": 0.1,
        "daraja__b2c__contradict": 0.2,
        "daraja__callback__duplicate": 0.3,
        "daraja__callback__early": 0.2,
        "daraja__result__lost": 0.2,
        "daraja__token__invalid": 0.1,
    }
    await world.faults(seed=20, **dials)

    payouts = [await withdraw(world, Money.parse("50")) for _ in range(20)]
    await world.work()
    for _ in range(6):
        await passing(world)

    ended = [await find(world, payout_id) for payout_id in payouts]
    paid = [each for each in ended if each.state is PayoutState.SETTLED]
    assert {each.state for each in ended} == {PayoutState.SETTLED, PayoutState.VOIDED}
    gone = Money.parse("50").minor * len(paid)
    assert (before - at_safaricom(world)).minor == gone
    assert (utility - await world.balance(Gl.MPESA_UTILITY)).minor == gone
    assert (had - (await account(world)).balance).minor == gone
    assert len({each.receipt for each in paid}) == len(paid)
    await agree(world)
