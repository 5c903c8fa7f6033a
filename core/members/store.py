"""All SQL of members and their PINs."""

from datetime import datetime

import asyncpg

from core.db.engine import ReadSession, WriteSession
from core.errors import UnknownMember
from core.members.model import Language, Member, MemberStatus, PinRecord
from core.members.pin import PinStanding
from core.phone import Msisdn

_COLUMNS = """m.id, m.number, m.first_name, m.last_name, m.phone, m.language, m.status, m.birth_date,
              m.withdrawals_allowed_from"""
MEMBER = f"SELECT {_COLUMNS} FROM member m"
"""What `member_of` reads."""

_PIN = """p.hash, p.proposed_hash, p.proposed_at, coalesce(p.wrong_tries, 0) AS wrong_tries,
          coalesce(p.locks, 0) AS locks, p.locked_until, coalesce(p.locked_for_staff, false) AS locked_for_staff,
          coalesce(p.last_attempt, '') AS last_attempt"""


async def add(session: WriteSession, member: Member, *, at: datetime) -> None:
    """Register a member, without a PIN."""
    await session.execute(
        """INSERT INTO member (id, number, first_name, last_name, phone, language, status, birth_date, joined_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)""",
        member.member_id,
        member.number,
        member.first_name,
        member.last_name,
        member.phone.e164,
        member.language,
        member.status,
        member.birth_date,
        at,
    )
    await session.execute("INSERT INTO member_pin (member_id) VALUES ($1)", member.member_id)


async def find(session: ReadSession, member_id: str) -> Member:
    """Raises UnknownMember."""
    return member_of(await session.row(f"{MEMBER} WHERE m.id = $1", member_id))


async def lock(session: WriteSession, member_id: str) -> Member:
    """The member, held for this transaction. Raises UnknownMember."""
    return member_of(await session.row(f"{MEMBER} WHERE m.id = $1 FOR UPDATE", member_id))


async def by_phone(session: ReadSession, phone: str) -> tuple[Member, PinRecord]:
    """Who has this number (E.164), and how their PIN stands. Raises UnknownMember."""
    row = await session.row(
        f"""SELECT {_COLUMNS}, {_PIN}
              FROM member m LEFT JOIN member_pin p ON p.member_id = m.id WHERE m.phone = $1""",
        phone,
    )
    return member_of(row), _pin(row)


async def lock_pin(session: WriteSession, member_id: str) -> tuple[Member, PinRecord]:
    """The member and their PIN's record, held for this transaction. Raises UnknownMember."""
    row = await session.row(
        f"""SELECT {_COLUMNS}, {_PIN}
              FROM member m JOIN member_pin p ON p.member_id = m.id WHERE m.id = $1 FOR UPDATE OF p""",
        member_id,
    )
    return member_of(row), _pin(row)


async def save_pin(session: WriteSession, member_id: str, record: PinRecord) -> None:
    """Write the whole record of a locked PIN."""
    await session.execute(
        """UPDATE member_pin SET hash = $2, proposed_hash = $3, proposed_at = $4, wrong_tries = $5, locks = $6,
                  locked_until = $7, locked_for_staff = $8, last_attempt = $9 WHERE member_id = $1""",
        member_id,
        record.hash,
        record.proposed_hash,
        record.proposed_at,
        record.standing.wrong_tries,
        record.standing.locks,
        record.standing.locked_until,
        record.standing.locked_for_staff,
        record.last_attempt,
    )


async def set_language(session: WriteSession, member_id: str, language: Language) -> None:
    await session.execute("UPDATE member SET language = $2 WHERE id = $1", member_id, language)


def member_of(row: asyncpg.Record | None) -> Member:
    """The member of a row. Raises UnknownMember where there is none."""
    if row is None:
        raise UnknownMember
    return Member(
        member_id=row["id"],
        number=row["number"],
        first_name=row["first_name"],
        last_name=row["last_name"],
        phone=Msisdn(row["phone"]),
        language=Language(row["language"]),
        status=MemberStatus(row["status"]),
        birth_date=row["birth_date"],
        withdrawals_allowed_from=row["withdrawals_allowed_from"],
    )


def _pin(row: asyncpg.Record | None) -> PinRecord:
    if row is None:
        raise UnknownMember
    return PinRecord(
        hash=row["hash"],
        proposed_hash=row["proposed_hash"],
        proposed_at=row["proposed_at"],
        standing=PinStanding(
            wrong_tries=row["wrong_tries"],
            locks=row["locks"],
            locked_until=row["locked_until"],
            locked_for_staff=row["locked_for_staff"],
        ),
        last_attempt=row["last_attempt"],
    )
