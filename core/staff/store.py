"""All SQL of the people of staff: who they are, how they prove it, their recovery codes."""

from collections.abc import Iterable
from datetime import datetime

import asyncpg

from core.db.engine import ReadSession, WriteSession
from core.errors import StaffAlreadyThere, UnknownStaff
from core.staff.model import Credentials, Staff, StaffStatus
from core.staff.permissions import Role

_STAFF = """SELECT s.id, s.email, s.first_name, s.last_name, s.status,
                   array(SELECT role FROM staff_role r WHERE r.staff_id = s.id ORDER BY role) AS roles"""
_CREDENTIALS = f"{_STAFF}, s.password_hash, s.factor_serial, s.factor_last_step"


async def add(session: WriteSession, staff: Staff, *, password_hash: str, at: datetime) -> None:
    """Take a person on. Raises StaffAlreadyThere where the e-mail is somebody's."""
    row = await session.row(
        """INSERT INTO staff (id, email, first_name, last_name, status, password_hash, joined_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (email) DO NOTHING RETURNING id""",
        staff.staff_id,
        staff.email,
        staff.first_name,
        staff.last_name,
        staff.status,
        password_hash,
        at,
    )
    if row is None:
        raise StaffAlreadyThere
    await session.execute_many(
        "INSERT INTO staff_role (staff_id, role) VALUES ($1, $2)",
        [(staff.staff_id, role) for role in sorted(staff.roles)],
    )


async def find(session: ReadSession, staff_id: str) -> Staff:
    """Raises UnknownStaff."""
    row = await session.row(f"{_STAFF} FROM staff s WHERE s.id = $1", staff_id)
    if row is None:
        raise UnknownStaff
    return staff_of(row)


async def everybody(session: ReadSession) -> list[Staff]:
    """All who work or worked here, by name."""
    rows = await session.rows(f"{_STAFF} FROM staff s ORDER BY s.last_name, s.first_name, s.id")
    return [staff_of(row) for row in rows]


async def by_email(session: ReadSession, email: str) -> Credentials | None:
    """Who has this e-mail, in lower case."""
    row = await session.row(f"{_CREDENTIALS} FROM staff s WHERE s.email = $1", email)
    return None if row is None else _credentials(row)


async def lock(session: WriteSession, staff_id: str) -> Credentials:
    """The person's credentials, held for this transaction. Raises UnknownStaff."""
    row = await session.row(f"{_CREDENTIALS} FROM staff s WHERE s.id = $1 FOR UPDATE OF s", staff_id)
    if row is None:
        raise UnknownStaff
    return _credentials(row)


async def save_password(session: WriteSession, staff_id: str, password_hash: str) -> None:
    await session.execute("UPDATE staff SET password_hash = $2 WHERE id = $1", staff_id, password_hash)


async def save_step(session: WriteSession, staff_id: str, step: int) -> None:
    """No code of this time step or an earlier one opens again."""
    await session.execute("UPDATE staff SET factor_last_step = $2 WHERE id = $1", staff_id, step)


async def new_factor(session: WriteSession, staff_id: str) -> int:
    """Make the present second factor worthless; the serial of the next one."""
    row = await session.row(
        """UPDATE staff SET factor_serial = factor_serial + 1, factor_last_step = 0 WHERE id = $1
           RETURNING factor_serial""",
        staff_id,
    )
    if row is None:
        raise UnknownStaff
    return int(row["factor_serial"])


async def replace_recovery_codes(session: WriteSession, staff_id: str, hashes: Iterable[bytes]) -> None:
    """The old codes open nothing any more."""
    await session.execute("DELETE FROM staff_recovery_code WHERE staff_id = $1", staff_id)
    await session.execute_many(
        "INSERT INTO staff_recovery_code (hash, staff_id) VALUES ($1, $2)",
        [(each, staff_id) for each in hashes],
    )


async def use_recovery_code(session: WriteSession, staff_id: str, code_hash: bytes, *, at: datetime) -> bool:
    """Spend a recovery code; False where it is not one of this person's, or is spent."""
    row = await session.row(
        """UPDATE staff_recovery_code SET used_at = $3 WHERE hash = $2 AND staff_id = $1 AND used_at IS NULL
           RETURNING hash""",
        staff_id,
        code_hash,
        at,
    )
    return row is not None


def staff_of(row: asyncpg.Record) -> Staff:
    """The person in a row with the columns of `staff` and an array `roles`."""
    return Staff(
        staff_id=row["id"],
        email=row["email"],
        first_name=row["first_name"],
        last_name=row["last_name"],
        status=StaffStatus(row["status"]),
        roles=frozenset(Role(role) for role in row["roles"]),
    )


def _credentials(row: asyncpg.Record) -> Credentials:
    return Credentials(
        staff=staff_of(row),
        password_hash=row["password_hash"],
        factor_serial=row["factor_serial"],
        factor_last_step=row["factor_last_step"],
    )
