"""Does a top-up clear the old loan out of the new one, and count as one loan toward the limit?"""

from collections.abc import Sequence

import pytest

from core.errors import LoanAboveLimit, LoanNotRunning, TopUpTooSmall, UnknownLoan
from core.ledger import balances
from core.lending.applications.apply import apply_for_loan
from core.lending.applications.disburse_application import disburse_application
from core.lending.applications.model import Application
from core.lending.lifecycle import LoanStatus, PaidTo
from core.lending.policies import Purpose
from core.lending.running import Running, read_loan
from core.lending.service.repay import post_repayment
from core.money import Money
from imarisha.institution import AMINA, OTIENO
from tests.core.lending.applications.desk import ADMIN, Desk, kes


async def wish(desk: Desk, amount: Money, clears: Sequence[str]) -> Application:
    member_id = await desk.member(OTIENO)
    async with desk.database.unit_of_work() as session:
        return await apply_for_loan(
            session,
            desk.ids,
            application_id=desk.ids.new("app"),
            member_id=member_id,
            product="development",
            amount=amount,
            instalments=12,
            purpose=Purpose.BUSINESS,
            channel="branch",
            by=member_id,
            now=desk.now,
            clears=clears,
        )


async def pay_out(desk: Desk, application: Application, loan_id: str) -> Running:
    async with desk.database.unit_of_work() as session:
        return await disburse_application(
            session,
            desk.ids,
            application_id=application.application_id,
            loan_id=loan_id,
            paid_to=PaidTo.SAVINGS,
            disburser=None,
            by=ADMIN.staff_id,
            now=desk.now,
        )


@pytest.fixture
async def old(desk: Desk) -> str:
    """Otieno's loan of 20,000.00, secured by his own deposits."""
    application = await desk.accept(await desk.approved(kes(20_000)))
    return (await pay_out(desk, application, "lon_old")).loan.loan_id


async def granted(desk: Desk, application: Application) -> Application:
    await desk.appraise(application)
    return await desk.accept(await desk.vote(application))


async def test_the_old_loan_is_cleared_out_of_the_new_one(desk: Desk, old: str) -> None:
    with pytest.raises(LoanAboveLimit):
        await wish(desk, kes(26_000), clears=())

    application = await granted(desk, await wish(desk, kes(26_000), clears=[old, old]))
    made = await pay_out(desk, application, "lon_new")
    again = await pay_out(desk, application, "lon_new")

    assert application.clears == (old,)
    assert made.loan.paid_out == again.loan.paid_out == kes(5_800)
    async with desk.database.reading() as session:
        cleared = await read_loan(session, old, on=made.loan.disbursed_on)
        assert await balances.differences(session) == []
    assert cleared.loan.status is LoanStatus.CLOSED
    assert [entry.key for entry in cleared.entries[1:]] == [f"top_up:lon_new:{old}"]


async def test_a_loan_paid_off_in_the_meantime_is_not_cleared_again(desk: Desk, old: str) -> None:
    application = await granted(desk, await wish(desk, kes(26_000), clears=[old]))
    async with desk.database.unit_of_work() as session:
        await post_repayment(
            session,
            key="paid off",
            loan_id=old,
            amount=kes(20_200),
            paid_from="1010",
            paid_on=desk.now.date(),
            by="teller",
            now=desk.now,
        )

    made = await pay_out(desk, application, "lon_new")

    assert made.loan.paid_out == kes(26_000)
    with pytest.raises(LoanNotRunning):
        await wish(desk, kes(26_000), clears=[old])


async def test_only_own_loans_are_cleared_and_by_enough(desk: Desk, old: str) -> None:
    async with desk.database.reading() as session:
        row = await session.row("SELECT id FROM loan WHERE member_id = $1", await desk.member(AMINA))
    assert row is not None

    for amount, clears, refusal in (
        (kes(19_000), [old], TopUpTooSmall),
        (kes(26_000), [row["id"]], UnknownLoan),
        (kes(26_000), ["lon_none"], UnknownLoan),
    ):
        with pytest.raises(refusal):
            await wish(desk, amount, clears)
