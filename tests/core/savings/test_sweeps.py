"""Are instalments due taken from members' accounts, as far as the money goes?"""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime

from core.db.engine import ReadSession
from core.ledger.chart import Gl
from core.money import Currency, Money
from core.savings.model import SavingsProduct
from core.savings.ports import LoanDue
from core.savings.service import sweeps
from core.savings.sweeps import plan_sweeps
from tests.core.savings.branch import Branch, noon
from tests.core.savings.lender import Lender

FIFTH = date(2026, 3, 5)


async def test_instalments_are_swept_as_far_as_the_money_goes_and_again_when_more_comes(
    branch: Branch,
) -> None:
    amina, otieno = await branch.member("amina"), await branch.member("otieno")
    await branch.account("acc_a", amina, holding="1,000.00")
    await branch.account("acc_o", otieno)
    lender = Lender()
    lender.lend("lon_1", "mbr_amina", "700.00")
    lender.lend("lon_2", "mbr_amina", "800.00")
    lender.lend("lon_3", "mbr_otieno", "50.00")
    lender.lend("lon_4", "mbr_nobody", "50.00")

    async def sweep(now: datetime, most: int = 500) -> None:
        after: str | None = ""
        while after is not None:
            async with branch.database.unit_of_work() as session:
                after = await sweeps.sweep_instalments(
                    session, on=FIFTH, now=now, loans=lender, after=after, most=most
                )

    await sweep(noon(FIFTH), most=1)
    assert await branch.balance("acc_a") == "0.00"
    assert {loan: str(due.amount) for loan, due in lender.owed.items()} == {
        "lon_1": "0.00",
        "lon_2": "500.00",
        "lon_3": "50.00",
        "lon_4": "50.00",
    }
    await branch.account("acc_f", "mbr_amina", SavingsProduct.FOSA, holding="600.00")
    await sweep(noon(date(2026, 3, 6)))
    assert await branch.balance("acc_f") == "100.00"
    assert await branch.in_books(Gl.BANK) == "100.00"
    await branch.assert_books_agree()


class BothHaveRead(Lender):
    """What is due is answered only when two runs have asked."""

    def __init__(self) -> None:
        super().__init__(takes_ahead=True)
        self._both = asyncio.Barrier(2)

    async def due(self, session: ReadSession, *, on: date, after: str, most: int) -> Sequence[LoanDue]:
        found = await super().due(session, on=on, after=after, most=most)
        await self._both.wait()
        return found


async def test_two_sweeps_at_once_take_an_instalment_once(branch: Branch) -> None:
    await branch.account("acc_a", await branch.member("amina"), holding="2,000.00")
    lender = BothHaveRead()
    lender.lend("lon_1", "mbr_amina", "700.00")

    async def sweep(now: datetime) -> None:
        async with branch.database.unit_of_work() as session:
            await sweeps.sweep_instalments(session, on=FIFTH, now=now, loans=lender)

    await asyncio.gather(sweep(noon(FIFTH)), sweep(noon(date(2026, 3, 6))))

    assert await branch.balance("acc_a") == "1,300.00"


async def test_a_second_sweep_of_the_same_moment_takes_what_has_come_in_since(branch: Branch) -> None:
    await branch.account("acc_a", await branch.member("amina"), holding="100.00")
    lender = Lender()
    lender.lend("lon_1", "mbr_amina", "300.00")

    for brought in ("50.00", "25.00"):
        async with branch.database.unit_of_work() as session:
            await sweeps.sweep_instalments(session, on=FIFTH, now=noon(FIFTH), loans=lender)
        assert await branch.balance("acc_a") == "0.00"
        await branch.pay_in("acc_a", brought, on=FIFTH)

    assert str(lender.owed["lon_1"].amount) == "150.00"


def test_a_member_s_money_goes_to_the_first_loan_first() -> None:
    dues = [LoanDue(f"lon_{n}", "mbr_a", Money(amount)) for n, amount in enumerate((300, 500, 100))]

    plan = plan_sweeps(dues, {"mbr_a": Money(600)})

    assert [(due.loan_id, amount.minor) for due, amount in plan] == [("lon_0", 300), ("lon_1", 300)]


def test_nothing_is_taken_from_another_currency() -> None:
    due = LoanDue("lon_1", "mbr_a", Money(300))

    assert plan_sweeps([due], {"mbr_a": Money(600, Currency.USD)}) == []


async def test_nothing_is_swept_from_an_account_that_sleeps(branch: Branch) -> None:
    amina = await branch.member("amina")
    await branch.account("acc_s", amina, holding="1,000.00")
    await branch.account("acc_f", amina, SavingsProduct.FOSA, holding="1,000.00")
    async with branch.database.unit_of_work() as session:
        await session.execute("UPDATE savings_account SET status = 'dormant' WHERE id = 'acc_f'")
    lender = Lender()
    lender.lend("lon_1", amina, "700.00")

    async with branch.database.unit_of_work() as session:
        await sweeps.sweep_instalments(session, on=FIFTH, now=noon(FIFTH), loans=lender)

    assert (await branch.balance("acc_f"), await branch.balance("acc_s")) == ("1,000.00", "300.00")
    async with branch.database.unit_of_work() as session:
        await session.execute("UPDATE savings_account SET status = 'dormant' WHERE id = 'acc_s'")
    lender.lend("lon_2", amina, "50.00")
    async with branch.database.unit_of_work() as session:
        await sweeps.sweep_instalments(session, on=FIFTH, now=noon(FIFTH), loans=lender)

    assert await branch.balance("acc_s") == "300.00"
