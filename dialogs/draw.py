"""What does a flow look like? Each one as a Mermaid diagram: `python -m dialogs.draw DIR`."""

import sys
from collections.abc import Iterator
from pathlib import Path

from dialogs.flow import Act, AnyState, Confirm, End, Flow, Go, Resume, Secret, act_of, moves
from dialogs.flows import all_flows


def drawing(flow: Flow) -> str:
    """A page of Markdown with the flow's diagram; the same text for the same flow."""
    return "\n".join(
        [
            f"# {flow.name}",
            "",
            "Drawn by `make diagrams`. What a screen does on an input stands behind its name.",
            "",
            "```mermaid",
            "stateDiagram-v2",
            f"    [*] --> {flow.first}",
            *(f"    {line}" for state in flow.states for line in _lines(state)),
            "```",
            "",
        ]
    )


def _lines(state: AnyState) -> Iterator[str]:
    yield f"{state.name}: {_title(state)}"
    for trigger, target in moves(state):
        yield f"{state.name} --> {target}: {trigger}"
    if isinstance(state, End):
        yield f"{state.name} --> [*]"


def _title(state: AnyState) -> str:
    act: Act | None = act_of(state)
    effect = f", {act.effect}" if act is not None else ""
    match state:
        case Go():
            return f"to {state.flow}"
        case Resume():
            return "back to the unfinished task"
        case Secret():
            return f"{state.name}, secret{effect}"
        case Confirm():
            return f"{state.name}?{effect}"
    return f"{state.name}{effect}"


def main(folder: Path) -> None:
    """Write one page per flow into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for flow in all_flows().flows.values():
        (folder / f"{flow.name}.md").write_text(drawing(flow), encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:  # noqa: PLR2004 - the program and its folder
        sys.exit("usage: python -m dialogs.draw DIR")
    main(Path(sys.argv[1]))
