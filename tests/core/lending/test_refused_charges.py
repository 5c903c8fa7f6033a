"""Which charges can't be booked, and leave the books as they are?"""

import pytest

from core.errors import ContradictoryTerms, LoanNotRunning
from core.lending.model import Portion
from core.lending.service.charges import charge, waive_interest
from core.lending.service.write_off import write_off
from core.money import Money
from tests.core.lending.lending_desk import LendingDesk


async def add(desk: LendingDesk, loan_id: str, portion: Portion, *, excise: Money | None = None) -> None:
    async with desk.database.unit_of_work() as session:
        await charge(
            session,
            key=desk.key(),
            loan_id=loan_id,
            portion=portion,
            amount=Money(1_000),
            excise=excise,
            name="letter",
            by="officer",
            now=desk.now,
        )


@pytest.mark.parametrize("portion", [Portion.FEE, Portion.PENALTY])
async def test_a_loan_that_is_off_the_books_is_not_charged(desk: LendingDesk, portion: Portion) -> None:
    loan_id = (await desk.lend()).loan.loan_id
    async with desk.database.unit_of_work() as session:
        await write_off(session, key="off", loan_id=loan_id, reason="gone", by="board", now=desk.now)

    with pytest.raises(LoanNotRunning):
        await add(desk, loan_id, portion)
    with pytest.raises(LoanNotRunning):
        async with desk.database.unit_of_work() as session:
            await waive_interest(
                session,
                key="let off",
                loan_id=loan_id,
                amount=Money(100),
                reason="illness",
                by="board",
                now=desk.now,
            )

    await desk.assert_agreement()


async def test_excise_comes_on_no_penalty(desk: LendingDesk) -> None:
    loan_id = (await desk.lend()).loan.loan_id

    with pytest.raises(ContradictoryTerms):
        await add(desk, loan_id, Portion.PENALTY, excise=Money(200))

    await add(desk, loan_id, Portion.PENALTY, excise=Money(0))
    await desk.assert_agreement()
