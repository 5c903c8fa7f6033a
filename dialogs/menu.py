"""What stands in the home menu, in which order? A number once given is never given to anything else.

Members dial `*384*96*3#` from memory, so a service that is not there yet leaves its number out.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One service: the key pressed, and the flow it leads to. Its line is the text `<menu>.menu.<flow>`."""

    key: str
    flow: str


HOME = (
    Entry("1", "balance"),
    Entry("2", "apply"),
    Entry("3", "repay"),
    Entry("4", "statement"),
    Entry("5", "phone"),
    Entry("6", "more"),
)
"""The first menu, whose numbers the contract with members fixes."""
