"""Are shares bought whole, kept above the minimum, and passed on once?"""

from datetime import date

import pytest

from core.errors import (
    BelowMinimumShares,
    ContradictorySavingsTerms,
    CurrencyMismatch,
    InvalidAmount,
    NoShareAccount,
    NotEnoughSaved,
    NotWholeShares,
    NotWithdrawable,
    UnknownSavingsAccount,
)
from core.ledger.chart import Gl, own_code
from core.ledger.store import Posted
from core.money import Currency, Money
from core.savings.model import SavingsProduct
from core.savings.service.order_runs import run_due_orders
from core.savings.standing_orders import OrderTerms, Trigger
from core.shares import service
from tests.core.savings.branch import Branch, noon

TODAY = date(2026, 3, 11)
NOW = noon(TODAY)


@pytest.fixture
async def saved(branch: Branch) -> Branch:
    """Amina has shares of 6,000.00 and savings of 1,000.00, Otieno 5,000.00, Njeri neither."""
    amina, otieno, njeri = [await branch.member(name) for name in ("amina", "otieno", "njeri")]
    await branch.account("acc_a", amina, holding="1,000.00")
    await branch.account("acc_d", amina, SavingsProduct.DEPOSITS, holding="1,000.00")
    await branch.account("acc_n", njeri, holding="1,000.00")
    await branch.shares("shr_a", amina, holding="6,000.00")
    await branch.shares("shr_o", otieno, holding="5,000.00")
    return branch


async def held(branch: Branch, account_id: str) -> str:
    return await branch.in_books(own_code(Gl.SHARE_CAPITAL, account_id))


async def buy(branch: Branch, amount: Money, *, member: str = "mbr_amina", source: str = "acc_a") -> Posted:
    async with branch.database.unit_of_work() as session:
        return await service.buy_shares(
            session, key="1", member_id=member, source_id=source, amount=amount, now=NOW
        )


async def give(branch: Branch, amount: str, *, receiver: str = "mbr_otieno", leaving: bool = False) -> Posted:
    async with branch.database.unit_of_work() as session:
        return await service.transfer_shares(
            session,
            key="1",
            member_id="mbr_amina",
            receiver_id=receiver,
            amount=Money.parse(amount),
            by="staff",
            now=NOW,
            leaving=leaving,
        )


async def test_whole_shares_are_bought_out_of_savings_once(saved: Branch) -> None:
    assert (await buy(saved, Money(300_00))).is_new
    assert not (await buy(saved, Money(300_00))).is_new

    assert await held(saved, "shr_a") == "6,300.00"
    assert await saved.balance("acc_a") == "700.00"
    await saved.assert_books_agree()


@pytest.mark.parametrize(
    ("amount", "member", "source", "refusal"),
    [
        (Money(0), "mbr_amina", "acc_a", InvalidAmount),
        (Money(150_00), "mbr_amina", "acc_a", NotWholeShares),
        (Money(100_00, Currency.USD), "mbr_amina", "acc_a", CurrencyMismatch),
        (Money(1_100_00), "mbr_amina", "acc_a", NotEnoughSaved),
        (Money(100_00), "mbr_amina", "acc_n", UnknownSavingsAccount),
        (Money(100_00), "mbr_amina", "acc_d", NotWithdrawable),
        (Money(100_00), "mbr_njeri", "acc_n", NoShareAccount),
    ],
)
async def test_shares_that_can_not_be_bought_are_refused(
    saved: Branch, amount: Money, member: str, source: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        await buy(saved, amount, member=member, source=source)

    assert await held(saved, "shr_a") == "6,000.00"


async def test_shares_above_the_minimum_pass_to_another_member_once(saved: Branch) -> None:
    await give(saved, "1,000.00")
    await give(saved, "1,000.00")

    assert (await held(saved, "shr_a"), await held(saved, "shr_o")) == ("5,000.00", "6,000.00")
    await saved.assert_books_agree()


async def test_who_stays_keeps_the_minimum_and_who_leaves_passes_everything_on(saved: Branch) -> None:
    with pytest.raises(BelowMinimumShares) as below:
        await give(saved, "1,100.00")
    with pytest.raises(BelowMinimumShares):
        await give(saved, "6,100.00", leaving=True)
    assert (below.value.minimum_minor, below.value.available_minor) == (5_000_00, 1_000_00)
    assert await held(saved, "shr_a") == "6,000.00"

    await give(saved, "6,000.00", leaving=True)

    assert (await held(saved, "shr_a"), await held(saved, "shr_o")) == ("0.00", "11,000.00")


@pytest.mark.parametrize("receiver", ["mbr_njeri", "mbr_amina", "mbr_nobody"])
async def test_shares_pass_only_to_another_who_has_a_share_account(saved: Branch, receiver: str) -> None:
    with pytest.raises(NoShareAccount):
        await give(saved, "100.00", receiver=receiver)


async def test_shares_may_be_bought_by_standing_order(saved: Branch) -> None:
    async def order(amount: str | None, member: str = "mbr_amina", source: str = "acc_a") -> None:
        trigger = Trigger.SURPLUS if amount is None else Trigger.ON_DATE
        wanted = None if amount is None else Money.parse(amount)
        async with saved.database.unit_of_work() as session:
            await service.order_shares(
                session,
                order_id="sto_1",
                member_id=member,
                source_id=source,
                terms=OrderTerms(trigger, wanted, Money(0), TODAY),
                now=NOW,
            )

    with pytest.raises(NotWholeShares):
        await order("150.00")
    with pytest.raises(NoShareAccount):
        await order("100.00", "mbr_njeri", "acc_n")
    with pytest.raises(ContradictorySavingsTerms):
        await order(None)
    await order("200.00")
    async with saved.database.unit_of_work() as session:
        await run_due_orders(session, ids=saved.ids, on=TODAY, now=NOW)

    assert await held(saved, "shr_a") == "6,200.00"
    assert await saved.balance("acc_a") == "800.00"
