"""A loan department for tests: real services on a real database, a clock that is moved, and books that are checked."""

from datetime import date, datetime

from core.clock import business_date
from core.db.engine import Database, WriteSession
from core.ids import RandomIds
from core.ledger import balances
from core.ledger import store as ledger
from core.lending import agreement
from core.lending.lifecycle import PaidTo
from core.lending.model import Product
from core.lending.ports import LoanPayout
from core.lending.products import DEVELOPMENT
from core.lending.running import Running, read_loan
from core.lending.service.disburse import Agreed, disburse
from core.lending.service.repay import RepaymentResult, post_repayment
from core.lending.service.reverse import reverse_event
from core.lending.terms import Terms
from core.money import Money
from core.savings import agreement as floors
from tests.clock import StoppedClock


class Sent:
    """A provider of payouts that remembers what it was asked for."""

    def __init__(self) -> None:
        self.payouts: list[LoanPayout] = []

    async def pay_out(self, session: WriteSession, payout: LoanPayout, *, now: datetime) -> None:
        _ = session, now
        self.payouts.append(payout)


class LendingDesk:
    """Speaks to the services for one member of the demo institution."""

    def __init__(self, database: Database, clock: StoppedClock) -> None:
        self.database = database
        self.clock = clock
        self.ids = RandomIds(clock)
        self.sent = Sent()
        self.keys = 0

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @property
    def today(self) -> date:
        return business_date(self.now)

    def key(self) -> str:
        self.keys += 1
        return f"key-{self.keys}"

    async def member(self, number: str = "M00002") -> str:
        async with self.database.reading() as session:
            row = await session.row("SELECT id FROM member WHERE number = $1", number)
        assert row is not None
        return str(row["id"])

    async def account(self, number: str, product: str) -> str:
        """The ledger account of a member's savings or deposits."""
        async with self.database.reading() as session:
            row = await session.row(
                """SELECT s.ledger_code FROM savings_account s JOIN member m ON m.id = s.member_id
                    WHERE m.number = $1 AND s.product = $2""",
                number,
                product,
            )
        assert row is not None
        return str(row["ledger_code"])

    async def balance(self, code: str) -> Money:
        async with self.database.reading() as session:
            return await ledger.balance(session, code)

    async def lend(
        self,
        *,
        principal: int = 12_000_000,
        instalments: int = 12,
        product: Product = DEVELOPMENT,
        terms: Terms | None = None,
        paid_to: PaidTo = PaidTo.SAVINGS,
        number: str = "M00002",
        clears: tuple[str, ...] = (),
        application_id: str | None = None,
    ) -> Running:
        agreed = Agreed(
            loan_id=self.ids.new("lon"),
            member_id=await self.member(number),
            product=product,
            terms=terms or product.terms(principal=Money(principal), instalments=instalments),
            paid_to=paid_to,
            clears=clears,
            application_id=application_id,
        )
        return await self.disburse(agreed)

    async def disburse(self, agreed: Agreed) -> Running:
        async with self.database.unit_of_work() as session:
            return await disburse(
                session, agreed, ids=self.ids, disburser=self.sent, by="officer", now=self.now
            )

    async def repay(
        self,
        loan_id: str,
        minor: int,
        *,
        on: date | None = None,
        key: str | None = None,
        paid_from: str = "1010",
    ) -> RepaymentResult:
        async with self.database.unit_of_work() as session:
            return await post_repayment(
                session,
                key=key or self.key(),
                loan_id=loan_id,
                amount=Money(minor),
                paid_from=paid_from,
                paid_on=on or self.today,
                by="teller",
                now=self.now,
            )

    async def reverse(self, loan_id: str, number: int, *, key: str | None = None) -> Running:
        async with self.database.unit_of_work() as session:
            return await reverse_event(
                session,
                key=key or self.key(),
                loan_id=loan_id,
                number=number,
                reason="posted by mistake",
                by="supervisor",
                now=self.now,
            )

    async def loan(self, loan_id: str) -> Running:
        async with self.database.reading() as session:
            return await read_loan(session, loan_id, on=self.today)

    def wait(self, days: int) -> None:
        self.clock.move(days=days)

    async def assert_agreement(self) -> None:
        """Balances are their entries, accounts are their loans' rows, and the rows are the replayed log."""
        async with self.database.reading() as session:
            assert await balances.differences(session) == []
            assert await floors.differences(session) == []
            assert await agreement.differences(session) == []
            loans = [str(row["id"]) for row in await session.rows("SELECT id FROM loan")]
            for loan_id in loans:
                await self._assert_rows(await read_loan(session, loan_id, on=self.today))

    async def _assert_rows(self, running: Running) -> None:
        async with self.database.reading() as session:
            rows = await session.rows(
                "SELECT * FROM instalment WHERE loan_id = $1 ORDER BY number", running.loan.loan_id
            )
        stored = [
            (
                row["kind"],
                row["due_on"],
                (row["penalties"], row["fees"], row["interest"], row["principal"]),
                (row["penalties_paid"], row["fees_paid"], row["interest_paid"], row["principal_paid"]),
            )
            for row in rows
        ]
        assert stored == [
            (row.kind, row.due_on, tuple(row.due.minus(row.waived)), tuple(row.paid))
            for row in running.state.rows
        ]
