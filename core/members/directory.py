"""All SQL by which staff find members and take new ones in."""

import re
from datetime import datetime
from typing import Final

from core.db.engine import ReadSession, WriteSession
from core.errors import InvalidPhone
from core.members.model import Member, MemberStatus
from core.members.store import MEMBER, member_of
from core.phone import Msisdn

_NUMBER: Final = re.compile(r"[A-Za-z]{0,4}-?\d{1,12}", re.ASCII)
_ANY_LETTERS: Final = str.maketrans({"%": r"\%", "_": r"\_", "\\": r"\\"})
_WORDS_MAX: Final = 4


async def search(
    session: ReadSession, text: str, *, status: MemberStatus | None, after: str, most: int
) -> list[Member]:
    """Members with this phone or member number, or with names that begin like these words; all for no text.

    In order of joining, those behind the id `after`.
    """
    phone = _phone(text)
    if phone is not None:
        condition, wanted = "m.phone = $3", [phone.e164]
    elif _NUMBER.fullmatch(text.strip()):
        condition, wanted = "m.number = upper($3)", [text.strip()]
    else:
        words = text.lower().translate(_ANY_LETTERS).split()[:_WORDS_MAX]
        condition = " AND ".join(_begins(3 + n) for n in range(len(words))) or "true"
        wanted = [f"{word}%" for word in words]
    most_at = 3 + len(wanted)
    rows = await session.rows(
        f"""{MEMBER} WHERE m.id > $1 AND ($2::text IS NULL OR m.status = $2) AND {condition}
             ORDER BY m.id LIMIT ${most_at}""",
        after,
        status,
        *wanted,
        most,
    )
    return [member_of(row) for row in rows]


def _begins(place: int) -> str:
    return f"(lower(m.first_name) LIKE ${place} OR lower(m.last_name) LIKE ${place})"


def _phone(text: str) -> Msisdn | None:
    try:
        return Msisdn.parse(text)
    except InvalidPhone:
        return None


async def lock_by_phone(session: WriteSession, phone: Msisdn) -> Member | None:
    """Who has this number, held for this transaction; nobody else takes the number in the meantime."""
    await session.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"phone {phone.e164}")
    row = await session.row(f"{MEMBER} WHERE m.phone = $1 FOR UPDATE", phone.e164)
    return None if row is None else member_of(row)


async def next_number(session: WriteSession) -> str:
    """A member number that nobody has; one that is drawn and not used is lost."""
    row = await session.row("SELECT nextval('member_number') AS n")
    if row is None:
        raise AssertionError("a sequence has a next number")
    return f"M{row['n']}"


async def write_again(session: WriteSession, member: Member, *, at: datetime) -> None:
    """Who asked before asks again: what they say of themselves now counts."""
    await session.execute(
        """UPDATE member SET first_name = $2, last_name = $3, language = $4, status = $5, birth_date = $6,
                  joined_at = $7 WHERE id = $1""",
        member.member_id,
        member.first_name,
        member.last_name,
        member.language,
        member.status,
        member.birth_date,
        at,
    )


async def set_status(session: WriteSession, member_id: str, status: MemberStatus) -> None:
    await session.execute("UPDATE member SET status = $2 WHERE id = $1", member_id, status)
