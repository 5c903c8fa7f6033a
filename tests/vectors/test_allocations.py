"""Are repayments of other core-banking systems divided as there, to the cent, and a tampered figure noticed?"""

import copy
from pathlib import Path
from typing import cast

import pytest

from tests.vectors.__main__ import read
from tests.vectors.allocations import ADAPTER
from tests.vectors.outcome import Case, Json, Verdict

FILE = Path(__file__).parent / "data" / "allocations.json"
CASES = cast("list[Case]", read(FILE)[1])


def _named_after_its_source(case: Case) -> str:
    source = cast("dict[str, Json]", case["source"])
    return f"{case['cls']} {case['id']} {source['repo']} {source['path']} {source['locator']}"


def _expecting(op: str) -> tuple[dict[str, Json], dict[str, Json]]:
    """A copy of a case with such an expectation, and the first of them in it."""
    for case in CASES:
        changed = copy.deepcopy(dict(case))
        for step in cast("list[dict[str, Json]]", changed["steps"]):
            if step["op"] == op and step.get("rows") != []:
                return changed, step
    raise AssertionError(f"no case expects {op}")


def _steps(case: dict[str, Json]) -> list[dict[str, Json]]:
    return cast("list[dict[str, Json]]", case["steps"])


@pytest.mark.parametrize("case", CASES, ids=_named_after_its_source)
def test_a_published_loan_life_is_reproduced_to_the_cent(case: Case) -> None:
    outcome = ADAPTER.run(case)

    assert (outcome.verdict, outcome.detail) == (Verdict.OK, "")


@pytest.mark.parametrize(
    ("op", "column"),
    [
        ("expect_schedule", "principal"),
        ("expect_schedule", "due_date"),
        ("expect_schedule", "paid_date"),
        ("expect_schedule", "in_advance"),
        ("expect_schedule", "balance_after"),
        ("expect_transactions", "amount"),
        ("expect_transactions", "principal"),
        ("expect_transactions", "type"),
        ("expect_charges", "outstanding"),
    ],
)
def test_a_tampered_cell_is_reported_with_its_column(op: str, column: str) -> None:
    case, step = _expecting(op)
    place = cast("list[Json]", step["columns"]).index(column)
    cast("list[list[Json]]", step["rows"])[0][place] = "0.07"

    outcome = ADAPTER.run(case)

    assert outcome.verdict is Verdict.DIFFERS
    assert column in outcome.detail
    assert "expected 0.07" in outcome.detail


@pytest.mark.parametrize(
    ("op", "name", "value"),
    [
        ("expect_outstanding", "amount", "0.07"),
        ("expect_overpaid", "amount", "0.07"),
        ("expect_status", "status", "overpaid"),
        ("expect_schedule", "disbursements", [["2020-01-01", "0.07"]]),
        ("expect_schedule_totals", "totals", {"principal": "0.07"}),
    ],
)
def test_a_tampered_figure_is_reported(op: str, name: str, value: Json) -> None:
    case, step = _expecting(op)
    if op == "expect_status" and step[name] == value:
        value = "active"
    step[name] = value

    outcome = ADAPTER.run(case)

    assert outcome.verdict is Verdict.DIFFERS
    assert "expected" in outcome.detail


def test_a_row_too_many_is_a_difference() -> None:
    case, step = _expecting("expect_transactions")
    rows = cast("list[Json]", step["rows"])
    rows.append(rows[-1])

    assert "rows, expected" in ADAPTER.run(case).detail


def test_a_case_is_calculated_and_never_looked_up() -> None:
    """Another amount paid out, under the id of a known case."""
    case, _ = _expecting("expect_schedule")
    for step in _steps(case):
        if step["op"] == "disburse":
            step["amount"] = "12.34"

    assert ADAPTER.run(case).verdict is Verdict.DIFFERS


@pytest.mark.parametrize(
    "change",
    [
        {"op": "eclipse"},
        {"op": "transaction", "type": "wish", "date": "2030-01-01", "amount": "1.00"},
        {"op": "reverse", "type": "repayment", "date": "2030-01-01", "nth_on_date": 3},
    ],
)
def test_what_we_do_not_know_is_unsupported_and_no_difference(change: dict[str, Json]) -> None:
    case = copy.deepcopy(dict(CASES[0]))
    _steps(case).insert(0, change)

    assert ADAPTER.run(case).verdict is Verdict.UNSUPPORTED


def test_a_strategy_we_do_not_know_is_unsupported() -> None:
    case = copy.deepcopy(dict(CASES[0]))
    case["strategy"] = "by_colour"
    cast("dict[str, Json]", case["product"])["interest_of_first_repayment"] = None

    assert ADAPTER.run(case).verdict is Verdict.UNSUPPORTED


def test_an_event_that_is_refused_differs_from_any_expectation() -> None:
    case = copy.deepcopy(dict(CASES[0]))
    _steps(case).insert(0, {"op": "transaction", "type": "repayment", "date": "2001-01-01", "amount": "1.00"})

    assert ADAPTER.run(case).verdict is Verdict.DIFFERS
