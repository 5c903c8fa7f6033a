"""What else can be done from the phone? The second menu, behind the last line of the first.

One line per service, in the order in which they are shown; its text is `more.menu.<flow>`. A key is kept for ever,
as people dial `*384*96*6*6#` from memory: 1 deposit, 2 withdraw, 3 guarantors, 4 group, 5 PIN, 6 language,
7 loan limit, 8 talk to a person, 9 transfer, 10 loan status, 11 shares, 12 standing orders, 13 goals,
14 fixed deposit, 15 my data. A service that is not there yet leaves its number out.
"""

from dialogs.flow import Choice, Flow, Go, Option
from dialogs.menu import Entry

ENTRIES = (
    Entry("1", "deposit"),
    Entry("2", "withdraw"),
    Entry("3", "guarantors"),
    Entry("5", "pin"),
    Entry("6", "language"),
    Entry("7", "limit"),
    Entry("8", "person"),
    Entry("9", "transfer"),
    Entry("10", "applications"),
    Entry("11", "shares"),
    Entry("12", "orders"),
    Entry("13", "goals"),
    Entry("14", "fixed"),
    Entry("15", "my_data"),
)

MORE = Flow(
    "more",
    states=(
        Choice("menu", options=tuple(Option(entry.key, entry.flow, to=entry.flow) for entry in ENTRIES)),
        *(Go(entry.flow, flow=entry.flow) for entry in ENTRIES),
    ),
)
