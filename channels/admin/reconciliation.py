"""Do our books agree with the providers' statements? Breaks, their settling by two people, and the report of a day."""

from datetime import date, datetime
from typing import Annotated, Final

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from channels.admin.approvals import Approval
from channels.admin.desk import Desk
from channels.admin.doors import needs
from channels.admin.schemas import PAGE_DEFAULT, Amount, Most, Said
from channels.admin.writing import Write
from core.db.engine import WriteSession
from core.reconciliation import breaks, importing, report
from core.reconciliation.actions import (
    BOOK_LINE,
    MATCH_BY_HAND,
    SET_ASIDE,
    UNDO_MATCH,
    HandMatch,
    LineToBook,
    MatchToUndo,
    SetAside,
)
from core.reconciliation.breaks import Break, BreakKind
from core.reconciliation.model import Book, Stage
from core.staff import checking
from core.staff.model import SignedIn
from core.staff.permissions import Permission

router = APIRouter(prefix="/reconciliation", tags=["reconciliation"])

_SOME_MOST: Final = 100
_Reader = Annotated[SignedIn, needs(Permission.LEDGER_READ)]
_Worker = Annotated[SignedIn, needs(Permission.RECONCILIATION_WORK)]
_Numbers = Annotated[list[int], Field(max_length=_SOME_MOST)]
_Reason = Annotated[str, Field(min_length=3, max_length=500)]


class FileShown(BaseModel):
    """A statement that was brought in. `repeated` lines were known from another."""

    id: int
    name: str
    book: Book
    lines: int
    new: int
    repeated: int
    skipped: int
    money_in: Amount
    money_out: Amount
    first_at: datetime
    last_at: datetime
    imported_by: str
    imported_at: datetime


class Suggestion(BaseModel):
    """A movement of ours that may be the line, 0 to 100."""

    movement: int
    confidence: int


class BreakShown(BaseModel):
    """One thing that does not agree: a line of a statement, or a movement of ours."""

    kind: BreakKind
    line: int | None
    movement: int | None
    at: datetime
    amount: Amount
    receipt: str
    reference: str
    phone_ending: str
    name: str
    suggestions: list[Suggestion]

    @classmethod
    def of(cls, each: Break) -> "BreakShown":
        return cls(
            kind=each.kind,
            line=each.line_id,
            movement=each.movement_id,
            at=each.at,
            amount=Amount.of(each.amount),
            receipt=each.receipt,
            reference=each.reference,
            phone_ending=each.phone[-4:],
            name=each.name,
            suggestions=[
                Suggestion(movement=suggested.movement_id, confidence=suggested.confidence)
                for suggested in each.suggestions
            ],
        )


class Breaks(BaseModel):
    """Breaks, the oldest first; `next` is how many to leave out for the next page."""

    items: list[BreakShown]
    next: int | None


class DayShown(BaseModel):
    """How a book agrees on one day: both sides' sums, what was matched by which stage, and what is open."""

    book: Book
    on: date
    lines: int
    lines_amount: Amount
    movements: int
    movements_amount: Amount
    matched_lines: dict[Stage, int]
    open_lines: int
    open_lines_amount: Amount
    open_movements: int
    open_movements_amount: Amount
    set_aside: int
    agrees: bool


class MatchSaid(Said):
    """Lines and movements that are one money."""

    lines: _Numbers = Field(min_length=1)
    movements: _Numbers = Field(min_length=1)
    reason: _Reason


class LineSaid(Said):
    """A line that our books lack."""

    line: int
    reason: _Reason


class AsideSaid(Said):
    """Lines and movements that need nothing more."""

    lines: _Numbers = Field(default_factory=list)
    movements: _Numbers = Field(default_factory=list)
    reason: _Reason


class UndoSaid(Said):
    """A match that was wrong."""

    match: int
    reason: _Reason


@router.get("/statements")
async def statements(_: _Reader, desk: Desk, most: Most = PAGE_DEFAULT) -> list[FileShown]:
    """The statements that were brought in last. `imarisha reconcile FILE` brings one in."""
    async with desk.database.reading() as session:
        found = await importing.files(session, most=most)
    return [
        FileShown(
            id=file.file_id,
            name=name,
            book=file.book,
            lines=file.lines,
            new=file.new,
            repeated=file.repeated,
            skipped=file.skipped,
            money_in=Amount.of(file.money_in),
            money_out=Amount.of(file.money_out),
            first_at=file.first_at,
            last_at=file.last_at,
            imported_by=by,
            imported_at=at,
        )
        for name, by, at, file in found
    ]


@router.get("/breaks")
async def open_breaks(
    _: _Reader,
    desk: Desk,
    book: Book = Book.MPESA,
    after: Annotated[int, Query(ge=0, le=10**9)] = 0,
    most: Most = PAGE_DEFAULT,
) -> Breaks:
    """What does not agree, the oldest first, with what may explain it."""
    async with desk.database.reading() as session:
        found = await breaks.open_breaks(session, book, most=most + 1, after=after)
    is_more = len(found) > most
    return Breaks(
        items=[BreakShown.of(each) for each in found[:most]], next=after + most if is_more else None
    )


@router.get("/days/{on}")
async def day_report(_: _Reader, desk: Desk, on: date, book: Book = Book.MPESA) -> DayShown:
    """How a book agrees on one day."""
    async with desk.database.at_one_moment() as session:
        day = await report.day_report(session, book, on)
    return DayShown(
        book=day.book,
        on=day.on,
        lines=day.lines,
        lines_amount=Amount.of(day.lines_amount),
        movements=day.movements,
        movements_amount=Amount.of(day.movements_amount),
        matched_lines=day.matched_lines,
        open_lines=day.open_lines,
        open_lines_amount=Amount.of(day.open_lines_amount),
        open_movements=day.open_movements,
        open_movements_amount=Amount.of(day.open_movements_amount),
        set_aside=day.set_aside,
        agrees=day.agrees,
    )


@router.post("/matches", response_model=Approval, status_code=202)
async def match_by_hand(said: MatchSaid, who: _Worker, write: Write) -> Response:
    """Ask for lines and movements to be matched; both sides come to the same amount."""

    async def work(session: WriteSession, now: datetime) -> Approval:
        facts = HandMatch(lines=tuple(said.lines), movements=tuple(said.movements), reason=said.reason)
        return Approval.of(
            await checking.propose(session, now, write.desk.ids, MATCH_BY_HAND, facts, who), now
        )

    return await write.answer(who, work, status=202)


@router.post("/bookings", response_model=Approval, status_code=202)
async def book_line(said: LineSaid, who: _Worker, write: Write) -> Response:
    """Ask for a line to be booked: money in to suspense, where it is cleared from; a charge as expense."""

    async def work(session: WriteSession, now: datetime) -> Approval:
        facts = LineToBook(line=said.line, reason=said.reason)
        return Approval.of(await checking.propose(session, now, write.desk.ids, BOOK_LINE, facts, who), now)

    return await write.answer(who, work, status=202)


@router.post("/set-aside", response_model=Approval, status_code=202)
async def set_aside(said: AsideSaid, who: _Worker, write: Write) -> Response:
    """Ask for breaks to be left as they are, with the reason."""

    async def work(session: WriteSession, now: datetime) -> Approval:
        facts = SetAside(lines=tuple(said.lines), movements=tuple(said.movements), reason=said.reason)
        return Approval.of(await checking.propose(session, now, write.desk.ids, SET_ASIDE, facts, who), now)

    return await write.answer(who, work, status=202)


@router.post("/matches/undo", response_model=Approval, status_code=202)
async def undo_match(said: UndoSaid, who: _Worker, write: Write) -> Response:
    """Ask for a wrong match to be undone; what it joined is open again."""

    async def work(session: WriteSession, now: datetime) -> Approval:
        facts = MatchToUndo(match=said.match, reason=said.reason)
        return Approval.of(await checking.propose(session, now, write.desk.ids, UNDO_MATCH, facts, who), now)

    return await write.answer(who, work, status=202)
