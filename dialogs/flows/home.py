"""What would you like to do? The menu behind the PIN, in the order of `dialogs.menu`."""

from dialogs import menu
from dialogs.flow import Choice, Flow, Go, Option

HOME = Flow(
    "home",
    states=(
        Choice("menu", options=tuple(Option(entry.key, entry.flow, to=entry.flow) for entry in menu.HOME)),
        *(Go(entry.flow, flow=entry.flow) for entry in menu.HOME),
    ),
)
