"""Does a loan's money reach the phone once, and is the loan what its payout is?"""

from dataclasses import replace

import pytest

from core import payout_settlement
from core.db.engine import Database
from core.errors import PayoutOutOfRange
from core.ledger.chart import Gl
from core.lending.charge_terms import Charge, ChargeBasis, ChargeKind, ChargeTiming
from core.lending.lifecycle import LoanStatus, PaidTo
from core.lending.products import DEVELOPMENT
from core.lending.running import Running
from core.lending.service.disburse import Agreed, disburse
from core.lending.service.loan_payouts import PhoneDisburser
from core.money import Money
from core.payouts import agreement, float_store, service, store
from core.payouts.model import Payout, PayoutPurpose, PayoutState
from core.payouts.ports import Heard
from integrations.queue import payout_jobs
from integrations.queue.payout_jobs import PayoutDesk
from tests.clock import StoppedClock
from tests.core.lending.lending_desk import LendingDesk
from tests.core.payouts.till import Provider, failed, paid


class LoanTill:
    """A loan department whose loans go to phones."""

    def __init__(self, database: Database) -> None:
        clock = StoppedClock()
        self.lending = LendingDesk(database, clock)
        self.database = database
        self.provider = Provider()
        self.desk = PayoutDesk(
            database=database,
            clock=clock,
            ids=self.lending.ids,
            sender=self.provider,
            enquiry=_Nobody(),
            float_enquiry=_Nobody(),
        )

    async def lend(self, principal: int, *, charges: tuple[Charge, ...] = ()) -> Running:
        terms = replace(DEVELOPMENT.terms(principal=Money(principal), instalments=10), charges=charges)
        agreed = Agreed(
            loan_id=self.lending.ids.new("lon"),
            member_id=await self.lending.member(),
            product=DEVELOPMENT,
            terms=terms,
            paid_to=PaidTo.MPESA,
        )
        async with self.database.unit_of_work() as session:
            await float_store.told(
                session, Money(1_000_000_00), asked_at=self.lending.now, at=self.lending.now
            )
            return await disburse(
                session,
                agreed,
                ids=self.lending.ids,
                disburser=PhoneDisburser(),
                by="officer",
                now=self.lending.now,
            )

    async def hear(self, loan_id: str, heard: Heard) -> None:
        await service.hear(self.database, self.desk.clock, payout_id=loan_id, heard=heard)
        await payout_settlement.settle(self.database, self.desk.clock, self.lending.ids, payout_id=loan_id)

    async def assert_agreement(self) -> None:
        await self.lending.assert_agreement()
        async with self.database.reading() as session:
            assert await agreement.differences(session) == []

    async def find(self, loan_id: str) -> Payout:
        async with self.database.reading() as session:
            return await store.find(session, loan_id)

    async def balance(self, code: str) -> str:
        return str(await self.lending.balance(code))


class _Nobody:
    async def ask(self, reference: str) -> bool:
        _ = reference
        return False


@pytest.fixture
def till(founded_database: Database) -> LoanTill:
    return LoanTill(founded_database)


async def test_a_loan_runs_when_its_money_has_arrived(till: LoanTill) -> None:
    loan_id = (await till.lend(100_000_00)).loan.loan_id
    before = await till.lending.balance(Gl.MPESA_UTILITY)
    asked = await till.find(loan_id)
    assert (asked.purpose, asked.state, asked.phone.e164) == (
        PayoutPurpose.LOAN,
        PayoutState.REQUESTED,
        "+254711000002",
    )

    await payout_jobs.send(till.desk, loan_id)
    await till.hear(loan_id, paid("100000"))
    await till.hear(loan_id, paid("100000"))

    assert [request.reference for request in till.provider.sent] == [loan_id]
    assert (await till.lending.loan(loan_id)).loan.status is LoanStatus.ACTIVE
    assert before - await till.lending.balance(Gl.MPESA_UTILITY) == Money(100_000_00)
    assert await till.balance(Gl.PAYOUTS_HELD) == "0.00"
    await till.assert_agreement()


async def test_a_loan_whose_money_does_not_arrive_is_undone(till: LoanTill) -> None:
    loan_id = (await till.lend(100_000_00)).loan.loan_id
    await payout_jobs.send(till.desk, loan_id)

    await till.hear(loan_id, failed("unregistered"))

    assert (await till.lending.loan(loan_id)).loan.status is LoanStatus.CANCELLED
    assert (await till.find(loan_id)).state is PayoutState.VOIDED
    assert await till.balance(Gl.PAYOUTS_HELD) == "0.00"
    await till.assert_agreement()


async def test_money_of_a_loan_that_was_undone_is_owed_and_looked_at(till: LoanTill) -> None:
    loan_id = (await till.lend(100_000_00)).loan.loan_id
    await payout_jobs.send(till.desk, loan_id)
    await till.hear(loan_id, failed("unregistered"))

    await till.hear(loan_id, paid("100000"))

    ended = await till.find(loan_id)
    assert (ended.state, "after it had been voided" in ended.incident) == (PayoutState.SETTLED, True)
    assert await till.balance(Gl.OTHER_RECEIVABLES) == "100,000.00"
    assert (await till.lending.loan(loan_id)).loan.status is LoanStatus.CANCELLED
    await till.assert_agreement()


async def test_the_cents_go_to_savings_when_the_rest_has_arrived(till: LoanTill) -> None:
    fee = Charge(ChargeKind.FEE, ChargeTiming.DEDUCTED, ChargeBasis.FLAT, amount=Money(1_234_56))
    savings = await till.lending.account("M00002", "savings")
    before = await till.lending.balance(savings)
    loan_id = (await till.lend(100_000_00, charges=(fee,))).loan.loan_id
    assert (await till.find(loan_id)).amount == Money(98_765_00)
    await payout_jobs.send(till.desk, loan_id)
    assert await till.lending.balance(savings) == before

    await till.hear(loan_id, paid("98765"))

    assert await till.lending.balance(savings) - before == Money(44)
    assert await till.balance(Gl.PAYOUTS_HELD) == "0.00"
    await till.assert_agreement()


async def test_a_loan_too_large_for_a_phone_is_refused(till: LoanTill) -> None:
    with pytest.raises(PayoutOutOfRange) as refused:
        await till.lend(250_001_00)

    assert refused.value.maximum_minor == 250_000_00
    assert await till.balance(Gl.PAYOUTS_HELD) == "0.00"
