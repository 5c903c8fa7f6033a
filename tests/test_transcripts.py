"""Conversations as plain text, played as they are, with every hop sent twice, and with a drop after each hop.

`pytest tests/test_transcripts.py --update` writes what really happened into the files; a person approves the diff.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dialogs.flows.more import ENTRIES
from dialogs.menu import HOME
from tests.transcript import FOLDER, Player, Transcript, read, shown
from tests.world import World

PATHS = sorted(FOLDER.glob("*.txt"))
_LANGUAGES = {"en", "sw"}


def name_of(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", PATHS, ids=name_of)
async def test_the_conversation_goes_as_written(
    world: World, path: Path, request: pytest.FixtureRequest
) -> None:
    transcript = read(path)

    happened = Transcript(path, transcript.title, await Player(world, transcript).play(transcript.lines))

    if request.config.getoption("--update"):
        happened.save()
        transcript = read(path)
    assert happened.written() == transcript.written()
    await world.assert_books_agree()


@pytest.mark.parametrize("path", PATHS, ids=name_of)
async def test_every_hop_sent_twice_at_once_changes_nothing(world: World, path: Path) -> None:
    transcript = read(path)

    happened = await Player(world, transcript).play(transcript.lines, copies=2)

    assert Transcript(path, transcript.title, happened).written() == transcript.written()
    await world.assert_books_agree()


def hops(path: Path) -> list[int]:
    """The places after which the call can drop."""
    lines = read(path).lines
    return [n for n, line in enumerate(lines) if line.kind == ">" and not line.expected.startswith("END")]


def drops() -> Iterator[tuple[Path, int]]:
    """Every place once: conversations of one caller that begin alike would drop alike."""
    seen = set()
    for path in PATHS:
        transcript = read(path)
        for hop in hops(path):
            so_far = tuple((line.kind, line.text) for line in transcript.lines[: hop + 1])
            if (transcript.number, so_far) not in seen:
                seen.add((transcript.number, so_far))
                yield path, hop


DROPS = list(drops())


@pytest.mark.parametrize(("path", "hop"), DROPS, ids=[f"{path.stem}-{hop}" for path, hop in DROPS])
async def test_a_drop_after_any_hop_loses_nothing(world: World, path: Path, hop: int) -> None:
    """The member dials again, and goes on where the task stopped or starts at the menu; no money moved by itself."""
    transcript = read(path)
    player = Player(world, transcript)
    await player.play(transcript.lines[: hop + 1])
    payments = await world.payments()
    before = transcript.lines[hop].expected

    await player.phone.drop()
    screen = await player.type("*384*96#")
    if transcript.pin and screen.is_open:
        screen = await player.type("(pin)")
    offered = screen.is_open and screen.text.count("\n") == 2 and before not in shown(screen)
    if offered:
        screen = await player.type("1")

    assert await world.payments() == payments
    if shown(screen) == before and "(pin)" not in "".join(line.text for line in transcript.lines[hop + 1 :]):
        rest = transcript.lines[hop + 1 :]
        assert [line.expected for line in await player.play(rest)] == [line.expected for line in rest]
    await world.assert_books_agree()


def test_every_conversation_exists_in_both_languages() -> None:
    names: dict[str, set[str]] = {}
    for path in PATHS:
        name, _, language = path.stem.rpartition(".")
        names.setdefault(name, set()).add(language)

    alone = {name for name, languages in names.items() if languages != _LANGUAGES}
    # Told in both languages at once, or by a member of whom the demo has one.
    assert alone == {"locked", "first_pin", "pin_reset_by_staff"}
    flows = {entry.flow for entry in (*HOME, *ENTRIES)} - {"more"}
    assert {flow for flow in flows if not any(name.startswith(flow) for name in names)} == set()
