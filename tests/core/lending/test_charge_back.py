"""Is a payment that was taken back due again, as far as it was, and once?"""

import pytest

from core.errors import AmountNotPositive, ChargebackTooLarge, LoanNotRunning, NotReversible, UnknownLoanEvent
from core.ledger.chart import Gl
from core.lending.lifecycle import LoanStatus, PaidTo
from core.lending.running import Running
from core.lending.service.charge_back import charge_back
from core.lending.service.write_off import write_off
from core.money import Money
from tests.core.lending.lending_desk import LendingDesk


async def taken_back(
    desk: LendingDesk, loan_id: str, number: int, minor: int, *, key: str | None = None
) -> Running:
    async with desk.database.unit_of_work() as session:
        return await charge_back(
            session,
            key=key or desk.key(),
            loan_id=loan_id,
            number=number,
            amount=Money(minor),
            reason="cheque unpaid",
            by="supervisor",
            now=desk.now,
        )


async def test_part_of_a_payment_is_due_again_once(desk: LendingDesk) -> None:
    lent = await desk.lend()
    desk.wait(35)
    await desk.repay(lent.loan.loan_id, 1_066_185, paid_from=Gl.BANK)
    bank = await desk.balance(Gl.BANK)
    before = await desk.loan(lent.loan.loan_id)

    made = await taken_back(desk, lent.loan.loan_id, 2, 400_000, key="bounced")
    await taken_back(desk, lent.loan.loan_id, 2, 400_000, key="bounced")

    assert made.state.outstanding.principal == before.state.outstanding.principal + 400_000
    assert made.state.outstanding.interest == before.state.outstanding.interest
    assert await desk.balance(Gl.BANK) == bank - Money(400_000)
    assert len((await desk.loan(lent.loan.loan_id)).entries) == 3
    await desk.assert_agreement()


async def test_a_loan_that_was_cleared_runs_again(desk: LendingDesk) -> None:
    lent = await desk.lend()
    await desk.repay(lent.loan.loan_id, 13_000_000)
    assert (await desk.loan(lent.loan.loan_id)).loan.status is LoanStatus.CLOSED

    made = await taken_back(desk, lent.loan.loan_id, 2, 1_000_000)

    assert made.loan.status is LoanStatus.ACTIVE
    assert made.state.outstanding.principal == 1_000_000
    await desk.assert_agreement()


async def test_no_more_is_taken_back_than_was_paid_in_all(desk: LendingDesk) -> None:
    lent = await desk.lend()
    await desk.repay(lent.loan.loan_id, 500_000)
    await taken_back(desk, lent.loan.loan_id, 2, 300_000)

    for number, minor, refusal in (
        (2, 200_001, ChargebackTooLarge),
        (2, 0, AmountNotPositive),
        (1, 100, UnknownLoanEvent),
        (3, 100, UnknownLoanEvent),
        (9, 100, UnknownLoanEvent),
    ):
        with pytest.raises(refusal):
            await taken_back(desk, lent.loan.loan_id, number, minor)
    with pytest.raises(NotReversible):
        await desk.reverse(lent.loan.loan_id, 2)


async def test_a_chargeback_that_was_a_mistake_is_undone(desk: LendingDesk) -> None:
    lent = await desk.lend()
    await desk.repay(lent.loan.loan_id, 500_000)
    before = await desk.loan(lent.loan.loan_id)
    await taken_back(desk, lent.loan.loan_id, 2, 300_000)

    undone = await desk.reverse(lent.loan.loan_id, 3)

    assert undone.state.outstanding == before.state.outstanding
    await desk.assert_agreement()
    await taken_back(desk, lent.loan.loan_id, 2, 500_000)
    await desk.assert_agreement()


async def test_what_is_taken_back_on_a_loan_off_the_books_lowers_what_was_recovered(
    desk: LendingDesk,
) -> None:
    lent = await desk.lend()
    async with desk.database.unit_of_work() as session:
        await write_off(
            session, key="off", loan_id=lent.loan.loan_id, reason="gone", by="board", now=desk.now
        )
    await desk.repay(lent.loan.loan_id, 500_000)
    recovered = await desk.balance(lent.accounts.recovered)

    made = await taken_back(desk, lent.loan.loan_id, 3, 200_000)

    assert await desk.balance(lent.accounts.recovered) in {
        recovered - Money(200_000),
        recovered + Money(200_000),
    }
    assert made.loan.status is LoanStatus.WRITTEN_OFF
    await desk.assert_agreement()


async def test_a_loan_on_its_way_has_nothing_to_take_back(desk: LendingDesk) -> None:
    lent = await desk.lend(paid_to=PaidTo.MPESA)

    with pytest.raises(LoanNotRunning):
        await taken_back(desk, lent.loan.loan_id, 1, 100)
