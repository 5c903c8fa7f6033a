"""How does a person become a member? They are written down, somebody else decides, and then their accounts open."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import msgspec

from core.clock import business_date
from core.db.engine import ReadSession, WriteSession
from core.errors import AlreadyMember, MemberNotPending, NotOfAge
from core.ids import Ids
from core.members import directory, identity_store
from core.members import store as members
from core.members.model import Language, Member, MemberStatus
from core.members.names import personal_name
from core.members.national_id import NationalId
from core.members.sealing import FieldSealer
from core.notices import service as notices
from core.notices.model import NoticeKind
from core.phone import Msisdn
from core.savings import store as savings
from core.savings.model import SavingsProduct
from core.shares import store as shares
from core.staff import checking, request_store
from core.staff.approval import Request, RequestState
from core.staff.checked import CheckedAction, Decision
from core.staff.permissions import Permission

ADULT_YEARS: Final = 18
"""Co-operative Societies Act (Kenya), section 14: a member's age is not below eighteen years."""

_ASKS_AGAIN: Final = frozenset({MemberStatus.PENDING, MemberStatus.REJECTED})


@dataclass(frozen=True, slots=True)
class Applicant:
    """What a person says of themselves who asks to join."""

    first_name: str
    last_name: str
    phone: Msisdn
    language: Language
    birth_date: date
    national_id: NationalId | None = None


class Admission(msgspec.Struct, frozen=True, kw_only=True):
    """The facts of a registration, as whoever decides reads them."""

    member_id: str
    number: str
    first_name: str
    last_name: str
    phone: str
    birth_date: date
    national_id: str = ""
    """Masked; the whole number is sealed with the member."""
    same_national_id: str = ""
    """Numbers of other members who gave the same national id: perhaps the same person."""


async def register(
    session: WriteSession,
    now: datetime,
    ids: Ids,
    applicant: Applicant,
    *,
    maker: str,
    sealer: FieldSealer | None = None,
) -> tuple[Member, Request]:
    """Write down who asks to join, and ask for a decision. `maker` is of staff, or empty where it is the applicant.

    A national id is sealed by `sealer`, which must then be given.

    Who was turned away, or was never decided on, may ask again. Raises InvalidName, NotOfAge, AlreadyMember, and
    RequestWaits where a decision is due already.
    """
    first_name, last_name = personal_name(applicant.first_name), personal_name(applicant.last_name)
    if _years(applicant.birth_date, business_date(now)) < ADULT_YEARS:
        raise NotOfAge(years=ADULT_YEARS)
    known = await directory.lock_by_phone(session, applicant.phone)
    if known is not None and known.status not in _ASKS_AGAIN:
        raise AlreadyMember(member_id=known.member_id)
    member = Member(
        member_id=known.member_id if known else ids.new("mbr"),
        number=known.number if known else await directory.next_number(session),
        first_name=first_name,
        last_name=last_name,
        phone=applicant.phone,
        language=applicant.language,
        status=MemberStatus.PENDING,
        birth_date=applicant.birth_date,
    )
    if known is None:
        await members.add(session, member, at=now)
    else:
        await directory.write_again(session, member, at=now)
    shared = await _keep_national_id(session, sealer, member.member_id, applicant.national_id)
    facts = Admission(
        member_id=member.member_id,
        number=member.number,
        first_name=member.first_name,
        last_name=member.last_name,
        phone=member.phone.e164,
        birth_date=member.birth_date,
        national_id=applicant.national_id.masked if applicant.national_id else "",
        same_national_id=", ".join(shared),
    )
    request = await checking.ask(session, now, ids, ADMIT, facts, maker=maker or member.member_id)
    return member, request


async def _keep_national_id(
    session: WriteSession, sealer: FieldSealer | None, member_id: str, given: NationalId | None
) -> list[str]:
    """Seal what was given; the numbers of others who gave the same."""
    if given is None:
        return []
    if sealer is None:
        raise AssertionError("a national id is kept sealed or not at all")
    prints = sealer.prints(given.number)
    await identity_store.keep_national_id(
        session, member_id, sealed=sealer.seal(given.number, owner=member_id), print_=prints[0]
    )
    return await identity_store.numbers_with_print(session, prints, but=member_id)


async def is_waiting(session: ReadSession, now: datetime, member_id: str) -> bool:
    """Whether a registration still waits for a decision; one that nobody decided on in time does not."""
    asked = await request_store.latest(session, maker=None, subject=member_id, before=None, most=1)
    return any(each.action == ADMIT.code and each.state_at(now) is RequestState.PENDING for each in asked)


def _years(born: date, today: date) -> int:
    """Whole years of age."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


async def _look(session: ReadSession, _: datetime, facts: Admission) -> str:
    _refuse_decided(await members.find(session, facts.member_id))
    return facts.member_id


async def _admit(session: WriteSession, decision: Decision, facts: Admission) -> dict[str, str]:
    """The applicant is a member from now on, with the accounts that every member has."""
    member_id, today = facts.member_id, business_date(decision.at)
    member = await members.lock(session, member_id)
    _refuse_decided(member)
    await directory.set_status(session, member_id, MemberStatus.ACTIVE)
    for product in (SavingsProduct.SAVINGS, SavingsProduct.DEPOSITS):
        await savings.open_account(
            session, account_id=decision.ids.new("acc"), member_id=member_id, product=product, on=today
        )
    await shares.open_account(session, account_id=decision.ids.new("acc"), member_id=member_id, on=today)
    await _tell(session, decision, member, NoticeKind.MEMBER_ADMITTED)
    return {"member": member_id}


async def _turn_away(session: WriteSession, decision: Decision, facts: Admission) -> None:
    member = await members.lock(session, facts.member_id)
    _refuse_decided(member)
    await directory.set_status(session, facts.member_id, MemberStatus.REJECTED)
    await _tell(session, decision, member, NoticeKind.MEMBER_TURNED_AWAY)


async def _tell(session: WriteSession, decision: Decision, member: Member, kind: NoticeKind) -> None:
    await notices.tell(
        session,
        ids=decision.ids,
        member_id=member.member_id,
        phone=member.phone,
        kind=kind,
        language=member.language,
        facts={"number": member.number},
        key=f"{kind}:{decision.request_id}",
        now=decision.at,
    )


def _refuse_decided(member: Member) -> None:
    if member.status is not MemberStatus.PENDING:
        raise MemberNotPending(status=member.status)


ADMIT: Final = CheckedAction(
    code="members.admit",
    facts=Admission,
    propose=Permission.MEMBERS_REGISTER,
    approve=Permission.MEMBERS_ADMIT,
    life=timedelta(days=30),
    look=_look,
    do=_admit,
    undo=_turn_away,
)
"""A registration waits a month for a decision; after that the person asks again."""
