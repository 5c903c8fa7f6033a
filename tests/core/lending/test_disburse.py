"""Is a loan paid out once, in full, and undone when its money never arrives?"""

from dataclasses import replace
from fractions import Fraction

import pytest

from core.errors import (
    IdempotencyConflict,
    LoanNotRunning,
    TopUpTooSmall,
)
from core.ledger.chart import Gl
from core.lending.charge_terms import Charge, ChargeBasis, ChargeKind, ChargeTiming
from core.lending.lifecycle import LoanStatus, PaidTo
from core.lending.products import DEVELOPMENT
from core.lending.service.disburse import Agreed, settle_disbursement, void_disbursement
from core.money import Money
from tests.core.lending.lending_desk import LendingDesk


async def test_a_loan_to_savings_is_there_at_once(desk: LendingDesk) -> None:
    savings = await desk.account("M00002", "savings")
    before = await desk.balance(savings)

    lent = await desk.lend()

    assert lent.loan.status is LoanStatus.ACTIVE
    assert await desk.balance(savings) == before + Money(12_000_000)
    assert await desk.balance(lent.loan.principal_code) == Money(12_000_000)
    await desk.assert_agreement()


async def test_a_loan_is_paid_out_once(desk: LendingDesk) -> None:
    lent = await desk.lend()
    agreed = Agreed(lent.loan.loan_id, lent.loan.member_id, DEVELOPMENT, lent.loan.terms, PaidTo.SAVINGS)

    again = await desk.disburse(agreed)

    assert again.loan.number == lent.loan.number
    assert len(again.entries) == 1
    with pytest.raises(IdempotencyConflict):
        await desk.disburse(replace(agreed, paid_to=PaidTo.BANK))


async def test_charges_are_taken_from_the_money_paid_out(desk: LendingDesk) -> None:
    fee = Charge(
        ChargeKind.FEE,
        ChargeTiming.DEDUCTED,
        ChargeBasis.PRINCIPAL,
        rate=Fraction(1, 100),
        excise_rate=Fraction(1, 5),
    )
    premium = Charge(ChargeKind.INSURANCE, ChargeTiming.DEDUCTED, amount=Money(50_000))
    terms = replace(DEVELOPMENT.terms(principal=Money(10_000_000), instalments=10), charges=(fee, premium))

    lent = await desk.lend(terms=terms, paid_to=PaidTo.BANK)

    assert lent.loan.paid_out == Money(10_000_000 - 100_000 - 20_000 - 50_000)
    assert await desk.balance("4020.development") == Money(100_000)
    assert await desk.balance(Gl.EXCISE_DUTY) == Money(20_000)
    assert await desk.balance(Gl.INSURANCE_PAYABLE) == Money(50_000)
    await desk.assert_agreement()


async def test_a_loan_to_mpesa_runs_when_the_provider_says_so(desk: LendingDesk) -> None:
    lent = await desk.lend(paid_to=PaidTo.MPESA)
    assert lent.loan.status is LoanStatus.DISBURSING
    assert await desk.balance(Gl.PAYOUTS_HELD) == Money(12_000_000)
    with pytest.raises(LoanNotRunning):
        await desk.repay(lent.loan.loan_id, 1_000)

    for _ in range(2):
        async with desk.database.unit_of_work() as session:
            settled = await settle_disbursement(
                session, ids=desk.ids, loan_id=lent.loan.loan_id, by="provider", now=desk.now
            )

    assert [payout.amount for payout in desk.sent.payouts] == [Money(12_000_000)]
    assert settled.loan.status is LoanStatus.ACTIVE
    assert await desk.balance(Gl.PAYOUTS_HELD) == Money(0)
    await desk.assert_agreement()


async def test_a_payout_that_failed_leaves_nothing(desk: LendingDesk) -> None:
    old = await desk.lend(principal=2_000_000)
    lent = await desk.lend(paid_to=PaidTo.MPESA, clears=(old.loan.loan_id,))
    assert (await desk.loan(old.loan.loan_id)).loan.status is LoanStatus.CLOSED

    for _ in range(2):
        async with desk.database.unit_of_work() as session:
            gone = await void_disbursement(
                session,
                ids=desk.ids,
                loan_id=lent.loan.loan_id,
                reason="no such number",
                by="provider",
                now=desk.now,
            )

    assert gone.loan.status is LoanStatus.CANCELLED
    assert (await desk.loan(old.loan.loan_id)).loan.status is LoanStatus.ACTIVE
    assert await desk.balance(Gl.PAYOUTS_HELD) == Money(0)
    async with desk.database.unit_of_work() as session:
        with pytest.raises(LoanNotRunning):
            await settle_disbursement(
                session, ids=desk.ids, loan_id=lent.loan.loan_id, by="provider", now=desk.now
            )
    await desk.assert_agreement()


async def test_a_settled_payout_can_not_be_voided(desk: LendingDesk) -> None:
    lent = await desk.lend()

    async with desk.database.unit_of_work() as session:
        with pytest.raises(LoanNotRunning):
            await void_disbursement(
                session, ids=desk.ids, loan_id=lent.loan.loan_id, reason="late", by="provider", now=desk.now
            )


async def test_a_top_up_clears_the_old_loan_and_pays_out_the_rest(desk: LendingDesk) -> None:
    old = await desk.lend(principal=2_000_000)
    desk.wait(10)
    needed = (await desk.loan(old.loan.loan_id)).to_clear(desk.today).total

    new = await desk.lend(principal=5_000_000, clears=(old.loan.loan_id,))

    assert new.loan.paid_out == Money(5_000_000 - needed)
    assert (await desk.loan(old.loan.loan_id)).loan.status is LoanStatus.CLOSED
    await desk.assert_agreement()


async def test_a_top_up_that_does_not_clear_the_old_loan_is_refused(desk: LendingDesk) -> None:
    old = await desk.lend(principal=2_000_000)

    with pytest.raises(TopUpTooSmall):
        await desk.lend(principal=1_000_000, clears=(old.loan.loan_id,))

    await desk.assert_agreement()
