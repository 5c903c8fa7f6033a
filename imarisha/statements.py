"""How does the command line get one statement from the books?"""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from core.clock import SystemClock
from core.members.model import Language
from core.reports.ports import StatementFormat
from core.reports.service import StatementFile, render_statement
from core.reports.statement import Period
from core.reports.store import member_id_of
from dialogs.institution import Institution
from imarisha.settings import PREFIX, read
from imarisha.statement_forms import statement_office
from imarisha.verify import books
from imarisha.wiring import institution


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for on the command line."""

    member_number: str
    period: Period
    form: StatementFormat
    language: Language | None


async def statement_from(data_dir: str | None, wanted: Wanted) -> StatementFile:
    """The statement, from the books of the environment or of a demo's folder.

    Raises UnknownMember, and what `imarisha.verify.books` raises.
    """
    office = statement_office(_institution(os.environ))
    async with books(data_dir) as database:
        async with database.reading() as session:
            member_id = await member_id_of(session, wanted.member_number)
        return await render_statement(
            database,
            SystemClock(),
            office,
            member_id=member_id,
            period=wanted.period,
            form=wanted.form,
            language=wanted.language,
        )


def _institution(environment: Mapping[str, str]) -> Institution:
    """The names the environment gives. Raises WrongSetting for a wrong one; secrets aren't needed to read books."""
    not_needed = {
        "DATABASE_URL": "postgresql://nobody@nowhere/nothing",
        "REDIS_URL": "redis://nowhere/0",
        "SESSION_KEY": "not needed for this",
        "PIN_PEPPER": "not needed for this",
        "STAFF_KEY": "not needed for this",
        "FIELD_KEY": "not needed for this",
    }
    stand_ins = {f"{PREFIX}{name}": value for name, value in not_needed.items()}
    return institution(read({**environment, **stand_ins}))
