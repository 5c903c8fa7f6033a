"""All SQL of what proves who a member is: the national id, the phone number, and the wait that follows a change."""

from collections.abc import Sequence
from datetime import datetime

from core.db.engine import ReadSession, WriteSession
from core.phone import Msisdn


async def keep_national_id(session: WriteSession, member_id: str, *, sealed: str, print_: bytes) -> None:
    """Store a sealed number with the print by which it is found."""
    await session.execute(
        "UPDATE member SET national_id_sealed = $2, national_id_print = $3 WHERE id = $1",
        member_id,
        sealed,
        print_,
    )


async def sealed_national_id(session: ReadSession, member_id: str) -> str | None:
    """The sealed number of a member; None where none was given."""
    row = await session.row("SELECT national_id_sealed FROM member WHERE id = $1", member_id)
    return None if row is None else row["national_id_sealed"]


async def numbers_with_print(session: ReadSession, prints: Sequence[bytes], *, but: str) -> list[str]:
    """Member numbers of others who gave the same national id."""
    rows = await session.rows(
        "SELECT number FROM member WHERE national_id_print = ANY($1::bytea[]) AND id <> $2 ORDER BY number",
        list(prints),
        but,
    )
    return [row["number"] for row in rows]


async def members_with_print(session: ReadSession, prints: Sequence[bytes]) -> list[str]:
    """Ids of the members who gave this national id."""
    rows = await session.rows(
        "SELECT id FROM member WHERE national_id_print = ANY($1::bytea[]) ORDER BY id", list(prints)
    )
    return [row["id"] for row in rows]


async def set_phone(session: WriteSession, member_id: str, phone: Msisdn) -> None:
    """The number by which the member is known from now on."""
    await session.execute("UPDATE member SET phone = $2 WHERE id = $1", member_id, phone.e164)


async def hold_withdrawals(session: WriteSession, member_id: str, *, until: datetime) -> None:
    """Money may not leave before `until`; a later end that stands already is kept."""
    await session.execute(
        "UPDATE member SET withdrawals_allowed_from = greatest(withdrawals_allowed_from, $2) WHERE id = $1",
        member_id,
        until,
    )
