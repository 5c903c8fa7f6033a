"""A member's phone is asked for money for any purpose: posted where it belongs, told once."""

import pytest

from core.collecting import request_payment
from core.errors import (
    IdempotencyConflict,
    NoShareAccount,
    NotWholeShares,
    PaymentInProgress,
    PaymentOutOfRange,
    Refusal,
    UnknownFee,
    UnknownSavingsAccount,
)
from core.ledger.chart import Gl
from core.members import store as members
from core.members.model import Member
from core.money import Money
from core.payments.model import FeeKind, Payment, PaymentState, Purpose
from core.phone import Msisdn
from core.savings import store as savings
from core.savings.model import Account, SavingsProduct
from core.shares import store as shares
from imarisha.institution import AMINA, NJERI, OTIENO
from tests.world import World


async def member(world: World, phone: str) -> Member:
    async with world.system.database.reading() as session:
        found, _ = await members.by_phone(session, phone)
    return found


async def account(world: World, phone: str, product: SavingsProduct) -> Account:
    who = await member(world, phone)
    async with world.system.database.reading() as session:
        every = await savings.of_member(session, who.member_id)
    return next(each for each in every if each.product is product)


async def share_account(world: World, phone: str) -> str:
    who = await member(world, phone)
    async with world.system.database.reading() as session:
        own = await shares.find(session, who.member_id)
    assert own is not None
    return own.account_id


async def ask(
    world: World,
    phone: str,
    purpose: Purpose,
    subject: str,
    amount: Money,
    *,
    payment_id: str | None = None,
    to: Msisdn | None = None,
) -> Payment:
    """The phone is asked; the prompt is on it."""
    who = await member(world, phone)
    async with world.system.database.unit_of_work() as session:
        payment = await request_payment(
            session,
            payment_id=payment_id or world.system.ids.new("pay"),
            member=who,
            purpose=purpose,
            subject=subject,
            amount=amount,
            channel="test",
            now=world.clock.now(),
            phone=to,
        )
    await world.work()
    return payment


async def test_a_deposit_reaches_the_account_and_the_member_reads_the_balance(world: World) -> None:
    own = await account(world, OTIENO.phone, SavingsProduct.DEPOSITS)

    await ask(world, OTIENO.phone, Purpose.SAVINGS, own.account_id, Money(150_000))
    await world.approve(OTIENO.phone)

    assert (await account(world, OTIENO.phone, SavingsProduct.DEPOSITS)).balance == own.balance + Money(
        150_000
    )
    [message] = await world.messages(OTIENO.phone)
    assert "1,500.00" in message
    assert "31,500.00" in message
    await world.assert_books_agree()


async def test_whole_shares_are_bought_with_money_from_the_phone(world: World) -> None:
    own = await share_account(world, AMINA.phone)

    await ask(world, AMINA.phone, Purpose.SHARES, own, Money(200_000))
    await world.approve(AMINA.phone)

    async with world.system.database.reading() as session:
        held = await shares.find(session, (await member(world, AMINA.phone)).member_id)
    assert held is not None
    assert held.balance == Money(2_200_000)
    assert "22,000.00" in (await world.messages(AMINA.phone))[-1]
    await world.assert_books_agree()


async def test_a_fee_is_income_and_its_excise_the_state_s(world: World) -> None:
    await ask(world, AMINA.phone, Purpose.FEE, FeeKind.CARD, Money(12_000))
    await world.approve(AMINA.phone)

    assert await world.balance(Gl.ACCOUNT_FEES) == Money(10_000)
    assert await world.balance(Gl.EXCISE_DUTY) == Money(2_000)
    assert "card fee" in (await world.messages(AMINA.phone))[-1]
    await world.assert_books_agree()


async def test_what_whole_shillings_bring_above_a_fee_is_saved(world: World) -> None:
    before = (await account(world, AMINA.phone, SavingsProduct.SAVINGS)).balance

    await ask(world, AMINA.phone, Purpose.FEE, FeeKind.STATEMENT, Money(10_050))
    await world.approve(AMINA.phone)

    assert (await account(world, AMINA.phone, SavingsProduct.SAVINGS)).balance == before + Money(50)
    await world.assert_books_agree()


async def test_money_for_an_account_that_was_closed_meanwhile_goes_to_the_savings(world: World) -> None:
    deposits = await account(world, AMINA.phone, SavingsProduct.DEPOSITS)
    before = (await account(world, AMINA.phone, SavingsProduct.SAVINGS)).balance
    await ask(world, AMINA.phone, Purpose.SAVINGS, deposits.account_id, Money(50_000))
    async with world.system.database.unit_of_work() as session:
        await session.execute(
            "UPDATE savings_account SET status = 'closed', closed_on = opened_on WHERE id = $1",
            deposits.account_id,
        )

    await world.approve(AMINA.phone)

    assert (await account(world, AMINA.phone, SavingsProduct.SAVINGS)).balance == before + Money(50_000)
    await world.assert_books_agree()


async def test_money_of_a_member_without_any_account_waits_in_suspense(world: World) -> None:
    deposits = await account(world, AMINA.phone, SavingsProduct.DEPOSITS)
    await ask(world, AMINA.phone, Purpose.SAVINGS, deposits.account_id, Money(50_000))
    async with world.system.database.unit_of_work() as session:
        await session.execute(
            "UPDATE savings_account SET status = 'closed', closed_on = opened_on WHERE member_id = $1",
            deposits.member_id,
        )

    await world.approve(AMINA.phone)

    assert await world.balance(Gl.SUSPENSE) == Money(50_000)
    assert await world.count("suspense_receipt") == 1
    assert "We look for the account" in (await world.messages(AMINA.phone))[-1]


async def test_another_phone_may_pay_for_the_member(world: World) -> None:
    own = await account(world, AMINA.phone, SavingsProduct.SAVINGS)

    await ask(world, AMINA.phone, Purpose.SAVINGS, own.account_id, Money(10_000), to=Msisdn(OTIENO.phone))
    await world.approve(OTIENO.phone)

    assert (await account(world, AMINA.phone, SavingsProduct.SAVINGS)).balance == own.balance + Money(10_000)
    assert len(await world.messages(OTIENO.phone)) == 1


async def test_the_same_id_is_one_payment_and_for_something_else_a_conflict(world: World) -> None:
    own = await account(world, AMINA.phone, SavingsProduct.SAVINGS)
    first = await ask(world, AMINA.phone, Purpose.SAVINGS, own.account_id, Money(10_000))

    again = await ask(
        world, AMINA.phone, Purpose.SAVINGS, own.account_id, Money(10_000), payment_id=first.payment_id
    )

    assert again.payment_id == first.payment_id
    with pytest.raises(IdempotencyConflict):
        await ask(world, AMINA.phone, Purpose.FEE, "card", Money(10_000), payment_id=first.payment_id)


async def test_a_second_prompt_waits_until_the_first_is_answered(world: World) -> None:
    own = await account(world, AMINA.phone, SavingsProduct.SAVINGS)
    await ask(world, AMINA.phone, Purpose.SAVINGS, own.account_id, Money(10_000))

    with pytest.raises(PaymentInProgress):
        await ask(world, AMINA.phone, Purpose.FEE, FeeKind.CARD, Money(10_000))


@pytest.mark.parametrize(
    ("purpose", "subject", "amount", "refusal"),
    [
        (Purpose.SAVINGS, "acc_nobody", Money(10_000), UnknownSavingsAccount),
        (Purpose.SHARES, "acc_nobody", Money(10_000), NoShareAccount),
        (Purpose.SHARES, "acc_nobody", Money(10_050), NotWholeShares),
        (Purpose.FEE, "bribe", Money(10_000), UnknownFee),
        (Purpose.FEE, FeeKind.CARD, Money(25_000_100), PaymentOutOfRange),
    ],
)
async def test_what_can_t_be_paid_is_refused_before_any_prompt(
    world: World, purpose: Purpose, subject: str, amount: Money, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        await ask(world, NJERI.phone, purpose, subject, amount)

    assert await world.count("payment") == 0


async def test_a_declined_prompt_moves_nothing(world: World) -> None:
    own = await account(world, AMINA.phone, SavingsProduct.SAVINGS)
    await ask(world, AMINA.phone, Purpose.SAVINGS, own.account_id, Money(10_000))

    await world.answer_prompt(AMINA.phone, "decline")
    await world.pass_time(seconds=5)

    [payment] = await world.payments()
    assert payment.state is PaymentState.FAILED
    assert (await account(world, AMINA.phone, SavingsProduct.SAVINGS)).balance == own.balance
