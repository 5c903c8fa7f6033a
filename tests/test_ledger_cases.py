"""Business events and the entries they make, as plain text that an accountant can review.

`pytest tests/test_ledger_cases.py --update` writes the entries that were really made into the files.
"""

import re
from pathlib import Path

import pytest

from core.db.engine import ReadSession
from imarisha.institution import PEOPLE
from tests.test_repayment import start_payment
from tests.world import World

FOLDER = Path(__file__).parent / "ledger_cases"
_PEOPLE = {person.first_name: person for person in PEOPLE}
_REPAYS = re.compile(r"(?P<who>\w+) repays (?P<amount>[\d,.]+) by M-Pesa")
_CLEARS = re.compile(r"(?P<who>\w+) clears the loan by M-Pesa")


def cases() -> list[tuple[Path, int, list[str]]]:
    """(file, number of the case in it, its events)."""
    found = []
    for path in sorted(FOLDER.glob("*.txt")):
        events: list[list[str]] = []
        for row in path.read_text(encoding="utf-8").splitlines():
            if row.startswith("when "):
                events.append([row.removeprefix("when ").strip()])
            elif row.startswith("and "):
                events[-1].append(row.removeprefix("and ").strip())
        found += [(path, number, of_case) for number, of_case in enumerate(events)]
    return found


CASES = cases()


@pytest.mark.parametrize(
    ("path", "number", "events"),
    CASES,
    ids=[f"{path.stem}: {', then '.join(events)}" for path, _, events in CASES],
)
async def test_the_event_makes_the_entries_as_written(
    world: World, request: pytest.FixtureRequest, path: Path, number: int, events: list[str]
) -> None:
    for event in events:
        await happen(world, event)
        # Daraja prompts a phone again after a minute at the earliest.
        await world.pass_time(minutes=2)
    async with world.system.database.reading() as session:
        made = await entries_of_last_journal(session)

    if request.config.getoption("--update"):
        write(path, number, made)

    assert made == written(path, number)
    await world.assert_books_agree()


async def happen(world: World, event: str) -> None:
    """Raises AssertionError for an event nobody knows."""
    if repays := _REPAYS.fullmatch(event):
        person, amount = _PEOPLE[repays["who"]], repays["amount"]
    elif clears := _CLEARS.fullmatch(event):
        person = _PEOPLE[clears["who"]]
        amount = str(await world.to_clear(person.phone))
    else:
        raise AssertionError(f"unknown event: {event}")
    await start_payment(world, person.phone, person.pin or "", amount)
    await world.approve(person.phone)


async def entries_of_last_journal(session: ReadSession) -> list[str]:
    rows = await session.rows(
        """SELECT e.side, e.amount, a.code, a.name, m.first_name
             FROM entry e JOIN ledger_account a ON a.id = e.account_id
             LEFT JOIN savings_account s ON s.ledger_code = a.code
             LEFT JOIN loan l ON a.code = l.principal_code
             LEFT JOIN member m ON m.id = coalesce(s.member_id, l.member_id)
            WHERE e.journal_id = (SELECT max(id) FROM journal) ORDER BY e.id"""
    )
    return [
        f"{'dr' if row['side'] == 'D' else 'cr'} {account(row['code'], row['name'], row['first_name']):<34}"
        f"{row['amount'] / 100:>12,.2f}"
        for row in rows
    ]


def account(code: str, name: str, owner: str | None) -> str:
    """As an accountant calls it: the chart's name, or whose account it is."""
    if owner is None:
        return f"{code} {name}"
    kind = re.split(" of | on ", name)[0]
    return f"{code.partition(':')[0]} {kind}, {owner}"


def written(path: Path, number: int) -> list[str]:
    """The entries in the file under the case."""
    blocks = re.split(r"(?m)^when ", path.read_text(encoding="utf-8"))[1:]
    return [
        row.removeprefix("then").strip()
        for row in blocks[number].splitlines()
        if re.match(r"(then)? +[dc]r ", row)
    ]


def write(path: Path, number: int, made: list[str]) -> None:
    """Put the entries under the case."""
    head, *blocks = re.split(r"(?m)^(?=when )", path.read_text(encoding="utf-8"))
    rows = [row for row in blocks[number].splitlines() if not re.match(r"(then)? +[dc]r ", row)]
    events = [n for n, row in enumerate(rows) if row.startswith(("when ", "and "))]
    entries = [f"{'then' if n == 0 else '    '} {entry}" for n, entry in enumerate(made)]
    rows[events[-1] + 1 : events[-1] + 1] = entries
    blocks[number] = "\n".join(rows) + "\n"
    path.write_text(head + "".join(blocks), encoding="utf-8")
