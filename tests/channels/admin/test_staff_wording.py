"""Does staff hear of a member in the third person? A refusal that says "you" was written for the member."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from channels.admin.problems import FOR_STAFF

TEXTS = Path(__file__).parents[3] / "dialogs" / "texts" / "en.toml"
# The first is said of staff; the second is read out at the counter, with its rule and number.
SAID_TO_STAFF = frozenset({"lending.voted_already", "lending.above_limit"})


def sentences(texts: dict[str, Any], place: str = "") -> Iterator[tuple[str, str]]:
    for name, text in texts.items():
        if isinstance(text, dict):
            yield from sentences(text, f"{place}{name}.")
        else:
            yield f"{place}{name}", str(text)


def test_every_refusal_that_speaks_to_a_member_has_a_wording_for_staff() -> None:
    refusals = tomllib.loads(TEXTS.read_text(encoding="utf-8"))["refusal"]

    to_members = {
        code
        for code, text in sentences(refusals)
        if re.search(r"\byou(r|rs)?\b", text, re.IGNORECASE) and not code.startswith("staff.")
    }

    # A PIN is locked for minutes or by staff: one code with two sentences.
    assert to_members - SAID_TO_STAFF - {"members.pin_locked_by_staff"} <= FOR_STAFF.keys()
    assert "members.pin_locked" in FOR_STAFF
    assert not [text for text in FOR_STAFF.values() if re.search(r"\byou\b", text, re.IGNORECASE)]
