"""What was a member shown, and when? Kept for disputes: masked, chained by hash, never changed.

The screen a member agreed to is written in the transaction of what it led to, so neither is there without the
other. All other screens come in batches and may be lost (`shown_buffer`): a menu needs no database.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

import asyncpg

from core.audit.chain import FIRST_LINK, AuditEvent, first_break, link
from core.db.engine import ReadSession, WriteSession

# Another fixed number than the one under which audit events are sealed.
_SEALER_LOCK = 7_461_002
_BATCH = 1_000
# As for audit events: ids are given in order of writing, not of commit.
_LATE_SCREENS = 50_000
_EVER = 2**62

_LONG_NUMBER = re.compile(r"\+?\d(?:[ -]?\d){6,}")
_LEFT_STANDING = 3


@dataclass(frozen=True, slots=True)
class ShownScreen:
    """One screen as it stood on a phone."""

    at: datetime
    member_id: str
    """Empty before sign-in."""
    phone: str
    """In full while in memory; `record` keeps the masked form."""
    channel: str
    network: str
    turn: str
    """Names the turn, the same again when it is repeated."""
    came_from: str
    """The screen before; with `label` it tells what was answered, never what was typed."""
    label: str
    language: str
    text: str
    bound: bool = False
    """Written with the change it led to: this is what the member said yes to."""


@dataclass(frozen=True, slots=True)
class KeptScreen:
    """A screen as it is kept; `seal` is empty until it is chained, seconds after the commit."""

    screen_id: int
    screen: ShownScreen
    seal: str


def masked(text: str) -> str:
    """The text with every number of seven digits or more hidden but for its end: phones, ids, account numbers.

    >>> masked("Call 0711 000 001 about KES 1,000.00")
    'Call *******001 about KES 1,000.00'
    """

    def hide(found: re.Match[str]) -> str:
        digits = [letter for letter in found[0] if letter.isdigit()]
        return "*" * (len(digits) - _LEFT_STANDING) + "".join(digits[-_LEFT_STANDING:])

    return _LONG_NUMBER.sub(hide, text)


async def record(session: WriteSession, screens: Sequence[ShownScreen]) -> None:
    """Keep these screens, masked; one of a turn that was kept before stays as it is."""
    await session.execute(
        """INSERT INTO shown_screen
                  (key, at, member_id, phone, channel, network, came_from, label, language, text, bound)
           SELECT * FROM unnest($1::text[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[],
                                $7::text[], $8::text[], $9::text[], $10::text[], $11::boolean[])
           ON CONFLICT (key) DO NOTHING""",
        [f"{screen.turn}{'.agreed' if screen.bound else ''}" for screen in screens],
        [screen.at for screen in screens],
        [screen.member_id for screen in screens],
        [masked(screen.phone) for screen in screens],
        [screen.channel for screen in screens],
        [screen.network for screen in screens],
        [screen.came_from for screen in screens],
        [screen.label for screen in screens],
        [screen.language for screen in screens],
        [masked(screen.text) for screen in screens],
        [screen.bound for screen in screens],
    )


async def find(
    session: ReadSession,
    *,
    member_id: str | None,
    phone: str | None,
    since: datetime | None,
    until: datetime | None,
    before: int | None,
    most: int,
) -> list[KeptScreen]:
    """Screens, the newest first; of one member, or of a number before anybody signed in on it."""
    rows = await session.rows(
        """SELECT c.*, s.hash FROM shown_screen c LEFT JOIN shown_seal s ON s.screen_id = c.id
            WHERE ($1::text IS NULL OR c.member_id = $1) AND ($2::text IS NULL OR c.phone = $2)
              AND ($3::timestamptz IS NULL OR c.at >= $3) AND ($4::timestamptz IS NULL OR c.at <= $4)
              AND ($5::bigint IS NULL OR c.id < $5) ORDER BY c.id DESC LIMIT $6""",
        member_id,
        None if phone is None else masked(phone),
        since,
        until,
        before,
        most,
    )
    return [KeptScreen(row["id"], _screen(row), (row["hash"] or b"").hex()) for row in rows]


async def seal(session: WriteSession, *, far_back: bool = False) -> int:
    """Chain a batch of committed screens that carry no seal yet; how many. One sealer works at a time."""
    locked = await session.row("SELECT pg_try_advisory_xact_lock($1) AS mine", _SEALER_LOCK)
    if locked is None or not locked["mine"]:
        return 0
    last = await session.row("SELECT sequence, hash FROM shown_seal ORDER BY sequence DESC LIMIT 1")
    sequence, previous = (last["sequence"], last["hash"]) if last else (0, FIRST_LINK)
    rows = await session.rows(
        """SELECT c.* FROM shown_screen c LEFT JOIN shown_seal s ON s.screen_id = c.id
            WHERE s.screen_id IS NULL AND c.id > coalesce((SELECT max(screen_id) FROM shown_seal), 0) - $2
            ORDER BY c.id LIMIT $1""",
        _BATCH,
        _EVER if far_back else _LATE_SCREENS,
    )
    seals = []
    for row in rows:
        sequence += 1
        previous = link(previous, _event(row))
        seals.append((sequence, row["id"], previous))
    if seals:
        await session.execute_many(
            "INSERT INTO shown_seal (sequence, screen_id, hash) VALUES ($1, $2, $3)", seals
        )
    return len(seals)


async def broken_link(session: ReadSession) -> int | None:
    """The first screen whose seal does not fit what is stored now; None when the chain holds."""
    sequence, previous = 0, FIRST_LINK
    while True:
        rows = await session.rows(
            """SELECT s.sequence, s.screen_id, s.hash, c.*
                 FROM shown_seal s LEFT JOIN shown_screen c ON c.id = s.screen_id
                WHERE s.sequence > $1 ORDER BY s.sequence LIMIT $2""",
            sequence,
            _BATCH,
        )
        if not rows:
            return None
        there = list(takewhile(lambda row: row["id"] is not None, rows))
        broken = first_break(((_event(row), row["hash"]) for row in there), behind=previous)
        if broken is not None:
            return broken
        if len(there) < len(rows):
            return int(rows[len(there)]["screen_id"])
        sequence, previous = rows[-1]["sequence"], rows[-1]["hash"]


def _event(row: asyncpg.Record) -> AuditEvent:
    """A screen in the shape that seals are made over."""
    return AuditEvent(
        event_id=row["id"],
        at=row["at"],
        actor=row["phone"],
        action=row["label"],
        subject=row["member_id"],
        facts={
            "key": row["key"],
            "channel": row["channel"],
            "network": row["network"],
            "came_from": row["came_from"],
            "language": row["language"],
            "text": row["text"],
            "bound": str(row["bound"]),
        },
    )


def _screen(row: asyncpg.Record) -> ShownScreen:
    return ShownScreen(
        at=row["at"],
        member_id=row["member_id"],
        phone=row["phone"],
        channel=row["channel"],
        network=row["network"],
        turn=row["key"].removesuffix(".agreed"),
        came_from=row["came_from"],
        label=row["label"],
        language=row["language"],
        text=row["text"],
        bound=row["bound"],
    )
