"""Is one broken case named, and all others run?"""

import copy
import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.vectors.__main__ import NotAVectorFile, main, read
from tests.vectors.outcome import Json, Verdict

DATA = Path(__file__).parent / "data"
ROOT = DATA.parents[2]
FORMATS = ["loan_schedules", "allocations", "savings_interest", "delinquency"]
NO_CASES: list[Json] = [None, 1, "x", [], {}]
EXPECTED: list[Json] = [None, {}, "x", [], {"rows": "x"}, {"rows": [1]}, {"rows": [{}], "totals": {}}]
STEPS: list[Json] = [
    None,
    "x",
    [],
    {},
    [1],
    [{}],
    [{"op": 5}],
    [{"op": "business_date", "date": "2026-01-01"}],
]


def a_case(file_format: str) -> dict[str, Json]:
    _, cases = read(DATA / f"{file_format}.json")
    case = copy.deepcopy(cases[0])
    assert isinstance(case, dict)
    return case


def verdict_of(file_format: str, case: Json) -> Verdict:
    adapter, _ = read(DATA / f"{file_format}.json")
    return adapter.outcome_of(case).verdict


def changed(file_format: str, field: str, value: Json) -> dict[str, Json]:
    return a_case(file_format) | {field: value}


def written(path: Path, cases: Json, file_format: str = "loan_schedules") -> Path:
    path.write_text(json.dumps({"format": f"imarisha-vectors/{file_format}/1", "cases": cases}))
    return path


@pytest.mark.parametrize("file_format", FORMATS)
@pytest.mark.parametrize("case", NO_CASES, ids=repr)
def test_what_is_no_case_is_faulty(file_format: str, case: Json) -> None:
    assert verdict_of(file_format, case) is Verdict.FAULTY


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_case_without_terms_is_faulty(file_format: str) -> None:
    without = {name: value for name, value in a_case(file_format).items() if name != "terms"}

    assert verdict_of(file_format, without) is Verdict.FAULTY
    assert verdict_of(file_format, changed(file_format, "terms", "x")) is Verdict.FAULTY


@pytest.mark.parametrize("file_format", ["loan_schedules", "savings_interest"])
@pytest.mark.parametrize("expected", EXPECTED, ids=repr)
def test_a_case_that_expects_no_figure_is_faulty(file_format: str, expected: Json) -> None:
    without = {name: value for name, value in a_case(file_format).items() if name != "expected"}

    assert verdict_of(file_format, without) is Verdict.FAULTY
    assert verdict_of(file_format, changed(file_format, "expected", expected)) is Verdict.FAULTY


def test_a_spot_check_of_no_figure_is_faulty() -> None:
    case = a_case("loan_schedules") | {"partial": True, "convention": "FR-CEIL"}
    case["expected"] = {"rows": [{"n": 1, "interest": None}], "totals": {}}

    assert verdict_of("loan_schedules", case) is Verdict.FAULTY


@pytest.mark.parametrize("file_format", ["allocations", "delinquency"])
@pytest.mark.parametrize("steps", STEPS, ids=repr)
def test_a_case_whose_steps_expect_nothing_is_faulty(file_format: str, steps: Json) -> None:
    assert verdict_of(file_format, changed(file_format, "steps", steps)) is Verdict.FAULTY


@pytest.mark.parametrize("day", ["9999-12-31", "yesterday", 5])
def test_a_posting_on_a_day_beyond_the_calendar_is_faulty(day: Json) -> None:
    expected: dict[str, Json] = {"postings": [{"date": day, "interest": "1.00"}]}

    assert verdict_of("savings_interest", changed("savings_interest", "expected", expected)) is Verdict.FAULTY


def test_a_step_without_its_fields_is_faulty() -> None:
    case = a_case("allocations")
    steps = case["steps"]
    assert isinstance(steps, list)
    steps.insert(0, {"op": "add_charge"})

    assert verdict_of("allocations", case) is Verdict.FAULTY


def test_a_loan_beyond_the_calendar_is_refused_like_other_terms() -> None:
    lent: list[Json] = [{"date": "9999-12-31", "amount": "4000.00"}]
    adapter, _ = read(DATA / "loan_schedules.json")

    outcome = adapter.outcome_of(changed("loan_schedules", "disbursements", lent))

    assert (outcome.verdict, outcome.detail.split()[:2]) == (
        Verdict.DIFFERS,
        ["refused:", "lending.contradictory_terms"],
    )


def test_a_faulty_case_stops_no_other_and_ends_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = a_case("loan_schedules")
    broken: Mapping[str, Json] = good | {"expected": None, "id": "B-1"}

    code = main([str(written(tmp_path / "few.json", [dict(broken), 7, good]))])

    printed = capsys.readouterr().out.splitlines()
    assert code == 1
    assert printed[0] == "faulty      B-1: expected is no object with fields"
    assert printed[1] == "faulty      case 2: not an object"
    assert printed[2] == f"ok          {good['id']}"
    assert printed[-1].split() == ["all", "ok", "1", "differs", "0", "unsupported", "0", "faulty", "2"]


def test_a_file_without_cases_ends_with_1_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(written(tmp_path / "none.json", []))]) == 1
    assert "there are no cases in it" in capsys.readouterr().err


@pytest.mark.parametrize("content", [b"\xff", b"[" * 100_000, b"not json"])
def test_an_unreadable_file_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    file = tmp_path / "no.json"
    file.write_bytes(content)

    assert main([str(file)]) == main([str(tmp_path)]) == main([str(tmp_path / "nowhere")]) == 2
    assert capsys.readouterr().err.count("\n") == 3
    with pytest.raises(NotAVectorFile):
        read(file)


def test_a_path_with_a_blank_reaches_the_runner_whole(tmp_path: Path) -> None:
    make = shutil.which("make")
    assert make is not None
    file = written(tmp_path / "two words.json", [a_case("loan_schedules")])

    shown = subprocess.run(
        [make, "--dry-run", "--silent", "--assume-old=.venv/.test", "vectors", f"F={file}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert f'tests.vectors "{file}"' in shown.stdout
