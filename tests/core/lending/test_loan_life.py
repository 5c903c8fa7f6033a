"""What happens to a loan that runs, on the real books: what is refused, what a repeat does."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from core.errors import (
    AmountNotPositive,
    BeforeDisbursement,
    CurrencyMismatch,
    DatesOutOfOrder,
    IdempotencyConflict,
    NotReversible,
    PeriodClosed,
    UnknownLoan,
    UnknownLoanEvent,
)
from core.ledger.chart import Gl
from core.lending.events import ReAge, Reschedule
from core.lending.guarantees import GuaranteeState
from core.lending.lifecycle import LoanStatus, PaidTo
from core.lending.model import Portion
from core.lending.products import DEVELOPMENT
from core.lending.service.call_guarantees import call_guarantees
from core.lending.service.charges import charge, waive_charge, waive_interest
from core.lending.service.reschedule import reschedule
from core.lending.service.write_off import write_off
from core.lending.terms import MONTHLY
from core.money import Currency, Money
from tests.core.lending.lending_desk import LendingDesk


async def test_what_is_above_the_debt_goes_to_savings_and_closes_the_loan(desk: LendingDesk) -> None:
    lent = await desk.lend(principal=1_000_000, paid_to=PaidTo.BANK)
    savings = await desk.account("M00002", "savings")
    before = await desk.balance(savings)
    to_clear = lent.to_clear(desk.today).total

    paid = await desk.repay(lent.loan.loan_id, to_clear + 700)

    assert (paid.is_cleared, paid.excess) == (True, Money(700))
    assert await desk.balance(savings) == before + Money(700)
    assert (await desk.loan(lent.loan.loan_id)).loan.status is LoanStatus.CLOSED
    await desk.assert_agreement()


async def test_a_repayment_is_posted_once(desk: LendingDesk) -> None:
    lent = await desk.lend()

    first = await desk.repay(lent.loan.loan_id, 100_000, key="slip 7")
    again = await desk.repay(lent.loan.loan_id, 100_000, key="slip 7")

    assert first.to_clear == again.to_clear
    assert len((await desk.loan(lent.loan.loan_id)).entries) == 2
    with pytest.raises(IdempotencyConflict):
        await desk.repay(lent.loan.loan_id, 100_001, key="slip 7")


async def test_payments_that_can_not_be_are_refused_and_nothing_is_written(desk: LendingDesk) -> None:
    lent = await desk.lend()
    loan_id = lent.loan.loan_id
    journals = await _count(desk, "journal")

    with pytest.raises(BeforeDisbursement):
        await desk.repay(loan_id, 1_000, on=desk.today - timedelta(days=1))
    with pytest.raises(DatesOutOfOrder):
        await desk.repay(loan_id, 1_000, on=desk.today + timedelta(days=1))
    with pytest.raises(AmountNotPositive):
        await desk.repay(loan_id, 0)
    with pytest.raises(UnknownLoan):
        await desk.repay("lon_none", 1_000)
    with pytest.raises(CurrencyMismatch):
        async with desk.database.unit_of_work() as session:
            await charge(
                session,
                key="fee",
                loan_id=loan_id,
                portion=Portion.FEE,
                amount=Money(100, Currency.USD),
                name="letter",
                by="officer",
                now=desk.now,
            )

    assert await _count(desk, "journal") == journals
    assert len((await desk.loan(loan_id)).entries) == 1


async def test_a_closed_month_takes_nothing(desk: LendingDesk) -> None:
    lent = await desk.lend()
    async with desk.database.unit_of_work() as session:
        await session.execute(
            "INSERT INTO closed_period (month, closed_at, closed_by, is_year_end) VALUES ($1, $2, 'board', false)",
            desk.today.replace(day=1),
            desk.now,
        )

    with pytest.raises(PeriodClosed):
        await desk.repay(lent.loan.loan_id, 1_000)

    assert len((await desk.loan(lent.loan.loan_id)).entries) == 1


async def test_a_reversed_payment_is_as_if_it_never_was(desk: LendingDesk) -> None:
    lent = await desk.lend()
    loan_id = lent.loan.loan_id
    desk.wait(40)
    await desk.repay(loan_id, 300_000)
    desk.wait(5)
    await desk.repay(loan_id, 2_000_000)

    undone = await desk.reverse(loan_id, 2)

    only = await desk.loan(loan_id)
    assert only.state.outstanding == undone.state.outstanding
    assert sum(row.paid.total for row in undone.state.rows) == 2_000_000
    assert undone.entries[-1].event.number == 4
    assert [entry.reversed_by for entry in (await desk.loan(loan_id)).entries] == [None, 4, None, None]
    await desk.assert_agreement()


async def test_reversing_what_closed_a_loan_opens_it_again(desk: LendingDesk) -> None:
    lent = await desk.lend(principal=1_000_000, paid_to=PaidTo.BANK)
    await desk.repay(lent.loan.loan_id, 1_100_000)

    await desk.reverse(lent.loan.loan_id, 2)

    again = await desk.loan(lent.loan.loan_id)
    assert again.loan.status is LoanStatus.ACTIVE
    assert again.state.outstanding == lent.state.outstanding
    await desk.assert_agreement()


async def test_what_can_not_be_reversed_is_refused(desk: LendingDesk) -> None:
    lent = await desk.lend()
    loan_id = lent.loan.loan_id
    await desk.repay(loan_id, 1_000)
    await desk.reverse(loan_id, 2, key="undo")

    assert len((await desk.reverse(loan_id, 2, key="undo")).entries) == 3
    for number in (1, 2, 3):
        with pytest.raises(NotReversible):
            await desk.reverse(loan_id, number)
    with pytest.raises(UnknownLoanEvent):
        await desk.reverse(loan_id, 9)
    await desk.assert_agreement()


async def test_a_back_dated_payment_divides_later_ones_anew(desk: LendingDesk) -> None:
    lent = await desk.lend()
    loan_id = lent.loan.loan_id
    on_time = desk.today + timedelta(days=20)
    desk.wait(40)
    await desk.repay(loan_id, 1_100_000)

    await desk.repay(loan_id, 500_000, on=on_time)

    made = await desk.loan(loan_id)
    by_row = [sum(row["principal"] + row["interest"] for row in entry.rows) for entry in made.entries[1:]]
    assert by_row == [1_100_000, 500_000]
    assert sum(sum(entry.parts) for entry in made.entries[1:]) == 1_600_000
    await desk.assert_agreement()


async def test_a_fee_is_charged_with_its_excise_paid_and_reversed(desk: LendingDesk) -> None:
    lent = await desk.lend()
    loan_id = lent.loan.loan_id
    async with desk.database.unit_of_work() as session:
        await charge(
            session,
            key="fee",
            loan_id=loan_id,
            portion=Portion.FEE,
            amount=Money(50_000),
            excise=Money(10_000),
            name="letter",
            by="officer",
            now=desk.now,
        )
    await desk.assert_agreement()
    await desk.repay(loan_id, 20_000)

    await desk.reverse(loan_id, 2)

    assert await desk.balance("4020.development") == Money(0)
    assert await desk.balance(Gl.EXCISE_DUTY) == Money(0)
    await desk.assert_agreement()


@pytest.mark.parametrize("portion", [Portion.FEE, Portion.PENALTY])
async def test_a_charge_is_waived_as_far_as_it_is_unpaid(desk: LendingDesk, portion: Portion) -> None:
    lent = await desk.lend()
    loan_id = lent.loan.loan_id
    async with desk.database.unit_of_work() as session:
        for _ in range(2):
            await charge(
                session,
                key="once",
                loan_id=loan_id,
                portion=portion,
                amount=Money(50_000),
                name="late",
                by="officer",
                now=desk.now,
            )
    await desk.repay(loan_id, 20_000)

    for _ in range(2):
        async with desk.database.unit_of_work() as session:
            waived = await waive_charge(
                session,
                key="waive",
                loan_id=loan_id,
                number=2,
                reason="our mistake",
                by="officer",
                now=desk.now,
            )

    assert (waived.state.outstanding.penalty, waived.state.outstanding.fee) == (0, 0)
    assert len(waived.entries) == 4
    await desk.assert_agreement()
    with pytest.raises(UnknownLoanEvent):
        async with desk.database.unit_of_work() as session:
            await waive_charge(
                session, key="no", loan_id=loan_id, number=3, reason="none", by="officer", now=desk.now
            )
    await desk.reverse(loan_id, 4)
    await desk.assert_agreement()


async def test_interest_is_forgone(desk: LendingDesk) -> None:
    lent = await desk.lend()
    async with desk.database.unit_of_work() as session:
        await waive_interest(
            session,
            key="let off",
            loan_id=lent.loan.loan_id,
            amount=Money(50_000),
            reason="flood",
            by="officer",
            now=desk.now,
        )

    await desk.assert_agreement()
    await desk.reverse(lent.loan.loan_id, 2)
    await desk.assert_agreement()


async def test_a_loan_is_written_off_and_recovered(desk: LendingDesk) -> None:
    lent = await desk.lend(paid_to=PaidTo.BANK)
    loan_id = lent.loan.loan_id
    for _ in range(2):
        async with desk.database.unit_of_work() as session:
            await write_off(
                session, key="gone", loan_id=loan_id, reason="left the country", by="board", now=desk.now
            )
    assert await desk.balance(lent.loan.principal_code) == Money(0)
    assert await desk.balance("5120.development") == Money(12_000_000)
    await desk.assert_agreement()

    recovered = await desk.repay(loan_id, 2_000_000)

    assert recovered.loan.status is LoanStatus.WRITTEN_OFF
    assert await desk.balance("4220.development") == Money(2_000_000)
    await desk.assert_agreement()
    with pytest.raises(NotReversible):
        await desk.reverse(loan_id, 2)
    await desk.reverse(loan_id, 3)
    await desk.reverse(loan_id, 2)
    assert (await desk.loan(loan_id)).loan.status is LoanStatus.ACTIVE
    assert await desk.balance(lent.loan.principal_code) == Money(12_000_000)
    await desk.assert_agreement()


async def test_a_loan_written_off_is_closed_when_all_is_recovered(desk: LendingDesk) -> None:
    lent = await desk.lend(principal=1_000_000, paid_to=PaidTo.BANK)
    async with desk.database.unit_of_work() as session:
        await write_off(
            session, key="gone", loan_id=lent.loan.loan_id, reason="gone", by="board", now=desk.now
        )

    paid = await desk.repay(lent.loan.loan_id, 2_000_000)

    assert paid.is_cleared
    assert paid.loan.status is LoanStatus.CLOSED
    await desk.assert_agreement()


async def test_a_loan_is_rescheduled_and_re_aged(desk: LendingDesk) -> None:
    lent = await desk.lend()
    loan_id = lent.loan.loan_id
    first = lent.state.rows[0].due_on
    later = Reschedule(desk.today, first, new_due=first + timedelta(days=14), extra_instalments=6)

    for _ in range(2):
        async with desk.database.unit_of_work() as session:
            longer = await reschedule(
                session,
                ids=desk.ids,
                key="longer",
                loan_id=loan_id,
                what=later,
                reason="ill",
                by="officer",
                now=desk.now,
            )
    assert len(longer.state.rows) == 18
    await desk.repay(loan_id, 500_000)
    desk.wait(100)
    async with desk.database.unit_of_work() as session:
        aged = await reschedule(
            session,
            ids=desk.ids,
            key="anew",
            loan_id=loan_id,
            what=ReAge(desk.today + timedelta(days=30), MONTHLY, 6),
            reason="drought",
            by="officer",
            now=desk.now,
        )

    assert aged.state.outstanding.principal > 0
    await desk.assert_agreement()


async def test_guarantors_pay_what_the_borrower_s_deposits_leave(desk: LendingDesk) -> None:
    """60,000 left, guaranteed 100,000, 60,000 and 40,000: 30,000, 18,000 and 12,000."""
    usual = DEVELOPMENT.terms(principal=Money(9_000_000), instalments=1)
    lent = await desk.lend(terms=replace(usual, annual_rate=Fraction(0)), paid_to=PaidTo.BANK)
    loan_id = lent.loan.loan_id
    async with desk.database.unit_of_work() as session:
        for guarantor, amount in (("M00001", 10_000_000), ("M00004", 4_000_000), ("M00006", 6_000_000)):
            await session.execute(
                """INSERT INTO loan_guarantee (id, subject, borrower_id, guarantor_id, asked, amount, currency, state,
                                               requested_at, expires_at)
                   SELECT 'gua_' || number, $1, $2, id, $4::bigint, $4, 'KES', 'accepted', $5, $5
                     FROM member WHERE number = $3""",
                loan_id,
                lent.loan.member_id,
                guarantor,
                amount,
                desk.now,
            )
    desk.wait(60)

    async with desk.database.unit_of_work() as session:
        called = await call_guarantees(
            session, ids=desk.ids, key="call", loan_id=loan_id, by="officer", now=desk.now
        )

    assert called.recovery.own_deposits == Money(3_000_000)
    assert {each.guarantee_id: each.recovered for each in called.guarantees} == {
        "gua_M00001": Money(3_000_000),
        "gua_M00004": Money(1_200_000),
        "gua_M00006": Money(1_800_000),
    }
    assert (await desk.loan(loan_id)).loan.status is LoanStatus.CLOSED
    assert {each.state for each in called.guarantees} == {GuaranteeState.CALLED}
    await desk.assert_agreement()


async def _count(desk: LendingDesk, table: str) -> int:
    async with desk.database.reading() as session:
        row = await session.row(f"SELECT count(*) AS n FROM {table}")
    assert row is not None
    return int(row["n"])
