"""For how long: whole months where it is that, else a duration."""

import pytest

from tests.nlu.readings import said


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("3 months", "3"),
        ("3mths", "3"),
        ("12 month", "12"),
        ("six months", "6"),
        ("twenty four months", "24"),
        ("miezi mitatu", "3"),
        ("miezi 3", "3"),
        ("mwezi mmoja", "1"),
        ("mwezi 1", "1"),
        ("miezi kumi na miwili", "12"),
        ("miezi kumi na mbili", "12"),
        ("nilipe kwa miezi sita", "6"),
        ("nusu mwaka", "6"),
        ("half a year", "6"),
        ("mwaka mmoja", "12"),
        ("mwaka mmoja na nusu", "18"),
        ("mwaka na nusu", "18"),
        ("one and a half years", "18"),
        ("a year and a half", "18"),
        ("1.5 years", "18"),
        ("2 years and a half", "30"),
        ("2 yrs", "24"),
        ("miaka miwili", "24"),
        ("12-month loan", "12"),
        ("loan of 5k for a month", "1"),
        ("lend me 10k for a year", "12"),
        ("nataka 60k nilipe in 10 months", "10"),
    ],
)
def test_months_and_years_are_months(text: str, months: str) -> None:
    assert said(text).get("term_months") == months


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("2 weeks", "P2W"),
        ("wiki mbili", "P2W"),
        ("wiki 3", "P3W"),
        ("30 days", "P30D"),
        ("siku thelathini", "P30D"),
        ("siku 90", "P90D"),
        ("siku mia moja na ishirini", "P120D"),
        ("loan ya 2k nilipe in 2 weeks", "P2W"),
        ("week and a half", "P10D"),
        ("borrow 2k for a week", "P1W"),
    ],
)
def test_days_and_weeks_are_a_duration(text: str, term: str) -> None:
    assert said(text).get("term") == term


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("3 to 6 months", ["3", "6"]),
        ("miezi mitatu au sita", ["3", "6"]),
        ("3-6 months", ["3", "6"]),
        ("6 months or 1 year", ["6", "12"]),
        ("2 weeks or 1 month", ["P2W", "1"]),
        ("mwezi mmoja na nusu", ["P45D", "P6W"]),
    ],
)
def test_two_terms_are_asked_about(text: str, candidates: list[str]) -> None:
    assert said(text)["term"] == candidates


@pytest.mark.parametrize(
    "text",
    [
        "i am 25 years old",
        "nina miaka 30",
        "3 days late",
        "every 2 weeks",
        "500 per month",
        "500 a month",
        "0 months",
        "months",
        "miezi",
        "3 days ago",
        "miezi mitatu iliyopita",
        "mwezi wa tano",
        "9999 months",
        "1.5 days",
    ],
)
def test_what_is_no_term_is_none(text: str) -> None:
    assert not {"term", "term_months"} & said(text).keys()
