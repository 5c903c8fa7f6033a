"""Does money move where it may, once, and nowhere else?"""

from datetime import UTC, date, datetime, timedelta

import pytest

from core.errors import (
    AccountNotOpen,
    CurrencyMismatch,
    IdempotencyConflict,
    InvalidAmount,
    NotEnoughSaved,
    NotWithdrawable,
    UnknownSavingsAccount,
    WithdrawalsPaused,
)
from core.ledger.chart import Gl
from core.ledger.store import Posted
from core.members.identity_store import hold_withdrawals
from core.money import Currency, Money
from core.savings import store
from core.savings.interest_terms import InterestTerms
from core.savings.model import AccountStatus, SavingsProduct
from core.savings.products import USUAL_PRODUCTS, ProductTerms
from core.savings.service.money import pay_in, transfer
from tests.core.savings.branch import Branch, noon

NOW = noon(date(2026, 3, 11))


@pytest.fixture
async def saved(branch: Branch) -> Branch:
    amina, otieno = await branch.member("amina"), await branch.member("otieno")
    await branch.account("acc_a", amina, holding="1,000.00")
    await branch.account("acc_d", amina, SavingsProduct.DEPOSITS, holding="5,000.00")
    await branch.account("acc_o", otieno)
    return branch


async def move(
    branch: Branch,
    source: str = "acc_a",
    destination: str = "acc_d",
    *,
    amount: Money | None = None,
    key: str = "1",
    member: str = "mbr_amina",
    now: datetime = NOW,
) -> Posted:
    async with branch.database.unit_of_work() as session:
        return await transfer(
            session,
            ids=branch.ids,
            key=key,
            member_id=member,
            source_id=source,
            destination_id=destination,
            amount=Money(400_00) if amount is None else amount,
            now=now,
        )


async def test_between_own_accounts_nobody_is_told(saved: Branch) -> None:
    await move(saved)

    assert (await saved.balance("acc_a"), await saved.balance("acc_d")) == ("600.00", "5,400.00")
    assert await saved.notices() == []
    await saved.assert_books_agree()


async def test_another_member_is_told_of_what_came_once(saved: Branch) -> None:
    first = await move(saved, destination="acc_o")
    again = await move(saved, destination="acc_o")

    assert (first.is_new, again.is_new) == (True, False)
    assert await saved.balance("acc_o") == "400.00"
    assert await saved.notices() == [("mbr_otieno", "transfer_received")]


async def test_a_request_sent_again_after_midnight_is_done_once(saved: Branch) -> None:
    before = datetime(2026, 3, 11, 20, 59, 58, tzinfo=UTC)
    after = datetime(2026, 3, 11, 21, 0, 2, tzinfo=UTC)

    answers = [await move(saved, now=now) for now in (before, after)]
    for now in (before, after):
        async with saved.database.unit_of_work() as session:
            answers.append(await pay_in(session, key="1", account_id="acc_a", amount=Money(50_00), now=now))

    assert [answer.is_new for answer in answers] == [True, False, True, False]
    assert (await saved.balance("acc_a"), await saved.balance("acc_d")) == ("650.00", "5,400.00")


@pytest.mark.parametrize("account", ["acc_a", "acc_o"])
async def test_a_repeat_gets_its_first_answer_though_an_account_was_closed_since(
    saved: Branch, account: str
) -> None:
    async def pay() -> Posted:
        async with saved.database.unit_of_work() as session:
            return await pay_in(session, key="1", account_id=account, amount=Money(50_00), now=NOW)

    first, paid = await move(saved, destination="acc_o"), await pay()
    async with saved.database.unit_of_work() as session:
        await session.execute(
            "UPDATE savings_account SET status = 'closed', closed_on = $2 WHERE id = $1", account, NOW.date()
        )

    again, paid_again = await move(saved, destination="acc_o"), await pay()

    assert (again.is_new, paid_again.is_new) == (False, False)
    assert (again.journal_id, paid_again.journal_id) == (first.journal_id, paid.journal_id)
    with pytest.raises(AccountNotOpen):
        await move(saved, destination="acc_o", key="2")


async def test_the_same_key_for_another_amount_is_refused(saved: Branch) -> None:
    await move(saved)

    with pytest.raises(IdempotencyConflict):
        await move(saved, amount=Money(1))


@pytest.mark.parametrize(
    ("source", "destination", "amount", "member", "refusal"),
    [
        ("acc_a", "acc_d", Money(0), "mbr_amina", InvalidAmount),
        ("acc_a", "acc_d", Money(-1), "mbr_amina", InvalidAmount),
        ("acc_a", "acc_d", Money(1_000_01), "mbr_amina", NotEnoughSaved),
        ("acc_a", "acc_a", Money(1), "mbr_amina", UnknownSavingsAccount),
        ("acc_a", "acc_nobody", Money(1), "mbr_amina", UnknownSavingsAccount),
        ("acc_nobody", "acc_a", Money(1), "mbr_amina", UnknownSavingsAccount),
        ("acc_a", "acc_o", Money(1), "mbr_otieno", UnknownSavingsAccount),
        ("acc_d", "acc_a", Money(1), "mbr_amina", NotWithdrawable),
        ("acc_a", "acc_d", Money(1, Currency.USD), "mbr_amina", CurrencyMismatch),
    ],
)
async def test_a_transfer_that_may_not_be_changes_nothing(
    saved: Branch, source: str, destination: str, amount: Money, member: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        await move(saved, source, destination, amount=amount, member=member)

    assert (await saved.balance("acc_a"), await saved.balance("acc_d")) == ("1,000.00", "5,000.00")


async def test_a_sleeping_account_takes_money_and_gives_none(saved: Branch) -> None:
    async with saved.database.unit_of_work() as session:
        await store.set_status(session, "acc_a", AccountStatus.DORMANT)

    with pytest.raises(AccountNotOpen):
        await move(saved)
    async with saved.database.unit_of_work() as session:
        await pay_in(session, key="1", account_id="acc_a", amount=Money(1_00), now=NOW)
    assert await saved.balance("acc_a") == "1,001.00"


async def test_a_product_s_minimum_stays_on_the_account(branch: Branch) -> None:
    amina = await branch.member("amina")
    terms = ProductTerms(SavingsProduct.SAVINGS, InterestTerms(), minimum_balance=500_00)
    products = USUAL_PRODUCTS.with_terms(terms)
    await branch.account("acc_a", amina, products=products)
    await branch.account("acc_d", amina, SavingsProduct.DEPOSITS)
    await branch.pay_in("acc_a", "100.00", on=date(2026, 1, 2))
    await branch.assert_books_agree()
    await branch.pay_in("acc_a", "900.00", on=date(2026, 1, 2))

    with pytest.raises(NotEnoughSaved) as short:
        await move(branch, amount=Money(500_01))
    await move(branch, amount=Money(500_00))

    assert short.value.available_minor == 500_00
    assert await branch.balance("acc_a") == "500.00"
    await branch.assert_books_agree()


async def test_money_from_outside_comes_in_once(saved: Branch) -> None:
    for _ in range(2):
        async with saved.database.unit_of_work() as session:
            await pay_in(
                session,
                key="pay_1",
                account_id="acc_d",
                amount=Money(250_00),
                now=NOW,
                received_in=Gl.MPESA_PAYBILL,
            )

    assert await saved.balance("acc_d") == "5,250.00"
    assert await saved.in_books(Gl.MPESA_PAYBILL) == "250.00"


@pytest.mark.parametrize(
    ("account_id", "amount", "refusal"),
    [
        ("acc_nobody", Money(1), UnknownSavingsAccount),
        ("acc_a", Money(0), InvalidAmount),
        ("acc_a", Money(1, Currency.USD), CurrencyMismatch),
    ],
)
async def test_what_can_not_come_in_is_refused(
    saved: Branch, account_id: str, amount: Money, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        async with saved.database.unit_of_work() as session:
            await pay_in(session, key="1", account_id=account_id, amount=amount, now=NOW)


async def test_after_a_new_phone_number_money_goes_to_one_s_own_accounts_alone(saved: Branch) -> None:
    async with saved.database.unit_of_work() as session:
        await hold_withdrawals(session, "mbr_amina", until=NOW + timedelta(days=1))

    with pytest.raises(WithdrawalsPaused):
        await move(saved, destination="acc_o")
    await move(saved)
    await move(saved, destination="acc_o", key="2", now=NOW + timedelta(days=1))
