"""Which keys move about, and who helps? Behind the help key of every screen; Back leads to where one was."""

from dialogs.flow import Flow, Show
from dialogs.slots import TextSlot
from dialogs.trail import HELP_NAMES

HELP = Flow(
    "help",
    needs_sign_in=False,
    slots={f"{name}_key": TextSlot(3) for name in HELP_NAMES},
    states=(Show("keys"),),
)
