"""The cases of a file of savings: none is run yet."""

from tests.vectors.outcome import Adapter, Case, Outcome, unsupported


def run(_case: Case) -> Outcome:
    return unsupported("savings")


ADAPTER = Adapter(run=run, convention_of=lambda case: str(case.get("cls")))
