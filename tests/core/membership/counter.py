"""The place where one member, or somebody who would be one, is served."""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import pytest

from core.db.engine import Database
from core.errors import Refusal
from core.ids import Ids
from core.members.pin_checks import PinChecks
from core.membership.office import MembershipOffice
from tests.clock import StoppedClock

_Refusal = TypeVar("_Refusal", bound=Refusal)


@dataclass(frozen=True)
class Counter:
    """Everything that the use cases need, for one member."""

    database: Database
    clock: StoppedClock
    ids: Ids
    checks: PinChecks
    office: MembershipOffice
    member_id: str

    async def one(self, sql: str, *parameters: object) -> object:
        """The first column of the first row; None where there is no row."""
        async with self.database.reading() as session:
            row = await session.row(sql, *parameters)
        return None if row is None else row[0]

    async def run(self, sql: str, *parameters: object) -> None:
        async with self.database.unit_of_work() as session:
            await session.execute(sql, *parameters)

    async def phone(self) -> object:
        return await self.one("SELECT phone FROM member WHERE id = $1", self.member_id)

    async def money_waits_until(self) -> datetime | None:
        until = await self.one("SELECT withdrawals_allowed_from FROM member WHERE id = $1", self.member_id)
        assert until is None or isinstance(until, datetime)
        return until

    async def told(self) -> list[tuple[str, str]]:
        """Kinds of notices since the start, with the number each went to."""
        async with self.database.reading() as session:
            rows = await session.rows("SELECT kind, phone FROM notice ORDER BY created_at, id")
        return [(row["kind"], row["phone"]) for row in rows]

    async def audited(self, action: str) -> object:
        return await self.one("SELECT count(*) FROM audit_event WHERE action = $1", action)


async def refused(kind: type[_Refusal], trying: Awaitable[object]) -> _Refusal:
    """The refusal that the attempt must raise."""
    with pytest.raises(kind) as caught:
        await trying
    return caught.value
