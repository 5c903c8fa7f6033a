"""What would you like to do? The menu behind the PIN, in the order of `dialogs.menu`."""

from collections.abc import Sequence

from dialogs import menu
from dialogs.flow import Choice, Flow, Go, Option


def _lines(entries: Sequence[menu.Entry]) -> tuple[Option, ...]:
    return tuple(Option(entry.key, entry.flow, to=entry.flow) for entry in entries)


HOME = Flow(
    "home",
    states=(
        Choice("menu", options=(*_lines(menu.HOME), Option(menu.MORE_KEY, "more", to="more"))),
        Choice("more", options=_lines(menu.MORE)),
        *(Go(entry.flow, flow=entry.flow) for entry in (*menu.HOME, *menu.MORE)),
    ),
)
