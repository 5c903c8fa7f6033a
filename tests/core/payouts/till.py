"""Payouts for tests: a branch, a provider that does as it is told, and the workers' hands."""

from collections import deque
from datetime import date, datetime
from typing import Any

from core import outbox, payout_settlement
from core.clock import business_date
from core.db.engine import Database
from core.members import identity_store
from core.money import Money
from core.payments.ports import SendVerdict
from core.payouts import agreement, float_store, float_watch, service, store
from core.payouts.model import FactSource, Payout
from core.payouts.ports import Heard, Outcome, PayoutReply, PayoutRequest
from core.savings.products import USUAL_PRODUCTS
from core.savings.service.withdraw import request_withdrawal
from core.savings.withdrawals import USUAL_WITHDRAWALS, WithdrawalTerms, quote
from integrations.queue import payout_jobs
from integrations.queue.payout_jobs import PayoutDesk
from tests.clock import StoppedClock
from tests.core.savings.branch import Branch

ACCEPTED = PayoutReply(SendVerdict.ACCEPTED, provider_request_id="AG_1")
RECEIPT = "UKB1AAAAAA"


class Provider:
    """Sends, answers and is asked. What it replies next stands in `replies`; without any it accepts."""

    def __init__(self) -> None:
        self.replies: deque[PayoutReply | BaseException] = deque()
        self.sent: list[PayoutRequest] = []
        self.asked: list[str] = []
        self.float_asked: list[str] = []
        self.before_reply: Any = None

    async def send(self, request: PayoutRequest) -> PayoutReply:
        self.sent.append(request)
        if self.before_reply is not None:
            await self.before_reply()
        reply = self.replies.popleft() if self.replies else ACCEPTED
        if isinstance(reply, BaseException):
            raise reply
        return reply


class _Questions:
    def __init__(self, asked: list[str]) -> None:
        self._asked = asked

    async def ask(self, reference: str) -> bool:
        self._asked.append(reference)
        return True


class Till:
    """One member, Asha, with savings of 10,000.00, and a float of 50,000.00."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = StoppedClock()
        self.branch = Branch(database)
        self.provider = Provider()
        self.ids = self.branch.ids
        self.desk = PayoutDesk(
            database=database,
            clock=self.clock,
            ids=self.ids,
            sender=self.provider,
            enquiry=_Questions(self.provider.asked),
            float_enquiry=_Questions(self.provider.float_asked),
        )

    @property
    def now(self) -> datetime:
        return self.clock.now()

    async def open(self, *, balance: str = "50000") -> None:
        await self.branch.open()
        await self.branch.member("asha")
        await self.branch.account("acc_asha", "mbr_asha", holding="10000", on=date(2026, 1, 5))
        await self.tell_float(balance)

    async def tell_float(self, balance: str) -> None:
        """The provider is asked for the float, and says so much."""
        self.clock.move(hours=1)
        await float_watch.refresh(self.database, self.clock, self.ids, self.desk.float_enquiry)
        async with self.database.unit_of_work() as session:
            assert await float_watch.hear_balance(
                session,
                ask_reference=self.provider.float_asked[-1],
                balance=Money.parse(balance),
                low_below=Money.parse("5000"),
                now=self.now,
            )

    async def ask(
        self,
        amount: str,
        *,
        payout_id: str = "wdl_1",
        shown: str | None = None,
        account: str = "acc_asha",
        terms: WithdrawalTerms = USUAL_WITHDRAWALS,
        by: str | None = None,
    ) -> Payout:
        """Ask for a withdrawal, with the cost that belongs to it unless another was shown."""
        asked = Money.parse(amount)
        if shown is None:
            shown = quote(terms, asked, on=business_date(self.now)).total.plain()
        async with self.database.unit_of_work() as session:
            return await request_withdrawal(
                session,
                ids=self.ids,
                payout_id=payout_id,
                member_id="mbr_asha",
                account_id=account,
                amount=asked,
                total_shown=Money.parse(shown),
                channel="ussd",
                by=by,
                now=self.now,
                terms=terms,
                products=USUAL_PRODUCTS,
            )

    async def wait_until(self, until: datetime) -> None:
        """Money stays until then, as after a change of phone."""
        async with self.database.unit_of_work() as session:
            await identity_store.hold_withdrawals(session, "mbr_asha", until=until)

    async def work(self) -> None:
        """Do the jobs that are due, as a worker would."""
        async with self.database.reading() as session:
            waiting = await outbox.waiting(session, now=self.now)
        for row_id, _ in waiting:
            async with self.database.unit_of_work() as session:
                claimed = await outbox.claim(session, row_id, now=self.now)
            if claimed is None:
                # Another worker of the same test has it.
                continue
            if isinstance(claimed.job, outbox.SendPayout):
                await payout_jobs.send(self.desk, claimed.job.payout_id)
            if isinstance(claimed.job, outbox.AskAboutPayout):
                await payout_jobs.ask(self.desk, claimed.job.payout_id)
            async with self.database.unit_of_work() as session:
                await outbox.done(session, row_id)

    async def sweep(self, **later: float) -> None:
        """The sweep of a worker, and the jobs it queues."""
        self.clock.move(**later)
        await payout_jobs.sweep(self.desk)
        await self.work()

    async def hear(self, heard: Heard, *, payout_id: str = "wdl_1", settle: bool = True) -> bool:
        """The provider tells, and it is acted on unless the process dies before."""
        is_new = await service.hear(self.database, self.clock, payout_id=payout_id, heard=heard)
        if settle:
            await payout_settlement.settle(self.database, self.clock, self.ids, payout_id=payout_id)
        return is_new

    async def find(self, payout_id: str = "wdl_1") -> Payout:
        async with self.database.reading() as session:
            return await store.find(session, payout_id)

    async def assert_books_agree(self) -> None:
        """Every entry adds up, and payouts, books and float say the same."""
        await self.branch.assert_books_agree()
        async with self.database.reading() as session:
            assert await agreement.differences(session) == []

    async def reserved(self) -> str:
        async with self.database.reading() as session:
            return str((await float_store.find(session)).reserved)

    async def float_balance(self) -> str:
        async with self.database.reading() as session:
            return str((await float_store.find(session)).balance)


def paid(
    amount: str = "1000", *, receipt: str | None = RECEIPT, attempt: int = 1, handle: str | None = "AG_1"
) -> Heard:
    return Heard(
        source=FactSource.RESULT,
        outcome=Outcome.PAID,
        attempt=attempt,
        result_code="0",
        receipt=receipt,
        amount=Money.parse(amount),
        provider_request_id=handle,
    )


def failed(reason: str = "limit", *, attempt: int = 1, **facts: Any) -> Heard:
    return Heard(
        source=facts.pop("source", FactSource.RESULT),
        outcome=Outcome.NOT_PAID,
        attempt=attempt,
        result_code=facts.pop("code", "2"),
        reason=reason,
        **facts,
    )
