"""Are the schedules of other core-banking systems reproduced to the cent, and a tampered figure noticed?"""

import copy
import json
from pathlib import Path
from typing import cast

import pytest

from tests.vectors.__main__ import NotAVectorFile, main, read
from tests.vectors.outcome import Case, Json, Verdict
from tests.vectors.schedules import ADAPTER

FILE = Path(__file__).parent / "data" / "loan_schedules.json"
CASES = cast("list[Case]", read(FILE)[1])


def _named_after_its_source(case: Case) -> str:
    source = cast("dict[str, Json]", case["source"])
    return f"{case['convention']} {case['id']} {source['repo']} {source['path']} {source['locator']}"


def _of(convention: str) -> dict[str, Json]:
    """A copy of the first case of a convention, to be changed."""
    return copy.deepcopy(dict(next(case for case in CASES if case["convention"] == convention)))


def _amounts(case: Case, *path: str | int) -> dict[str, Json]:
    found: Json = cast("Json", case)
    for step in path:
        found = cast("dict[str | int, Json]", found)[step]
    return cast("dict[str, Json]", found)


@pytest.mark.parametrize("case", CASES, ids=_named_after_its_source)
def test_a_published_schedule_is_reproduced_to_the_cent(case: Case) -> None:
    outcome = ADAPTER.run(case)

    assert (outcome.verdict, outcome.detail) == (Verdict.OK, "")


@pytest.mark.parametrize(
    ("path", "field"),
    [
        (("expected", "rows", 2), "interest"),
        (("expected", "rows", 2), "due_date"),
        (("expected", "rows", 0), "fees"),
        (("expected", "rows", 5), "balance_after"),
        (("expected", "totals"), "principal"),
    ],
)
def test_a_tampered_figure_is_reported_as_the_first_difference(
    path: tuple[str | int, ...], field: str
) -> None:
    case = _of("FP-EMI+IFEE")
    _amounts(case, *path)[field] = "0.01"

    outcome = ADAPTER.run(case)

    assert outcome.verdict is Verdict.DIFFERS
    assert field in outcome.detail
    assert "expected 0.01" in outcome.detail


def test_a_row_too_many_or_too_few_is_a_difference() -> None:
    case = _of("FC-FLAT")
    rows = cast("list[Json]", _amounts(case, "expected")["rows"])
    rows.append(rows[-1])

    assert ADAPTER.run(case).detail == "rows: expected 5, ours 4"


def test_a_case_is_calculated_and_never_looked_up() -> None:
    """The same terms with another amount, under the id of a known case."""
    case = _of("FC-FLAT")
    _amounts(case, "terms")["principal"] = "8000.00"
    _amounts(case, "disbursements", 0)["amount"] = "8000.00"

    assert ADAPTER.run(case).detail == "row 1 principal: expected 1000.00, ours 2000.00"


def test_what_we_do_not_know_is_unsupported_and_no_difference() -> None:
    case = _of("FP-EMI+IFEE")
    _amounts(case, "charges", 0)["timing"] = "at full moon"

    outcome = ADAPTER.run(case)

    assert outcome.verdict is Verdict.UNSUPPORTED
    assert "at full moon" in outcome.detail


def _spot_check(convention: str) -> dict[str, Json]:
    """280,000 at 9.2 % over 20 months, worked out by hand: an annuity of 15,154.24..., so 15,155 a month."""
    case = _of("FC-DB-PERIOD")
    case |= {"convention": convention, "partial": True, "rounding": {}, "as_of": None}
    case["terms"] = _amounts(case, "terms") | {
        "principal": "280000.00",
        "annual_rate_pct": "9.2",
        "number_of_repayments": 20,
        "due_dates_given": False,
    }
    _amounts(case, "disbursements", 0)["amount"] = "280000.00"
    first: dict[str, Json] = {
        "n": 1,
        "principal": "13008",
        "interest": "2147",
        "total": "15155.00",
        "due_date": None,
    }
    case["expected"] = {"rows": [first], "totals": {}}
    return case


def test_a_spot_check_compares_whole_units_of_the_rows_it_lists() -> None:
    case = _spot_check("FR-CEIL")

    right = ADAPTER.run(case)
    _amounts(case, "expected", "rows", 0)["interest"] = "2148"

    assert right.verdict is Verdict.OK, right.detail
    assert ADAPTER.run(case).detail.startswith("row 1 interest: expected 2148, ours 2146.6666")


def test_a_spot_check_of_another_kind_is_unsupported() -> None:
    assert ADAPTER.run(_spot_check("FR-FIXED")).verdict is Verdict.UNSUPPORTED


def test_terms_that_are_refused_differ_from_any_expectation() -> None:
    case = _of("FC-FLAT")
    _amounts(case, "terms")["number_of_repayments"] = 0

    assert "no_instalments" in ADAPTER.run(case).detail


def test_the_runner_counts_by_convention_and_ends_with_1_on_a_difference(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, tampered = _of("FC-FLAT"), _of("FC-FLAT")
    _amounts(tampered, "expected", "totals")["interest"] = "1.00"
    file = tmp_path / "few.json"
    content = {"format": "imarisha-vectors/loan_schedules/1", "cases": [good, tampered]}
    file.write_text(json.dumps(content))

    code = main([str(file)])

    printed = capsys.readouterr().out.splitlines()
    assert code == 1
    assert printed[0].startswith("ok ")
    assert "totals interest: expected 1.00, ours 160.00" in printed[1]
    assert printed[2].split() == ["FC-FLAT", "ok", "1", "differs", "1", "unsupported", "0", "faulty", "0"]


def test_the_runner_ends_with_0_where_nothing_differs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "one.json"
    content = {"format": "imarisha-vectors/loan_schedules/1", "cases": [_of("FP-EMI")]}
    file.write_text(json.dumps(content))

    assert main([str(file)]) == 0
    assert "ok 1" in capsys.readouterr().out


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": "other/1", "cases": []}'])
def test_a_file_that_is_no_vector_file_ends_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    file = tmp_path / "no.json"
    file.write_text(content)

    assert main([str(file)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    with pytest.raises(NotAVectorFile):
        read(file)
    assert main([]) == 2
