"""Statements written for a test, and our own journals beside them."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from core.clock import NAIROBI, business_date
from core.ledger import store as ledger
from core.ledger.chart import Gl
from core.ledger.journal import Journal, credit, debit
from core.money import Money
from core.reconciliation.service import Reconciled, reconcile
from integrations.statements.files import open_statement
from tests.world import World

HEADER = (
    "Receipt No.,Completion Time,Initiation Time,Details,Transaction Status,Paid In,Withdrawn,Balance,"
    "Balance Confirmed,Reason Type,Other Party Info,Linked Transaction ID,A/C No."
)
AT = datetime(2026, 3, 10, 9, 0, tzinfo=NAIROBI)


def row(
    receipt: str,
    amount: int,
    *,
    minute: int = 0,
    reason: str = "Pay Bill Online",
    party: str = "",
    linked: str = "",
    account: str = "",
    balance: str = "",
) -> str:
    """A completed line; the amount is in shillings."""
    sides = f"{amount}," if amount > 0 else f",{amount}"
    at = f"{AT + timedelta(minutes=minute):%d-%m-%Y %H:%M:%S}"
    return f"{receipt},{at},{at},,Completed,{sides},{balance},{bool(balance)},{reason},{party},{linked},{account}"


Bring = Callable[..., Awaitable[Reconciled]]
Booked = Callable[..., Awaitable[str]]


@pytest.fixture
def bring(world: World, tmp_path: Path) -> Bring:
    """Reconciles an export of these rows."""

    async def brought(*rows: str, name: str = "export.csv", tolerance: int = 0) -> Reconciled:
        path = tmp_path / name
        path.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
        return await reconcile(
            world.system.database, world.clock, open_statement(path), by="test", tolerance=Money(tolerance)
        )

    return brought


@pytest.fixture
def booked(world: World) -> Booked:
    """Posts a journal on the paybill of so many shillings; its key."""

    async def posted(key: str, shillings: int, *, minute: int = 0, **meta: str) -> str:
        size = Money(abs(shillings) * 100)
        at = AT + timedelta(minutes=minute)
        ours, other = (debit, credit) if shillings > 0 else (credit, debit)
        journal = Journal(
            key=key,
            kind="test",
            event_at=at,
            business_date=business_date(at),
            lines=(ours(Gl.MPESA_PAYBILL, size), other(Gl.OTHER_PAYABLES, size)),
            meta=meta,
        )
        async with world.system.database.unit_of_work() as session:
            await ledger.post(session, [journal])
        return key

    return posted
