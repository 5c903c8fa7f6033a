"""Is held money out of reach of everything, until the hold ends once?"""

import asyncio
from datetime import date

import asyncpg
import pytest

from core.errors import (
    AccountNotEmpty,
    HoldNotOpen,
    IdempotencyConflict,
    InvalidAmount,
    NotEnoughSaved,
    UnknownSavingsAccount,
)
from core.money import Money
from core.savings import agreement, hold_store
from core.savings.model import Hold, HoldReason, HoldState, SavingsProduct
from core.savings.service import accounts, holds
from core.savings.service.money import transfer
from tests.core.savings.branch import Branch, noon

TODAY = date(2026, 3, 11)
NOW = noon(TODAY)


@pytest.fixture
async def saved(branch: Branch) -> Branch:
    """Amina and Otieno; 1,000.00 on her savings, and 5,000.00 on her deposits."""
    amina, otieno = await branch.member("amina"), await branch.member("otieno")
    await branch.account("acc_a", amina, holding="1,000.00")
    await branch.account("acc_d", amina, SavingsProduct.DEPOSITS, holding="5,000.00")
    await branch.account("acc_o", otieno)
    return branch


async def place(
    branch: Branch,
    amount: str,
    *,
    hold_id: str = "hld_1",
    account_id: str = "acc_a",
    until: date | None = None,
) -> Hold:
    async with branch.database.unit_of_work() as session:
        return await holds.place_hold(
            session,
            hold_id=hold_id,
            account_id=account_id,
            amount=Money.parse(amount),
            reason=HoldReason.GUARANTEE,
            subject="lon_1",
            by="staff",
            now=NOW,
            until=until,
        )


async def pay(branch: Branch, amount: str, key: str = "1") -> None:
    async with branch.database.unit_of_work() as session:
        await transfer(
            session,
            ids=branch.ids,
            key=key,
            member_id="mbr_amina",
            source_id="acc_a",
            destination_id="acc_o",
            amount=Money.parse(amount),
            now=NOW,
        )


async def test_what_is_held_stays_and_the_rest_moves(saved: Branch) -> None:
    await place(saved, "700.00")

    assert (await saved.balance("acc_a"), await saved.available("acc_a")) == ("1,000.00", "300.00")
    with pytest.raises(NotEnoughSaved) as short:
        await pay(saved, "300.01")
    await pay(saved, "300.00")

    assert (short.value.available_minor, short.value.asked_minor) == (300_00, 300_01)
    assert await saved.available("acc_a") == "0.00"
    await saved.assert_books_agree()


async def test_holds_add_up_and_none_is_placed_on_held_money(saved: Branch) -> None:
    await place(saved, "700.00")

    with pytest.raises(NotEnoughSaved) as short:
        await place(saved, "300.01", hold_id="hld_2")
    await place(saved, "300.00", hold_id="hld_3")

    assert (short.value.available_minor, short.value.asked_minor) == (300_00, 300_01)
    async with saved.database.reading() as session:
        on_account = await hold_store.on_account(session, (await saved.find("acc_a")).ledger_code)
        for_loan = await hold_store.for_subject(session, "lon_1")
    assert [hold.hold_id for hold in on_account] == [hold.hold_id for hold in for_loan] == ["hld_1", "hld_3"]
    await saved.assert_books_agree()


async def test_the_same_hold_is_placed_once(saved: Branch) -> None:
    await place(saved, "700.00")

    again = await place(saved, "700.00")

    assert again.state is HoldState.HELD
    assert await saved.available("acc_a") == "300.00"
    with pytest.raises(IdempotencyConflict):
        await place(saved, "700.00", account_id="acc_d")


async def test_a_released_hold_frees_its_money_once(saved: Branch) -> None:
    await place(saved, "700.00")
    async with saved.database.unit_of_work() as session:
        await holds.release_hold(session, hold_id="hld_1", by="staff", now=NOW)

    assert await saved.available("acc_a") == "1,000.00"
    with pytest.raises(HoldNotOpen):
        async with saved.database.unit_of_work() as session:
            await holds.release_hold(session, hold_id="hld_1", by="staff", now=NOW)
    with pytest.raises(HoldNotOpen):
        async with saved.database.unit_of_work() as session:
            await holds.consume_hold(session, hold_id="nobody's", by="staff", now=NOW)
    await saved.assert_books_agree()


async def test_a_consumed_hold_s_money_is_taken_in_the_same_transaction(saved: Branch) -> None:
    await place(saved, "1,000.00")

    async with saved.database.unit_of_work() as session:
        ended = await holds.consume_hold(session, hold_id="hld_1", by="staff", now=NOW)
        await transfer(
            session,
            ids=saved.ids,
            key="called",
            member_id="mbr_amina",
            source_id="acc_a",
            destination_id="acc_o",
            amount=ended.amount,
            now=NOW,
        )

    assert ended.state is HoldState.CONSUMED
    assert (await saved.balance("acc_a"), await saved.balance("acc_o")) == ("0.00", "1,000.00")
    await saved.assert_books_agree()


async def test_a_hold_shrinks_as_a_loan_is_repaid_and_grows_only_on_free_money(saved: Branch) -> None:
    await place(saved, "700.00")

    async def change(amount: str) -> Hold:
        async with saved.database.unit_of_work() as session:
            return await holds.change_hold(
                session, hold_id="hld_1", amount=Money.parse(amount), by="staff", now=NOW
            )

    await change("200.00")
    assert await saved.available("acc_a") == "800.00"
    await change("1,000.00")
    assert await saved.available("acc_a") == "0.00"
    with pytest.raises(NotEnoughSaved):
        await change("1,000.01")
    assert (await change("0")).state is HoldState.RELEASED
    assert await saved.available("acc_a") == "1,000.00"
    await saved.assert_books_agree()


async def test_holds_end_after_their_last_day(saved: Branch) -> None:
    await place(saved, "100.00", hold_id="hld_1", until=date(2026, 3, 10))
    await place(saved, "100.00", hold_id="hld_2", until=TODAY)
    await place(saved, "100.00", hold_id="hld_3")

    async with saved.database.unit_of_work() as session:
        assert await holds.release_expired_holds(session, on=TODAY, now=NOW) == 1
        assert await holds.release_expired_holds(session, on=TODAY, now=NOW) == 0

    assert await saved.available("acc_a") == "800.00"
    await saved.assert_books_agree()


@pytest.mark.parametrize(
    ("account_id", "amount", "refusal"),
    [
        ("acc_a", "0", InvalidAmount),
        ("acc_nobody", "1.00", UnknownSavingsAccount),
        ("acc_d", "5,000.01", NotEnoughSaved),
    ],
)
async def test_a_hold_that_can_not_be_is_refused(
    saved: Branch, account_id: str, amount: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        await place(saved, amount, account_id=account_id)

    await saved.assert_books_agree()


async def test_an_account_with_a_hold_is_not_closed(saved: Branch) -> None:
    await place(saved, "5,000.00", account_id="acc_d")
    await place(saved, "1.00", account_id="acc_a", hold_id="hld_2")

    with pytest.raises(AccountNotEmpty):
        async with saved.database.unit_of_work() as session:
            await accounts.close_account(
                session, account_id="acc_a", member_id="mbr_amina", pay_to="acc_d", by="staff", now=NOW
            )


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE savings_hold SET ledger_code = 'x'",
        "UPDATE savings_hold SET state = 'held', ended_at = NULL WHERE state = 'released'",
        "DELETE FROM savings_hold",
    ],
)
async def test_the_database_lets_nobody_tamper_with_holds(saved: Branch, change: str) -> None:
    await place(saved, "1.00")
    async with saved.database.unit_of_work() as session:
        await holds.release_hold(session, hold_id="hld_1", by="staff", now=NOW)

    with pytest.raises(asyncpg.PostgresError):
        async with saved.database.unit_of_work() as session:
            await session.execute(change)


async def test_a_hold_needs_an_account_that_has_a_floor(saved: Branch) -> None:
    hold = Hold("hld_x", "1010", Money(1), HoldReason.LEGAL, "", None, HoldState.HELD)

    with pytest.raises(asyncpg.PostgresError, match="no account to hold on"):
        async with saved.database.unit_of_work() as session:
            await hold_store.add(session, hold, at=NOW)


async def test_two_who_want_the_same_money_at_once_do_not_both_get_it(saved: Branch) -> None:
    results = await asyncio.gather(
        pay(saved, "600.00", "1"),
        pay(saved, "600.00", "2"),
        place(saved, "600.00"),
        place(saved, "600.00", hold_id="hld_2"),
        return_exceptions=True,
    )

    refused = [result for result in results if isinstance(result, NotEnoughSaved)]
    assert len(refused) == 3
    await saved.assert_books_agree()


async def test_the_same_transfer_sent_many_times_at_once_is_one(saved: Branch) -> None:
    await asyncio.gather(*(pay(saved, "600.00") for _ in range(5)))

    assert await saved.balance("acc_o") == "600.00"
    assert await saved.notices() == [("mbr_otieno", "transfer_received")]


async def test_a_floor_that_holds_do_not_explain_is_found(saved: Branch) -> None:
    await place(saved, "1.00")
    async with saved.database.unit_of_work() as session:
        await session.execute("UPDATE ledger_account SET minimum = 0 WHERE minimum = 100")

    async with saved.database.reading() as session:
        [found] = await agreement.differences(session)

    assert str(found) == "floor of 2010:acc_a: stored 0, entries say 100"
