"""Is a loan paid out of the member's own savings, once, and never with more than is there?"""

from datetime import date

import pytest

from core.db.engine import Database
from core.errors import NoLoanToRepay, NotEnoughSaved, RepaymentOutOfRange, UnknownSavingsAccount
from core.ledger import balances
from core.lending import store as loans
from core.lending.service.repay import RepaymentResult
from core.lending.service.repay_from_savings import repay_from_savings, savings_of
from core.money import Money
from core.savings import store as savings
from core.savings.model import AccountStatus
from imarisha.institution import AMINA, CHEBET, MWANGI, Person
from tests.clock import StoppedClock
from tests.core.lending.applications.desk import Desk, kes


@pytest.fixture
def desk(founded_database: Database, clock: StoppedClock) -> Desk:
    return Desk.of(founded_database, clock)


async def loan_of(desk: Desk, person: Person) -> str:
    member = await desk.member(person)
    async with desk.database.reading() as session:
        [standing] = await loans.running(session, member, today=date(2026, 3, 11))
    return standing.loan_id


async def saved(desk: Desk, person: Person) -> Money:
    member = await desk.member(person)
    async with desk.database.reading() as session:
        return (await savings_of(session, member)).balance


async def pay(desk: Desk, person: Person, loan_id: str, amount: Money, *, key: str = "k1") -> RepaymentResult:
    member = await desk.member(person)
    async with desk.database.unit_of_work() as session:
        return await repay_from_savings(
            session, desk.ids, key=key, member_id=member, loan_id=loan_id, amount=amount, now=desk.now
        )


async def test_savings_pay_the_loan_to_the_cent_and_the_member_hears_of_it(desk: Desk) -> None:
    loan_id, before = await loan_of(desk, AMINA), await saved(desk, AMINA)

    result = await pay(desk, AMINA, loan_id, Money(3_000_50))

    assert result.paid == Money(3_000_50)
    assert await saved(desk, AMINA) == before - Money(3_000_50)
    assert await desk.told(AMINA) == ["repayment_received"]
    async with desk.database.reading() as session:
        assert await balances.differences(session) == []


async def test_the_same_request_again_pays_nothing_more(desk: Desk) -> None:
    loan_id = await loan_of(desk, AMINA)
    first = await pay(desk, AMINA, loan_id, kes(3_000))

    again = await pay(desk, AMINA, loan_id, kes(3_000))

    assert again.to_clear == first.to_clear
    assert await desk.told(AMINA) == ["repayment_received"]


async def test_more_than_is_saved_is_refused(desk: Desk) -> None:
    loan_id = await loan_of(desk, CHEBET)

    with pytest.raises(NotEnoughSaved) as refused:
        await pay(desk, CHEBET, loan_id, kes(700))

    assert refused.value.available_minor == 640_00
    assert await saved(desk, CHEBET) == kes(640)


@pytest.mark.parametrize("amount", [kes(0), kes(1_000_000)])
async def test_an_amount_beyond_the_debt_is_refused(desk: Desk, amount: Money) -> None:
    with pytest.raises(RepaymentOutOfRange):
        await pay(desk, AMINA, await loan_of(desk, AMINA), amount)


async def test_another_member_s_loan_and_no_loan_are_refused(desk: Desk) -> None:
    for loan_id in (await loan_of(desk, AMINA), "lon_none"):
        with pytest.raises(NoLoanToRepay):
            await pay(desk, MWANGI, loan_id, kes(100))


async def test_a_closed_loan_takes_no_new_payment(desk: Desk) -> None:
    loan_id = await loan_of(desk, AMINA)
    async with desk.database.unit_of_work() as session:
        await session.execute("UPDATE loan SET status = 'closed' WHERE id = $1", loan_id)

    with pytest.raises(NoLoanToRepay):
        await pay(desk, AMINA, loan_id, kes(100))


async def test_a_member_without_savings_can_not_pay_from_them(desk: Desk) -> None:
    loan_id, member = await loan_of(desk, AMINA), await desk.member(AMINA)
    async with desk.database.unit_of_work() as session:
        account = await savings_of(session, member)
        await savings.set_status(
            session, account.account_id, AccountStatus.CLOSED, closed_on=date(2026, 3, 11)
        )

    with pytest.raises(UnknownSavingsAccount):
        await pay(desk, AMINA, loan_id, kes(100))
