"""Was the audit trail touched? Each sealed event carries a hash over itself and the seal before it.

hash(n) = SHA-256(hash(n-1) || canonical JSON of event n); hash(0) is 32 zero bytes. Changing, removing or
inserting an event breaks every later hash.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import msgspec

FIRST_LINK = bytes(32)

_canonical = msgspec.json.Encoder(order="sorted")


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """Who did what to which thing, and when, as it is stored."""

    event_id: int
    at: datetime
    actor: str
    action: str
    subject: str
    facts: dict[str, str]


def link(previous: bytes, event: AuditEvent) -> bytes:
    """The seal of an event behind the seal before it (32 bytes)."""
    return hashlib.sha256(previous + _canonical.encode(event)).digest()


def first_break(sealed: Iterable[tuple[AuditEvent, bytes]], *, behind: bytes = FIRST_LINK) -> int | None:
    """The id of the first event, in order of sealing, whose seal does not fit behind `behind`; None if all do."""
    previous = behind
    for event, seal in sealed:
        if link(previous, event) != seal:
            return event.event_id
        previous = seal
    return None
