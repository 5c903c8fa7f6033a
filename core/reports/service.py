"""How is a statement handed out? Read from the books at one moment, then written in the form and language asked for."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

from core.clock import Clock
from core.db.engine import Database, MomentSession
from core.members import store as members
from core.members.model import Language
from core.reports import store
from core.reports.loan_store import loan_statements
from core.reports.ports import Issuer, StatementFormat, StatementRenderer, StatementWords
from core.reports.statement import MemberHeading, MemberStatement, Period


@dataclass(frozen=True, slots=True)
class StatementOffice:
    """What it takes to hand out a statement: who issues it, in which forms and languages."""

    institution: str
    renderers: Mapping[StatementFormat, StatementRenderer]
    words: Mapping[Language, StatementWords]


@dataclass(frozen=True, slots=True)
class StatementFile:
    """A finished statement."""

    name: str
    """Such as `statement-M00001-2026-01-01-2026-03-31.pdf`."""
    media_type: str
    content: bytes
    check_code: str


async def member_statement(session: MomentSession, *, member_id: str, period: Period) -> MemberStatement:
    """All of a member's accounts and loans over the period. Raises UnknownMember."""
    member = await members.find(session, member_id)
    accounts = await store.accounts_of(session, member_id)
    return MemberStatement(
        member=MemberHeading(
            number=member.number,
            name=f"{member.first_name} {member.last_name}",
            phone_masked=member.phone.masked,
        ),
        period=period,
        accounts=tuple([await store.account_statement(session, each, period) for each in accounts]),
        loans=await loan_statements(session, member_id=member_id, period=period),
    )


async def render_statement(
    database: Database,
    clock: Clock,
    office: StatementOffice,
    *,
    member_id: str,
    period: Period,
    form: StatementFormat,
    language: Language | None = None,
) -> StatementFile:
    """A member's whole statement as a file, in the member's language where none is named. Raises UnknownMember."""
    async with database.at_one_moment() as session:
        statement = await member_statement(session, member_id=member_id, period=period)
        language = language or (await members.find(session, member_id)).language
    renderer = office.renderers[form]
    out = BytesIO()
    await asyncio.to_thread(
        renderer.write, statement, office.words[language], Issuer(office.institution, clock.now()), out
    )
    return StatementFile(
        name=f"statement-{statement.member.number}-{period.since}-{period.until}.{form}",
        media_type=renderer.media_type,
        content=out.getvalue(),
        check_code=statement.check_code,
    )
