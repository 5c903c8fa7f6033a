"""Is a loan paid out in parts, each once, never above what was agreed?"""

from dataclasses import replace
from fractions import Fraction

import pytest

from core.errors import AmountNotPositive, ContradictoryTerms, LoanNotRunning, TrancheAboveAgreed, UnknownLoan
from core.lending.charge_terms import Charge, ChargeBasis, ChargeKind, ChargeTiming
from core.lending.lifecycle import PaidTo
from core.lending.products import DEVELOPMENT
from core.lending.running import Running
from core.lending.service.disburse import Agreed
from core.lending.service.tranche import left_to_pay_out, pay_out_tranche
from core.lending.terms import InterestMethod
from core.money import Money
from tests.core.lending.lending_desk import LendingDesk


async def first_part(desk: LendingDesk, minor: int = 5_000_000, **changes: object) -> Running:
    """A loan of 120,000.00 of which so much is paid out."""
    terms = replace(DEVELOPMENT.terms(principal=Money(12_000_000), instalments=12), **changes)  # type: ignore[arg-type]  # fields of terms
    return await desk.disburse(
        Agreed(
            loan_id=desk.ids.new("lon"),
            member_id=await desk.member(),
            product=DEVELOPMENT,
            terms=terms,
            paid_to=PaidTo.SAVINGS,
            first_part=Money(minor),
        )
    )


async def tranche(
    desk: LendingDesk, loan_id: str, minor: int, *, key: str | None = None, paid_to: PaidTo = PaidTo.SAVINGS
) -> Running:
    async with desk.database.unit_of_work() as session:
        return await pay_out_tranche(
            session,
            ids=desk.ids,
            key=key or desk.key(),
            loan_id=loan_id,
            amount=Money(minor),
            paid_to=paid_to,
            by="officer",
            now=desk.now,
        )


async def test_a_part_is_paid_out_and_the_rest_follows_once(desk: LendingDesk) -> None:
    savings = await desk.account("M00002", "savings")
    before = await desk.balance(savings)
    lent = await first_part(desk)
    assert await desk.balance(savings) == before + Money(5_000_000)
    desk.wait(40)
    await desk.repay(lent.loan.loan_id, 500_000)

    made = await tranche(desk, lent.loan.loan_id, 7_000_000, key="second")
    again = await tranche(desk, lent.loan.loan_id, 7_000_000, key="second")

    assert len(made.entries) == len(again.entries) == 3
    assert await desk.balance(savings) == before + Money(12_000_000)
    assert made.loan.paid_out == Money(12_000_000)
    assert not left_to_pay_out(made)
    assert await desk.balance(made.loan.principal_code) == made.money(made.state.outstanding.principal)
    assert made.state.rows[0].due == lent.state.rows[0].due
    assert made.state.rows[5].due.principal > lent.state.rows[5].due.principal
    await desk.assert_agreement()


async def test_fees_of_the_whole_loan_are_taken_from_the_first_part(desk: LendingDesk) -> None:
    fee = Charge(ChargeKind.FEE, ChargeTiming.DEDUCTED, ChargeBasis.PRINCIPAL, rate=Fraction(1, 100))
    on_top = Charge(ChargeKind.INSURANCE, ChargeTiming.CAPITALISED, amount=Money(60_000))

    lent = await first_part(desk, charges=(fee, on_top))

    assert lent.loan.paid_out == Money(5_000_000 - 120_000)
    assert await desk.balance(lent.loan.principal_code) == Money(5_060_000)
    assert left_to_pay_out(lent) == Money(7_000_000)
    await tranche(desk, lent.loan.loan_id, 7_000_000, paid_to=PaidTo.BANK)
    await desk.assert_agreement()


async def test_what_was_not_agreed_is_not_paid_out(desk: LendingDesk) -> None:
    lent = await first_part(desk)

    for minor, refusal in ((7_000_001, TrancheAboveAgreed), (0, AmountNotPositive), (-1, AmountNotPositive)):
        with pytest.raises(refusal):
            await tranche(desk, lent.loan.loan_id, minor)
    with pytest.raises(UnknownLoan):
        await tranche(desk, "lon_none", 100)
    await desk.repay(lent.loan.loan_id, 6_000_000)
    with pytest.raises(LoanNotRunning):
        await tranche(desk, lent.loan.loan_id, 100)
    await desk.assert_agreement()


@pytest.mark.parametrize("minor", [0, 12_000_001])
async def test_a_first_part_is_something_of_what_was_agreed(desk: LendingDesk, minor: int) -> None:
    with pytest.raises((AmountNotPositive, TrancheAboveAgreed)):
        await first_part(desk, minor)


async def test_a_loan_whose_interest_is_taken_up_front_has_no_parts(desk: LendingDesk) -> None:
    with pytest.raises(ContradictoryTerms):
        await first_part(desk, method=InterestMethod.UPFRONT)
