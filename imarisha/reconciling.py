"""How does the command line reconcile a file, and how is the result told?"""

import json
from pathlib import Path

from core.clock import SystemClock
from core.errors import Refusal, StatementFaulty, StatementKnown, StatementUnreadable, TotalsDiffer
from core.ids import RandomIds
from core.money import Money, amount_text
from core.receiving.service import Matching
from core.reconciliation import breaks, service
from core.reconciliation.breaks import Break
from core.reconciliation.service import Reconciled
from imarisha.verify import books
from integrations.statements.files import open_statement

COMMAND_SECONDS = 3600
"""A million lines take minutes in one statement."""

_BREAKS_TOLD = 1000


async def reconcile_file(
    data_dir: str | None, file: Path, tolerance: Money, *, receive: bool = False
) -> tuple[Reconciled, list[Break]]:
    """Import and match, on request crediting receipts that we never heard of; the result with its book's breaks.

    Raises the refusals of `core.reconciliation.service.reconcile`, and what `imarisha.verify.books` raises.
    """
    statement = open_statement(file)
    async with books(data_dir, command_seconds=COMMAND_SECONDS) as database:
        clock = SystemClock()
        done = await service.reconcile(
            database,
            clock,
            statement,
            by="command line",
            tolerance=tolerance,
            receiving=service.Receiving(RandomIds(clock), Matching()) if receive else None,
        )
        async with database.reading() as session:
            return done, await breaks.open_breaks(session, done.file.book, most=_BREAKS_TOLD)


def result_as_json(result: tuple[Reconciled, list[Break]]) -> str:
    """One object: the file, the matches by stage, and the first thousand breaks."""
    done, found = result
    file, matched = done.file, done.matched
    told = {
        "file": {
            "id": file.file_id,
            "book": file.book,
            "lines": file.lines,
            "new": file.new,
            "repeated": file.repeated,
            "skipped": file.skipped,
            "currency": file.money_in.currency,
            "money_in": file.money_in.plain(),
            "money_out": file.money_out.plain(),
            "first_at": file.first_at.isoformat(),
            "last_at": file.last_at.isoformat(),
        },
        "received": done.received,
        "matches": matched.by_stage,
        "open_lines": matched.open_lines,
        "open_movements": matched.open_movements,
        "differences": matched.differences.plain(),
        "breaks": [_break(each) for each in found],
    }
    return json.dumps(told, indent=2)


def _break(each: Break) -> dict[str, object]:
    return {
        "kind": each.kind,
        "line": each.line_id,
        "movement": each.movement_id,
        "at": each.at.isoformat(),
        "amount": each.amount.plain(),
        "receipt": each.receipt,
        "reference": each.reference,
        "details": each.details,
        "suggestions": [
            {"movement": suggested.movement_id, "confidence": suggested.confidence}
            for suggested in each.suggestions
        ],
    }


def as_text(result: tuple[Reconciled, list[Break]]) -> str:
    """For people: a few lines, and the first breaks."""
    done, found = result
    file, matched = done.file, done.matched
    lines = [
        f"{file.lines} lines: {file.new} new, {file.repeated} known already, {file.skipped} not completed",
        f"in {file.money_in}, out {file.money_out} {file.money_in.currency}",
        *([f"received: {done.received} that we had not heard of"] if done.received else []),
        *(f"matched by {stage.replace('_', ' ')}: {count}" for stage, count in matched.by_stage.items()),
        f"open: {matched.open_lines} lines, {matched.open_movements} movements of ours",
    ]
    told = [
        f"{each.at:%Y-%m-%d %H:%M} {each.kind} {each.amount} {each.receipt} {each.details}" for each in found
    ]
    return "\n".join([*lines, *(text.rstrip() for text in told[:50])])


def refused_as_json(refusal: Refusal) -> str:
    """The code and the facts, with the faulty lines one by one."""
    facts = {name: value for name, value in vars(refusal).items() if name != "faults"}
    told: dict[str, object] = {"refused": refusal.code, "facts": facts}
    if isinstance(refusal, StatementFaulty):
        told["rows"] = [{"row": row, "why": why, "text": text} for row, why, text in refusal.faults]
    return json.dumps(told, indent=2, default=str)


def refusal_text(refusal: Refusal) -> str:
    """One line for people."""
    match refusal:
        case StatementFaulty(count=count, faults=faults):
            first = "; ".join(f"row {row}: {why} {text!r}" for row, why, text in faults[:5])
            return f"nothing was taken over: {count} rows can't be read ({first})"
        case StatementKnown(imported_at=at, file_id=number):
            return f"this file was imported on {at:%Y-%m-%d %H:%M} as number {number}"
        case StatementUnreadable(why=why):
            return f"this is no statement that we know ({why})"
        case TotalsDiffer(opening_minor=opening, lines_minor=lines, closing_minor=closing):
            made = amount_text(opening + lines)
            return (
                f"nothing was taken over: opening balance and lines make {made}, not {amount_text(closing)}"
            )
        case _:
            return str(refusal)
