"""How does a member get a statement at the counter? As a file, as the last movements, and a printed one checked."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from channels.admin.desk import Desk
from channels.admin.doors import needs
from channels.admin.member_shapes import Balances, MovementShown
from core import overview
from core.audit import store as audit
from core.members import store as members
from core.members.model import Language
from core.reports import service
from core.reports.ports import StatementFormat
from core.reports.statement import Period
from core.staff.model import SignedIn
from core.staff.permissions import Permission

router = APIRouter(prefix="/members/{member_id}", tags=["statements"])

_MINI, _MINI_MAX = 10, 50
_Reader = Annotated[SignedIn, needs(Permission.MEMBERS_READ)]
_Printer = Annotated[SignedIn, needs(Permission.STATEMENTS_PRINT)]
_Since = Annotated[date, Query(alias="from", description="The first business day.")]
_Until = Annotated[date, Query(alias="to", description="The last business day.")]

_FILES: dict[int | str, dict[str, object]] = {
    200: {
        "description": "The file",
        "content": {
            media: {"schema": {"type": "string", "format": "binary"}}
            for media in (
                "application/pdf",
                "text/csv",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            )
        },
    }
}


class MiniStatement(BaseModel):
    """What a member has, and what moved last, the newest first."""

    member: str
    balances: Balances
    movements: list[MovementShown]


class Checked(BaseModel):
    """Whether a printed statement says what the books say now."""

    agrees: bool
    check_code: str
    """That of the statement as the books give it now."""


@router.get("/statement", response_class=Response, responses=_FILES)
async def statement(
    member_id: str,
    who: _Printer,
    desk: Desk,
    since: _Since,
    until: _Until,
    form: Annotated[StatementFormat, Query(alias="format")] = StatementFormat.PDF,
    language: Annotated[Language | None, Query(description="The member's own where none is given.")] = None,
) -> Response:
    """A member's full statement as a file. The audit trail says who handed out which."""
    file = await service.render_statement(
        desk.database,
        desk.clock,
        desk.statements,
        member_id=member_id,
        period=Period(since, until),
        form=form,
        language=language,
    )
    facts = {"from": str(since), "to": str(until), "format": form.value, "check_code": file.check_code}
    async with desk.database.unit_of_work() as session:
        await audit.record(
            session,
            at=desk.clock.now(),
            actor=who.staff.staff_id,
            action="statement.printed",
            subject=member_id,
            facts=facts,
        )
    return Response(
        file.content,
        media_type=file.media_type,
        headers={"content-disposition": f'attachment; filename="{file.name}"'},
    )


@router.get("/statement/check")
async def check(
    member_id: str,
    _: _Reader,
    desk: Desk,
    since: _Since,
    until: _Until,
    code: Annotated[str, Query(min_length=1, max_length=40, description="As it is printed.")],
) -> Checked:
    """Compare the check code of a printed statement with the books. A later correction of the period changes it."""
    async with desk.database.at_one_moment() as session:
        made = await service.member_statement(session, member_id=member_id, period=Period(since, until))
    return Checked(agrees=_signs(code) == _signs(made.check_code), check_code=made.check_code)


@router.get("/statement/mini")
async def mini(
    member_id: str,
    _: _Reader,
    desk: Desk,
    most: Annotated[int, Query(alias="limit", ge=1, le=_MINI_MAX)] = _MINI,
) -> MiniStatement:
    """Balances and the last movements over all of a member's accounts."""
    async with desk.database.reading() as session:
        member = await members.find(session, member_id)
        standing = await overview.overview(session, member_id=member_id, now=desk.clock.now())
        moved = await overview.latest_movements(session, member_id=member_id, most=most)
    return MiniStatement(
        member=member.number,
        balances=Balances.of(standing),
        movements=[MovementShown.of(each) for each in moved],
    )


def _signs(code: str) -> str:
    """The code without what people leave out or add when they type it."""
    return "".join(sign for sign in code.upper() if sign.isalnum())
