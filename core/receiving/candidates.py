"""All SQL by which a reference of the paybill finds members: exactly, nearly, and by the payer's number."""

from collections.abc import Sequence
from typing import Protocol

import asyncpg

from core.db.engine import ReadSession
from core.payments.receipt import PaybillReceipt
from core.payments.references import Candidate, IdKind, Payer, Reading, Reference


class NationalIds(Protocol):
    """Whose national id is this? Looked up by its blind index; whoever keeps the ids implements it."""

    async def holder(self, session: ReadSession, number: str) -> str | None:
        """The member with this national id."""
        ...


_SERVED = "m.status IN ('active', 'dormant', 'blocked')"
_NEAR_MOST = 2_000
"""Numbers that begin or end alike, at most; beyond that the payer's own things decide."""

_EXACT = f"""
SELECT m.id, 'member_number' AS kind, m.number AS value, m.first_name, m.last_name, m.phone, NULL AS loan_id
  FROM member m WHERE m.number = ANY($1::text[]) AND {_SERVED}
UNION ALL
SELECT m.id, 'phone', m.phone, m.first_name, m.last_name, m.phone, NULL
  FROM member m WHERE m.phone = ANY($2::text[]) AND {_SERVED}
UNION ALL
SELECT m.id, 'loan_number', l.number, m.first_name, m.last_name, m.phone, l.id
  FROM loan l JOIN member m ON m.id = l.member_id WHERE l.number = ANY($3::text[]) AND {_SERVED}
"""
_NEAR = f"""
SELECT m.id, 'member_number' AS kind, m.number AS value, m.first_name, m.last_name, m.phone, NULL AS loan_id
  FROM member m
 WHERE (left(m.number, $2) = left($1, $2) OR right(m.number, $3) = right($1, $3))
   AND abs(length(m.number) - length($1)) <= 2 AND {_SERVED}
 ORDER BY m.id LIMIT $4
"""
_OWN = f"""
SELECT m.id, 'member_number' AS kind, m.number AS value, m.first_name, m.last_name, m.phone, NULL AS loan_id
  FROM member m WHERE m.id = $1 AND {_SERVED}
UNION ALL
SELECT m.id, 'phone', m.phone, m.first_name, m.last_name, m.phone, NULL
  FROM member m WHERE m.id = $1 AND {_SERVED}
UNION ALL
SELECT m.id, 'loan_number', l.number, m.first_name, m.last_name, m.phone, l.id
  FROM loan l JOIN member m ON m.id = l.member_id WHERE m.id = $1 AND {_SERVED}
"""
_BY_HASH = f"""
SELECT m.id FROM member m WHERE encode(sha256(substr(m.phone, 2)::bytea), 'hex') = $1 AND {_SERVED}
"""


async def payer_of(session: ReadSession, receipt: PaybillReceipt) -> Payer:
    """Who paid, as far as the provider tells: a hash of their number, its end, a name."""
    member_id = None
    if receipt.payer_hash:
        row = await session.row(_BY_HASH, receipt.payer_hash)
        member_id = None if row is None else row["id"]
    return Payer(member_id, receipt.payer_name, receipt.payer_ending)


async def candidates_for(
    session: ReadSession, reference: Reference, payer: Payer, *, national_ids: NationalIds | None
) -> list[Candidate]:
    """Who may be meant: whoever has just this, and where nobody has, whoever has something like it."""
    exact = await _exact(session, reference, national_ids)
    return exact or [*await _near(session, reference), *await _payers(session, payer)]


async def _exact(
    session: ReadSession, reference: Reference, national_ids: NationalIds | None
) -> list[Candidate]:
    values = {
        kind: [reading.value for reading in reference.readings if reading.kind is kind] for kind in IdKind
    }
    rows = await session.rows(
        _EXACT, values[IdKind.MEMBER_NUMBER], values[IdKind.PHONE], values[IdKind.LOAN_NUMBER]
    )
    found = [_candidate(row) for row in rows]
    for number in values[IdKind.NATIONAL_ID] if national_ids is not None else ():
        found += await _holder(session, number, national_ids)
    return found


async def _holder(session: ReadSession, number: str, national_ids: NationalIds | None) -> Sequence[Candidate]:
    member_id = None if national_ids is None else await national_ids.holder(session, number)
    rows = [] if member_id is None else await session.rows(_OWN, member_id)
    return [_candidate(row, Reading(IdKind.NATIONAL_ID, number)) for row in rows[:1]]


async def _near(session: ReadSession, reference: Reference) -> list[Candidate]:
    """Member numbers of which one half is as typed: a slip of the finger spoils one half only."""
    found: list[Candidate] = []
    for reading in reference.readings:
        if reading.kind is IdKind.MEMBER_NUMBER:
            half = len(reading.value) // 2
            rows = await session.rows(_NEAR, reading.value, half, len(reading.value) - half, _NEAR_MOST)
            found += [_candidate(row) for row in rows]
    return found


async def _payers(session: ReadSession, payer: Payer) -> list[Candidate]:
    rows = [] if payer.member_id is None else await session.rows(_OWN, payer.member_id)
    return [_candidate(row) for row in rows]


def _candidate(row: asyncpg.Record, named: Reading | None = None) -> Candidate:
    return Candidate(
        member_id=row["id"],
        kind=named.kind if named else IdKind(row["kind"]),
        value=named.value if named else row["value"],
        name=f"{row['first_name']} {row['last_name']}",
        phone=row["phone"],
        loan_id=row["loan_id"],
    )
