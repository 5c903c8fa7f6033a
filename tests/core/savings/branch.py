"""A branch for tests: members with accounts in real books, and money that comes and goes on named days."""

from datetime import date, datetime, time

from core.clock import NAIROBI
from core.db.engine import Database
from core.ids import RandomIds
from core.ledger import balances, postings
from core.ledger import store as ledger
from core.ledger.chart import CHART
from core.members import store as members
from core.members.model import Language, Member, MemberStatus
from core.money import Money
from core.phone import Msisdn
from core.savings import agreement, store
from core.savings.model import Account, SavingsProduct
from core.savings.products import USUAL_PRODUCTS, Catalogue
from core.shares import store as shares
from tests.clock import StoppedClock


def noon(day: date) -> datetime:
    """The middle of a day in Nairobi."""
    return datetime.combine(day, time(12), NAIROBI)


class Branch:
    """Everything is committed as it is done. Accounts are named by what a test calls them."""

    def __init__(self, database: Database, *, first_number: int = 0) -> None:
        """`first_number` keeps the members of several branches in one database apart."""
        self.database = database
        self.ids = RandomIds(StoppedClock())
        self._count = first_number

    async def open(self) -> None:
        async with self.database.unit_of_work() as session:
            await ledger.open_accounts(session, CHART)

    async def member(self, name: str, *, on: date = date(2025, 1, 1)) -> str:
        """A new member; the id is `mbr_` and the name."""
        self._count += 1
        member = Member(
            member_id=f"mbr_{name}",
            number=f"M-{self._count:04}",
            first_name=name.title(),
            last_name="Test",
            phone=Msisdn(f"+2547110{self._count:05}"),
            language=Language.ENGLISH,
            status=MemberStatus.ACTIVE,
            birth_date=date(1990, 1, 1),
        )
        async with self.database.unit_of_work() as session:
            await members.add(session, member, at=noon(on))
        return member.member_id

    async def account(
        self,
        account_id: str,
        member_id: str,
        product: SavingsProduct = SavingsProduct.SAVINGS,
        *,
        on: date = date(2026, 1, 1),
        holding: str = "0",
        products: Catalogue = USUAL_PRODUCTS,
    ) -> str:
        """A new account, with so much paid in on its first day."""
        async with self.database.unit_of_work() as session:
            await store.open_account(
                session, account_id=account_id, member_id=member_id, product=product, on=on, products=products
            )
        if holding != "0":
            await self.pay_in(account_id, holding, on=on)
        return account_id

    async def shares(
        self, account_id: str, member_id: str, *, on: date = date(2025, 1, 1), holding: str = "0"
    ) -> str:
        async with self.database.unit_of_work() as session:
            code = await shares.open_account(session, account_id=account_id, member_id=member_id, on=on)
        if holding != "0":
            await self._move(code, holding, on)
        return code

    async def pay_in(self, account_id: str, amount: str, *, on: date) -> None:
        await self._move((await self.find(account_id)).ledger_code, amount, on)

    async def pay_out(self, account_id: str, amount: str, *, on: date) -> None:
        await self._move((await self.find(account_id)).ledger_code, f"-{amount}", on)

    async def _move(self, code: str, amount: str, on: date) -> None:
        self._count += 1
        pay = postings.money_paid_out if amount.startswith("-") else postings.money_paid_in
        journal = pay(
            key=f"test:{self._count}",
            kind="test",
            event_at=noon(on),
            business_date=on,
            account=code,
            amount=Money.parse(amount.removeprefix("-")),
        )
        async with self.database.unit_of_work() as session:
            await ledger.post(session, [journal])

    async def find(self, account_id: str) -> Account:
        async with self.database.reading() as session:
            account = await store.find(session, account_id)
        assert account is not None
        return account

    async def balance(self, account_id: str) -> str:
        return str((await self.find(account_id)).balance)

    async def available(self, account_id: str) -> str:
        return str((await self.find(account_id)).available)

    async def in_books(self, code: str) -> str:
        """The balance of any ledger account."""
        async with self.database.reading() as session:
            return str(await ledger.balance(session, code))

    async def notices(self) -> list[tuple[str, str]]:
        """(member, kind) of every notice, in the order in which they were queued."""
        async with self.database.reading() as session:
            rows = await session.rows("SELECT member_id, kind FROM notice ORDER BY created_at, key")
        return [(row["member_id"], row["kind"]) for row in rows]

    async def assert_books_agree(self) -> None:
        """Every entry adds up, and each floor is what the product and the holds say."""
        async with self.database.reading() as session:
            assert await balances.differences(session) == []
            assert await agreement.differences(session) == []
