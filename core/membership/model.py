"""What may be under way about a member's identity? Values, and the closed sets they come from. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from core.members.model import Language
from core.phone import Msisdn

COOLING_OFF: Final = timedelta(hours=24)
"""How long no money leaves after a change of number or a reset PIN: time for the owner of a stolen SIM to call."""

CODE_LIFE: Final = timedelta(minutes=10)
"""How long a one-time code is good."""

CODE_TRIES: Final = 3
"""Wrong codes until a change is given up."""

CODES_A_DAY: Final = 3
"""Codes sent on one member's asking, and codes sent to one number, within a day."""

IDENTITY_TRIES: Final = 3
"""Wrong answers about oneself within a day until only staff can help."""

IDENTITY_LIFE: Final = timedelta(minutes=10)
"""How long after the right answers a new PIN may be chosen."""

LINK_LIFE: Final = timedelta(hours=24)
"""How long a statement may be fetched by its link."""

LINK_OPENINGS: Final = 5
"""How often; a phone that looks ahead takes one."""

DAY: Final = timedelta(days=1)


class PhoneChangeState(StrEnum):
    """How far a change of number has come."""

    ASKED = "asked"
    """A code is on its way to the new number."""

    PROVED = "proved"
    """The code was right: who asks holds the new number."""

    DONE = "done"
    """The member is known by the new number."""

    GIVEN_UP = "given_up"
    """Too many wrong codes."""


@dataclass(frozen=True, slots=True)
class PhoneChange:
    """A member's wish for another number."""

    change_id: str
    member_id: str
    old: Msisdn
    new: Msisdn
    state: PhoneChangeState
    wrong_tries: int
    asked_at: datetime


class RequestKind(StrEnum):
    """What a member may ask of staff by phone."""

    CALL_BACK = "call_back"
    """To be called by a person."""

    CORRECT_DATA = "correct_data"
    """To have something corrected that is held on them."""

    DELETE_DATA = "delete_data"
    """To have deleted what no law obliges us to keep."""


@dataclass(frozen=True, slots=True)
class MemberRequest:
    """Something a member asked of staff, and what became of it."""

    request_id: str
    member_id: str
    kind: RequestKind
    words: str
    asked_at: datetime
    closed_at: datetime | None
    closed_by: str | None
    answer: str


@dataclass(frozen=True, slots=True)
class IdentityTries:
    """How the questions about oneself were answered lately."""

    wrong_tries: int
    since: datetime
    passed_at: datetime | None


@dataclass(frozen=True, slots=True)
class StatementLink:
    """A statement that may be fetched for a while."""

    link_id: str
    member_id: str
    since: date
    until: date
    language: Language
    expires_at: datetime
    openings: int


@dataclass(frozen=True, slots=True)
class HeldData:
    """What is held on a member, as the member reads it."""

    number: str
    first_name: str
    last_name: str
    phone: Msisdn
    national_id_masked: str
    """Empty where none was given."""
    birth_date: date
    joined_on: date
    consented_on: date | None
