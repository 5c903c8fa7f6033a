"""Books to post into, with words that are short in a test."""

from collections.abc import Sequence
from datetime import date, datetime, time

from core.clock import NAIROBI
from core.db.engine import Database
from core.ledger import balances, store
from core.ledger.chart import Gl, own_account
from core.ledger.journal import Journal, credit, debit
from core.ledger.store import Posted
from core.money import Money

AMINA = own_account(Gl.MEMBER_SAVINGS, "amina", "savings of Amina")
OTIENO = own_account(Gl.MEMBER_SAVINGS, "otieno", "savings of Otieno")
OWN = (AMINA, OTIENO)
TODAY = date(2026, 3, 11)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), NAIROBI)


def paid_in(key: str, cents: int, account: str = AMINA.code, *, on: date = TODAY) -> Journal:
    amount = Money(cents)
    return Journal(key, "paid_in", noon(on), on, (debit(Gl.BANK, amount), credit(account, amount)))


def paid_out(key: str, cents: int, account: str = AMINA.code, *, on: date = TODAY) -> Journal:
    amount = Money(cents)
    return Journal(key, "paid_out", noon(on), on, (debit(account, amount), credit(Gl.BANK, amount)))


class Books:
    """A database whose ledger is the test's own."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def post(self, *journals: Journal) -> list[Posted]:
        async with self.database.unit_of_work() as session:
            return await store.post(session, journals)

    async def post_batch(self, journals: Sequence[Journal]) -> list[Posted]:
        async with self.database.unit_of_work() as session:
            return await store.post_batch(session, journals)

    async def balance(self, code: str) -> int:
        async with self.database.reading() as session:
            return (await store.balance(session, code)).minor

    async def balance_on(self, code: str, day: date) -> int:
        async with self.database.reading() as session:
            return (await balances.balance_on(session, code, day)).minor

    async def fold(self) -> None:
        """Two steps of the snapshots: what is committed is folded, unless another test's transaction is in the way."""
        for _ in range(2):
            async with self.database.unit_of_work() as session:
                await balances.advance_snapshots(session)

    async def assert_agree(self) -> None:
        async with self.database.reading() as session:
            assert await balances.differences(session) == []
