"""Are loans as late as in another core-banking system, pauses included, and is a tampered figure noticed?"""

import copy
from pathlib import Path
from typing import cast

import pytest

from tests.vectors.__main__ import read
from tests.vectors.delinquency import ADAPTER
from tests.vectors.outcome import Case, Json, Verdict

FILE = Path(__file__).parent / "data" / "delinquency.json"
CASES = cast("list[Case]", read(FILE)[1])


def _named_after_its_source(case: Case) -> str:
    source = cast("dict[str, Json]", case["source"])
    return f"{case['cls']} {case['id']} {source['repo']} {source['path']} {source['locator']}"


@pytest.mark.parametrize("case", CASES, ids=_named_after_its_source)
def test_a_published_loan_is_as_late_as_there(case: Case) -> None:
    outcome = ADAPTER.run(case)

    assert (outcome.verdict, outcome.detail) == (Verdict.OK, "")


@pytest.mark.parametrize(
    ("op", "name", "wrong"),
    [
        ("expect_loan_delinquency", "bucket", "RANGE_240"),
        ("expect_loan_delinquency", "amount", "0.07"),
        ("expect_loan_delinquency", "delinquent_since", "2020-01-01"),
        ("expect_loan_delinquency", "delinquent_days", 77),
        ("expect_loan_delinquency", "past_due_days", 77),
        ("expect_installment_delinquency", "buckets", [["RANGE_240", "1.00"]]),
        ("expect_pause_periods", "rows", []),
        ("expect_outstanding", "amount", "0.07"),
        ("expect_status", "status", "active"),
    ],
)
def test_a_tampered_expectation_is_reported(op: str, name: str, wrong: Json) -> None:
    case, step = _expecting(op, name)
    step[name] = wrong

    outcome = ADAPTER.run(case)

    assert outcome.verdict is Verdict.DIFFERS
    assert op in outcome.detail


def test_a_resumed_pause_ends_on_its_day() -> None:
    case, _ = _expecting("expect_pause_periods", "rows")
    steps = _steps(case)
    place = next(n for n, step in enumerate(steps) if step["op"] == "delinquency_pause")
    start = str(steps[place]["from"])
    case["steps"] = [
        *steps[: place + 1],
        {"op": "delinquency_resume", "date": start},
        {"op": "expect_pause_periods", "rows": [[True, start, start]]},
    ]

    assert ADAPTER.run(case).verdict is Verdict.OK


def test_a_step_nobody_knows_is_unsupported() -> None:
    case = copy.deepcopy(dict(CASES[0]))
    _steps(case).append({"op": "forgive"})

    assert ADAPTER.run(case).verdict is Verdict.UNSUPPORTED


def test_a_step_that_is_refused_is_a_difference() -> None:
    case = copy.deepcopy(dict(CASES[0]))
    _steps(case).insert(0, {"op": "transaction", "type": "repayment", "date": "2023-01-01", "amount": "5.00"})

    outcome = ADAPTER.run(case)

    assert outcome.verdict is Verdict.DIFFERS
    assert "refused" in outcome.detail


def _expecting(op: str, name: str) -> tuple[dict[str, Json], dict[str, Json]]:
    """A copy of a case with such an expectation, and the first of them in it."""
    for case in CASES:
        changed = copy.deepcopy(dict(case))
        for step in _steps(changed):
            if step["op"] == op and name in step:
                return changed, step
    raise AssertionError(f"no case expects {op}")


def _steps(case: dict[str, Json]) -> list[dict[str, Json]]:
    return cast("list[dict[str, Json]]", case["steps"])
