"""What does a flow look like? Each one as a Mermaid diagram: `python -m dialogs.draw DIR`, `--check` to compare.

A box is a screen with its words in English, an arrow what the member chose or what came of it. Screens at which
something happens to money, a debt or a person are set apart by colour.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from dialogs.catalogue import Texts, load_catalogue
from dialogs.flow import (
    GIVEN,
    IN_DOUBT_MATTERS,
    NO,
    AnyState,
    Choice,
    Confirm,
    Effect,
    End,
    Flow,
    Go,
    Resume,
    Secret,
    Show,
    act_of,
    moves,
)
from dialogs.flows import all_flows
from dialogs.institution import Institution

_HAPPENS = {
    Effect.SIGN_IN: "checks the PIN",
    Effect.SETTING: "notes it",
    Effect.COLLECT: "asks for the money",
    Effect.PAY_OUT: "pays the money out",
    Effect.LOAN: "makes the debt",
    Effect.IDENTITY: "changes the member's particulars",
    Effect.REGISTER: "hands in the registration",
}
_COLOURS = (
    "    classDef weighty fill:#fde8d0,stroke:#b45309,color:#111827",
    "    classDef secret fill:#e0e7ff,stroke:#4338ca,color:#111827",
    "    classDef last fill:#e5e7eb,stroke:#4b5563,color:#111827",
)
# Words that Mermaid keeps for itself.
_TAKEN = frozenset({"end", "graph", "subgraph", "class", "style", "click", "default", "entry_point"})
# The letters that end or open something in Mermaid's own writing, and the line break it knows.
_ESCAPED = str.maketrans({'"': "#quot;", "\n": "<br/>", "<": "#lt;", ">": "#gt;", ";": "#59;", "#": "#35;"})


def drawing(flow: Flow, texts: Texts) -> str:
    """A page of Markdown with the flow's diagram; the same text for the same flow."""
    return "\n".join(
        [
            f"# {flow.name}",
            "",
            "Drawn by `make diagrams`. A box is a screen as a member reads it, with what happens on the answer in",
            "brackets; braces stand for figures. An arrow is what the member chose, or what came of it.",
            "Orange moves money, makes a debt or changes a person; blue asks for a PIN; grey ends the call.",
            "",
            "```mermaid",
            "flowchart TD",
            f"    entry_point(( )) --> {_node(flow.first)}",
            *(f"    {line}" for state in flow.states for line in _lines(flow, state, texts)),
            *_COLOURS,
            "```",
            "",
        ]
    )


def _lines(flow: Flow, state: AnyState, texts: Texts) -> Iterator[str]:
    words = "<br/>".join(line.translate(_ESCAPED) for line in _words(flow, state, texts) if line)
    left, right = ("([", "])") if isinstance(state, End | Go | Resume) else ("[", "]")
    kind = _kind(state)
    yield f'{_node(state.name)}{left}"{words}"{right}' + (f":::{kind}" if kind else "")
    ways: dict[str, list[str]] = {}
    for trigger, target in moves(state):
        ways.setdefault(target, []).append(_way(flow, state, trigger, texts).translate(_ESCAPED))
    for target, said in ways.items():
        yield f'{_node(state.name)} -->|"{"<br/>or ".join(said)}"| {_node(target)}'


def _node(name: str) -> str:
    return f"{name}_screen" if name in _TAKEN else name


def _kind(state: AnyState) -> str:
    act = act_of(state)
    if act is not None and act.effect in IN_DOUBT_MATTERS:
        return "weighty"
    if isinstance(state, Secret):
        return "secret"
    return "last" if isinstance(state, End) else ""


def _words(flow: Flow, state: AnyState, texts: Texts) -> Iterator[str]:
    if isinstance(state, Go):
        yield f"on to: {state.flow}"
        return
    if isinstance(state, Resume):
        yield "back to the unfinished task"
        return
    if isinstance(state, Show | End) and state.tells:
        yield "(says why not)"
    else:
        yield from texts[f"{flow.name}.{state.name}.text"].split("\n")
    if state.rows is not None:
        yield f"(a line for each of: {state.rows.of})"
    act = act_of(state)
    if act is not None:
        yield f"[{_HAPPENS[act.effect]}]"


def _way(flow: Flow, state: AnyState, trigger: str, texts: Texts) -> str:
    """A trigger as a person would say it."""
    if isinstance(state, Choice):
        for option in state.options:
            if option.name == trigger:
                return f"{option.key} {texts[f'{flow.name}.{state.name}.{trigger}']}"
    if trigger == NO and isinstance(state, Confirm):
        return texts["confirm.no"]
    refusal = f"refusal.{trigger}"
    if refusal in texts:
        return f"refused: {texts[refusal]}"
    return "answered" if trigger == GIVEN else trigger.replace("_", " ").replace(".", " ")


def pages() -> dict[str, str]:
    """The page of every flow, by the name of its file."""
    texts = load_catalogue(Institution("Imarisha Sacco", "0800 720 096", "*384*96#", "600996"))["en"]
    return {f"{flow.name}.md": drawing(flow, texts) for flow in all_flows().flows.values()}


def stale(folder: Path) -> list[str]:
    """The files of the folder that are not what would be drawn now: changed, missing, or of no flow."""
    there = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.md")}
    drawn = pages()
    return sorted(name for name in there.keys() | drawn.keys() if there.get(name) != drawn.get(name))


def main(arguments: list[str]) -> int:
    """Write one page per flow into the folder, or compare."""
    asked = argparse.ArgumentParser(prog="dialogs.draw", description="Draw the flows as Mermaid diagrams.")
    asked.add_argument("folder", type=Path)
    asked.add_argument("--check", action="store_true", help="write nothing; fail where a drawing is stale")
    wanted = asked.parse_args(arguments)
    old: list[str] = stale(wanted.folder)
    if wanted.check:
        for name in old:
            sys.stderr.write(f"{wanted.folder / name} is stale: run `make diagrams`\n")
        return 1 if old else 0
    wanted.folder.mkdir(parents=True, exist_ok=True)
    for name in old:
        (wanted.folder / name).unlink(missing_ok=True)
    for name, page in pages().items():
        (wanted.folder / name).write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
