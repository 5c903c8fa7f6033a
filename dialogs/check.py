"""Are the conversations sound? Run at start, in a test, and as `python -m dialogs.check`."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from core.errors import ImarishaError, Refusal
from dialogs.catalogue import Catalogue, load_catalogue
from dialogs.check_rules import graph_faults
from dialogs.check_screens import screen_faults, text_faults
from dialogs.flow_book import FlowBook
from dialogs.flows import all_flows
from dialogs.institution import Institution
from dialogs.trail import Keys

BY_STAFF = "refusal.members.pin_locked_by_staff"


@dataclass(eq=False)
class FlowError(ImarishaError):
    """The flows break a rule; the process must not start with them."""

    faults: str
    code: ClassVar[str] = "dialogs.flows"


def faults(book: FlowBook, catalogue: Catalogue, keys: Keys | None = None) -> list[str]:
    """One sentence per fault of the flows, their texts and their screens; empty when all is well."""
    keys = keys or Keys()
    codes = frozenset(kind.code for kind in _kinds(Refusal))
    refusal_keys = frozenset(f"refusal.{code}" for code in codes) | {BY_STAFF}
    found = graph_faults(book, codes, keys)
    found = found or text_faults(book, catalogue, refusal_keys)
    return found or screen_faults(book, catalogue, keys, refusal_keys)


def refuse_faulty(book: FlowBook, catalogue: Catalogue, keys: Keys | None = None) -> None:
    """Raises FlowError with all that `faults` finds. Call it once, when a process starts."""
    found = faults(book, catalogue, keys)
    if found:
        raise FlowError("; ".join(found))


def main() -> int:
    """Check the flows of the service with the longest names an institution may have."""
    book = all_flows()
    found = faults(book, load_catalogue(Institution.longest()))
    for fault in found:
        sys.stderr.write(f"{fault}\n")
    if not found:
        states = sum(len(flow.states) for flow in book.flows.values())
        sys.stdout.write(f"{len(book.flows)} flows with {states} states are sound\n")
    return 1 if found else 0


def _kinds(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    yield kind
    for narrower in kind.__subclasses__():
        yield from _kinds(narrower)


if __name__ == "__main__":
    sys.exit(main())
