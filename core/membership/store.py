"""All SQL of what is under way about members' identities."""

from datetime import date, datetime

import asyncpg

from core.clock import business_date
from core.db.engine import ReadSession, WriteSession
from core.errors import UnknownMember, UnknownMemberRequest
from core.members.model import Language
from core.membership.model import (
    HeldData,
    IdentityTries,
    MemberRequest,
    PhoneChange,
    PhoneChangeState,
    RequestKind,
    StatementLink,
)
from core.phone import Msisdn


async def keep_consent(
    session: WriteSession,
    member_id: str,
    *,
    version: str,
    language: Language,
    words: str,
    channel: str,
    at: datetime,
) -> None:
    """What somebody agreed to, as they read it."""
    await session.execute(
        """INSERT INTO member_consent (member_id, version, language, words, channel, given_at)
           VALUES ($1, $2, $3, $4, $5, $6)""",
        member_id,
        version,
        language,
        words,
        channel,
        at,
    )


async def add_change(session: WriteSession, change: PhoneChange) -> None:
    await session.execute(
        """INSERT INTO phone_change (id, member_id, old_phone, new_phone, state, wrong_tries, asked_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7)""",
        change.change_id,
        change.member_id,
        change.old.e164,
        change.new.e164,
        change.state,
        change.wrong_tries,
        change.asked_at,
    )


async def lock_change(session: WriteSession, change_id: str, member_id: str) -> PhoneChange | None:
    """A member's change, held for this transaction; None where the member has none of this id."""
    row = await session.row(
        """SELECT id, member_id, old_phone, new_phone, state, wrong_tries, asked_at FROM phone_change
            WHERE id = $1 AND member_id = $2 FOR UPDATE""",
        change_id,
        member_id,
    )
    if row is None:
        return None
    return PhoneChange(
        change_id=row["id"],
        member_id=row["member_id"],
        old=Msisdn(row["old_phone"]),
        new=Msisdn(row["new_phone"]),
        state=PhoneChangeState(row["state"]),
        wrong_tries=row["wrong_tries"],
        asked_at=row["asked_at"],
    )


async def move_change(
    session: WriteSession, change_id: str, to: PhoneChangeState, *, wrong_tries: int, at: datetime
) -> None:
    """Write how a locked change stands now; `at` ends it where nothing can follow."""
    ended = to in {PhoneChangeState.DONE, PhoneChangeState.GIVEN_UP}
    await session.execute(
        "UPDATE phone_change SET state = $2, wrong_tries = $3, closed_at = $4 WHERE id = $1",
        change_id,
        to,
        wrong_tries,
        at if ended else None,
    )


async def codes_since(
    session: ReadSession, *, member_id: str, new: Msisdn, since: datetime
) -> tuple[int, int]:
    """How many codes were sent since on this member's asking, and to this number."""
    row = await session.row(
        """SELECT count(*) FILTER (WHERE member_id = $1) AS asked, count(*) FILTER (WHERE new_phone = $2) AS sent
             FROM phone_change WHERE (member_id = $1 OR new_phone = $2) AND asked_at > $3""",
        member_id,
        new.e164,
        since,
    )
    return (0, 0) if row is None else (row["asked"], row["sent"])


async def lock_identity(session: WriteSession, member_id: str, *, now: datetime) -> IdentityTries:
    """How the questions were answered so far, held for this transaction."""
    await session.execute(
        "INSERT INTO identity_check (member_id, since) VALUES ($1, $2) ON CONFLICT (member_id) DO NOTHING",
        member_id,
        now,
    )
    row = await session.row(
        "SELECT wrong_tries, since, passed_at FROM identity_check WHERE member_id = $1 FOR UPDATE", member_id
    )
    if row is None:
        raise AssertionError("the row was written above")
    return IdentityTries(row["wrong_tries"], row["since"], row["passed_at"])


async def save_identity(session: WriteSession, member_id: str, tries: IdentityTries) -> None:
    await session.execute(
        "UPDATE identity_check SET wrong_tries = $2, since = $3, passed_at = $4 WHERE member_id = $1",
        member_id,
        tries.wrong_tries,
        tries.since,
        tries.passed_at,
    )


async def add_request(session: WriteSession, request: MemberRequest) -> bool:
    """Save what a member asks of staff; False where the same waits already."""
    row = await session.row(
        """INSERT INTO member_request (id, member_id, kind, words, asked_at) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (member_id, kind) WHERE closed_at IS NULL DO NOTHING RETURNING id""",
        request.request_id,
        request.member_id,
        request.kind,
        request.words,
        request.asked_at,
    )
    return row is not None


async def waiting_requests(session: ReadSession, *, after: str, most: int) -> list[MemberRequest]:
    """What members ask and nobody has answered, the oldest first, those behind the id `after`."""
    rows = await session.rows(
        "SELECT * FROM member_request WHERE closed_at IS NULL AND id > $1 ORDER BY id LIMIT $2", after, most
    )
    return [_request(row) for row in rows]


async def lock_request(session: WriteSession, request_id: str) -> MemberRequest:
    """Raises UnknownMemberRequest."""
    row = await session.row("SELECT * FROM member_request WHERE id = $1 FOR UPDATE", request_id)
    if row is None:
        raise UnknownMemberRequest(request=request_id)
    return _request(row)


async def close_request(
    session: WriteSession, request_id: str, *, at: datetime, by: str, answer: str
) -> None:
    await session.execute(
        "UPDATE member_request SET closed_at = $2, closed_by = $3, answer = $4 WHERE id = $1",
        request_id,
        at,
        by,
        answer,
    )


def _request(row: asyncpg.Record) -> MemberRequest:
    return MemberRequest(
        request_id=row["id"],
        member_id=row["member_id"],
        kind=RequestKind(row["kind"]),
        words=row["words"],
        asked_at=row["asked_at"],
        closed_at=row["closed_at"],
        closed_by=row["closed_by"],
        answer=row["answer"],
    )


async def add_link(session: WriteSession, link: StatementLink, *, at: datetime) -> bool:
    """Save a link; False where this one was made before."""
    row = await session.row(
        """INSERT INTO statement_link (id, member_id, since, until, language, made_at, expires_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING RETURNING id""",
        link.link_id,
        link.member_id,
        link.since,
        link.until,
        link.language,
        at,
        link.expires_at,
    )
    return row is not None


async def links_since(session: ReadSession, member_id: str, since: datetime) -> int:
    """How many links were made for a member since."""
    row = await session.row(
        "SELECT count(*) AS n FROM statement_link WHERE member_id = $1 AND made_at > $2", member_id, since
    )
    return 0 if row is None else int(row["n"])


async def lock_link(session: WriteSession, link_id: str) -> StatementLink | None:
    """The link, held for this transaction."""
    row = await session.row("SELECT * FROM statement_link WHERE id = $1 FOR UPDATE", link_id)
    if row is None:
        return None
    since: date = row["since"]
    return StatementLink(
        link_id=row["id"],
        member_id=row["member_id"],
        since=since,
        until=row["until"],
        language=Language(row["language"]),
        expires_at=row["expires_at"],
        openings=row["openings"],
    )


async def count_opening(session: WriteSession, link_id: str) -> None:
    await session.execute("UPDATE statement_link SET openings = openings + 1 WHERE id = $1", link_id)


async def held(session: ReadSession, member_id: str) -> tuple[HeldData, str | None]:
    """What is held on a member, and the sealed national id. Raises UnknownMember."""
    row = await session.row(
        """SELECT m.number, m.first_name, m.last_name, m.phone, m.birth_date, m.joined_at, m.national_id_sealed,
                  (SELECT max(given_at) FROM member_consent c WHERE c.member_id = m.id) AS consented_at
             FROM member m WHERE m.id = $1""",
        member_id,
    )
    if row is None:
        raise UnknownMember
    consented_at = row["consented_at"]
    data = HeldData(
        number=row["number"],
        first_name=row["first_name"],
        last_name=row["last_name"],
        phone=Msisdn(row["phone"]),
        national_id_masked="",
        birth_date=row["birth_date"],
        joined_on=business_date(row["joined_at"]),
        consented_on=None if consented_at is None else business_date(consented_at),
    )
    return data, row["national_id_sealed"]
