"""The published savings figures, each as a test of its own, and a runner that notices a changed one."""

import json
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import cast

import pytest

from tests.vectors.__main__ import read
from tests.vectors.outcome import Case, Json, Verdict
from tests.vectors.savings import ADAPTER, UnsupportedCase, differences

FILE = Path(__file__).parent / "data" / "savings_interest.json"
CASES = cast("list[Case]", read(FILE)[1])
TERMS: dict[str, Json] = {
    "annual_rate_pct": "12",
    "compounding": "daily",
    "posting": "monthly",
    "days_in_year": "365",
    "posting_date_rule": "first_day_after_period",
    "currency_decimals": 2,
}


def source_of(case: Case) -> str:
    source = case["source"]
    assert isinstance(source, Mapping)
    return f"{case['id']} {source['repo']} {source['locator']}"


@pytest.mark.parametrize("case", CASES, ids=source_of)
def test_the_core_reproduces(case: Case) -> None:
    assert ADAPTER.run(case).verdict is Verdict.OK, ADAPTER.run(case).detail


@pytest.mark.parametrize("case", CASES, ids=source_of)
def test_a_tampered_figure_is_a_difference(case: Case) -> None:
    tampered = json.loads(json.dumps(case, default=str))
    _tamper(tampered["expected"])

    assert ADAPTER.run(tampered).verdict is Verdict.DIFFERS


def _tamper(expected: dict[str, object]) -> None:
    """Change the last figure or date."""
    name = next(key for key in reversed(expected) if key not in {"calculated_to", "periods_complete"})
    figure = expected[name]
    if isinstance(figure, list):
        last = figure[-1]
        key = "interest" if "interest" in last else "to"
        last[key] = "2025-06-30" if key == "to" else str(float(last[key]) + 0.01)
    else:
        expected[name] = f"{float(str(figure)) + 0.01:.4f}"


def case_of(
    convention: str,
    terms: dict[str, object],
    expected: dict[str, object],
    *moves: tuple[str, str],
) -> dict[str, object]:
    return {
        "convention": convention,
        "terms": {**TERMS, **terms},
        "transactions": [{"date": day, "amount": amount} for day, amount in moves],
        "expected": expected,
    }


def test_period_end_posting_includes_the_last_day() -> None:
    # 31 days compounded on 5,000 at 3 %, dated the 31st; 28 days on 5,012.76.
    postings = [{"date": "2015-01-31", "interest": "12.76"}, {"date": "2015-02-28", "interest": "11.55"}]
    case = case_of(
        "SV-DC-PERIODEND", {"annual_rate_pct": "3"}, {"postings": postings}, ("2015-01-01", "5000.00")
    )

    assert differences(case) == []


def test_simple_interest_earns_nothing_on_itself_within_a_period() -> None:
    case = case_of(
        "SV-SIMPLE",
        {"compounding": "annual", "annual_rate_pct": "36.5"},
        {"postings": [{"date": "2015-02-01", "interest": "31.00"}], "final_balance": "1031.00"},
        ("2015-01-01", "1000.00"),
    )

    assert differences(case) == []


def test_extra_posting_dates_cut_the_period() -> None:
    case = case_of(
        "SV-SIMPLE",
        {"compounding": "none", "annual_rate_pct": "36.5", "extra_posting_dates": ["2015-01-11"]},
        {
            "postings": [
                {"date": "2015-01-11", "interest": "10.00"},
                {"date": "2015-02-01", "interest": "21.21"},
            ]
        },
        ("2015-01-01", "1000.00"),
    )

    assert differences(case) == []


def test_an_overdrawn_account_is_only_charged() -> None:
    case = case_of(
        "SV-OD",
        {"compounding": "annual", "overdraft_rate_pct": "36.5"},
        {"postings": [], "overdraft_postings": [{"date": "2015-02-01", "interest": "31.00"}]},
        ("2015-01-01", "-1000.00"),
    )

    assert differences(case) == []


def test_a_deposit_compounds_in_half_years() -> None:
    case = case_of(
        "FD-COMP",
        {"annual_rate_pct": "10", "compounding": "biannual", "term": "12 Months"},
        {"maturity_amount": "110250.00"},
        ("2015-01-01", "100000.00"),
    )

    assert differences(case) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [("days_in_year", "364"), ("posting", "by_the_moon"), ("currency_decimals", "two")],
)
def test_what_our_terms_can_not_say_is_unsupported(field: str, value: str) -> None:
    case = deepcopy(dict(CASES[0]))
    case["terms"] = {**TERMS, field: value}

    with pytest.raises(UnsupportedCase):
        differences(case)
    assert ADAPTER.run(case).verdict is Verdict.UNSUPPORTED


def test_an_unknown_convention_is_unsupported() -> None:
    assert ADAPTER.run({**CASES[0], "convention": "SV-NEW"}).verdict is Verdict.UNSUPPORTED
