"""What stands in the home menu, in which order? A number once given is never given to anything else.

Members dial `*384*96*3#` from memory, so a service that is not there yet leaves its number out.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One service: the key pressed, and the flow it leads to. Its line is the text `home.<menu>.<flow>`."""

    key: str
    flow: str


HOME = (
    Entry("1", "balance"),
    Entry("3", "repay"),
    Entry("4", "statement"),
)
"""The first menu. 2 is to apply for a loan, 5 to update the phone number."""

MORE_KEY = "6"
"""The line of the first menu that leads to the second."""

MORE = (Entry("6", "language"),)
"""The second menu. 1 deposit, 2 withdraw, 3 guarantors, 4 group, 5 PIN, 7 loan limit, 8 help."""
