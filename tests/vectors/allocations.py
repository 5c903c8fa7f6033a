"""The cases of a file of allocations: none is run yet."""

from tests.vectors.outcome import Adapter, Case, Outcome, unsupported


def run(_case: Case) -> Outcome:
    return unsupported("allocations")


ADAPTER = Adapter(run=run, convention_of=lambda case: str(case.get("cls")))
