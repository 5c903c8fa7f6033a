"""The cases of a file of loan schedules: none is run yet."""

from tests.vectors.outcome import Adapter, Case, Outcome, unsupported


def run(_case: Case) -> Outcome:
    return unsupported("loan schedules")


ADAPTER = Adapter(run=run, convention_of=lambda case: str(case.get("convention")))
