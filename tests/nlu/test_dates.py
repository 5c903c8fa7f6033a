"""Days and stretches of days in English, Swahili and figures, seen from Wednesday 11 March 2026."""

import json
from datetime import date
from pathlib import Path

import pytest

from nlu.calendar_days import day_of_month
from tests.nlu.readings import TODAY, said

WORDS = json.loads((Path(__file__).parent / "data" / "swahili_date_words.json").read_text("utf-8"))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("leo", "2026-03-11"),
        ("nitalipa kesho", "2026-03-12"),
        ("kesho kutwa", "2026-03-13"),
        ("day after tomorrow", "2026-03-13"),
        ("jana", "2026-03-10"),
        ("juzi", "2026-03-09"),
        ("the day before yesterday", "2026-03-09"),
        ("tmrw", "2026-03-12"),
        ("kesho asubuhi saa tatu", "2026-03-12"),
        ("on friday", "2026-03-13"),
        ("next Friday", "2026-03-13"),
        ("ijumaa ijayo", "2026-03-13"),
        ("jumatatu", "2026-03-16"),
        ("wednesday", "2026-03-18"),
        ("last friday", "2026-03-06"),
        ("ijumaa iliyopita", "2026-03-06"),
        ("nililipa jumatatu", "2026-03-09"),
        ("tarehe 5", "2026-04-05"),
        ("tarehe 11", "2026-03-11"),
        ("tarehe tano", "2026-04-05"),
        ("tarehe mosi", "2026-04-01"),
        ("tarehe thelathini na moja", "2026-03-31"),
        ("nililipa tarehe 5", "2026-03-05"),
        ("did i receive any money on 3rd", "2026-03-03"),
        ("the 15th", "2026-03-15"),
        ("5th of december", "2026-12-05"),
        ("december 5th", "2026-12-05"),
        ("Dec 5, 2027", "2027-12-05"),
        ("5 Desemba 2026", "2026-12-05"),
        ("tarehe 5 mwezi wa 12", "2026-12-05"),
        ("tarehe tano mwezi wa kumi na mbili", "2026-12-05"),
        ("tarehe 5 mwezi ujao", "2026-04-05"),
        ("5th next month", "2026-04-05"),
        ("5/12", "2026-12-05"),
        ("5/1", "2027-01-05"),
        ("i paid on 5/1", "2026-01-05"),
        ("05/12/2026", "2026-12-05"),
        ("5-12-26", "2026-12-05"),
        ("5.12.2026", "2026-12-05"),
        ("2026-12-05", "2026-12-05"),
        ("tarehe 5/12", "2026-12-05"),
        ("mwisho wa mwezi", "2026-03-31"),
        ("end of the month", "2026-03-31"),
        ("end month", "2026-03-31"),
        ("month end", "2026-03-31"),
        ("mwisho wa mwezi ujao", "2026-04-30"),
        ("end of next month", "2026-04-30"),
        ("mwisho wa mwaka", "2026-12-31"),
        ("mwanzo wa mwezi", "2026-04-01"),
        ("beginning of this month", "2026-03-01"),
        ("mid month", "2026-03-15"),
        ("siku 3 zilizopita", "2026-03-08"),
        ("3 days ago", "2026-03-08"),
        ("baada ya siku tatu", "2026-03-14"),
        ("siku tatu zijazo", "2026-03-14"),
        ("in 2 weeks", "2026-03-25"),
        ("two weeks from now", "2026-03-25"),
        ("in three days time", "2026-03-14"),
        ("after 3 months", "2026-06-11"),
        ("in a week", "2026-03-18"),
        ("end of november", "2026-11-30"),
        ("july the 20th 2024", "2024-07-20"),
        ("mwisho wa mwezi wa kumi na moja", "2026-11-30"),
        ("mid december", "2026-12-15"),
        ("mwanzo wa mwezi wa tano", "2026-05-01"),
        ("friday next week", "2026-03-20"),
        ("monday this week", "2026-03-09"),
        ("jumatatu wiki ijayo", "2026-03-16"),
        ("wiki ijayo jumatatu", "2026-03-16"),
        ("next month on the 5th", "2026-04-05"),
        ("mwezi ujao tarehe tano", "2026-04-05"),
        ("nilipe kuanzia tarehe 5", "2026-04-05"),
        ("will pay on the 31st", "2026-03-31"),
        ("30 feb", None),
        ("5/13", None),
        ("99/99/2026", None),
        ("may i borrow", None),
        ("march with us", None),
        ("i sat down", None),
        ("sun is hot", None),
        ("every friday", None),
        ("kila mwisho wa mwezi", None),
        ("habari za leo", None),
        ("happy sunday", None),
        ("contribution ya mwezi 3k", None),
        ("saa tano na nusu asubuhi", None),
        ("day shift", None),
        ("5/12/20.5", None),
        ("123/4/2026", None),
        ("in 2099", None),
        ("24/7", None),
        ("saa tano asubuhi", None),
        ("saa hii", None),
        ("10:30 am", None),
    ],
)
def test_a_day_is_told(text: str, day: str | None) -> None:
    assert said(text).get("date") == day


@pytest.mark.parametrize(
    ("text", "stretch"),
    [
        ("wiki ijayo", "2026-03-16/2026-03-22"),
        ("this week", "2026-03-09/2026-03-15"),
        ("wiki iliyopita", "2026-03-02/2026-03-08"),
        ("mwezi ujao", "2026-04-01/2026-04-30"),
        ("last month", "2026-02-01/2026-02-28"),
        ("mwezi jana", "2026-02-01/2026-02-28"),
        ("next year", "2027-01-01/2027-12-31"),
        ("mwaka huu", "2026-01-01/2026-12-31"),
        ("weekend", "2026-03-14/2026-03-15"),
        ("next weekend", "2026-03-21/2026-03-22"),
        ("mwisho wa wiki", "2026-03-14/2026-03-15"),
        ("statement ya january", "2026-01-01/2026-01-31"),
        ("in december", "2026-12-01/2026-12-31"),
        ("statement for december", "2025-12-01/2025-12-31"),
        ("mwezi wa tano", "2026-05-01/2026-05-31"),
        ("mwezi wa 5", "2026-05-01/2026-05-31"),
        ("mwezi wa desemba 2025", "2025-12-01/2025-12-31"),
        ("in 2025", "2025-01-01/2025-12-31"),
        ("statement ya 2024", "2024-01-01/2024-12-31"),
        ("mwaka wa 2023", "2023-01-01/2023-12-31"),
        ("since 2024", "2024-01-01/2026-03-11"),
        ("statement ya last 3 months", "2025-12-11/2026-03-11"),
        ("taarifa ya miezi mitatu iliyopita", "2025-12-11/2026-03-11"),
        ("transactions for the past two weeks", "2026-02-25/2026-03-11"),
        ("from 1/1 to 31/1/2026", "2026-01-01/2026-01-31"),
        ("taarifa kuanzia tarehe 1 hadi tarehe 10", "2026-03-01/2026-03-10"),
        ("statement tarehe 1 hadi 10", "2026-03-01/2026-03-10"),
        ("taarifa kutoka januari hadi machi", "2026-01-01/2026-03-31"),
        ("1st to 15th january statement", "2026-01-01/2026-01-15"),
        ("how much have I contributed since january", "2026-01-01/2026-03-11"),
        ("statement since 1st february", "2026-02-01/2026-03-11"),
        ("stamped statement from january to date", "2026-01-01/2026-03-11"),
        ("taarifa tangu mwezi jana hadi sasa", "2026-02-01/2026-03-11"),
        ("show me deposits between 1/10 and 15/11", "2025-10-01/2025-11-15"),
        ("next 7 days", "2026-03-11/2026-03-18"),
        ("statement 5-10 december", "2025-12-05/2025-12-10"),
        ("statement 15 to 20 december", "2025-12-15/2025-12-20"),
        ("statement between 1 jan and 5 feb", "2026-01-01/2026-02-05"),
    ],
)
def test_a_stretch_of_days_is_told(text: str, stretch: str) -> None:
    assert said(text).get("date") == stretch


def test_two_days_are_asked_about() -> None:
    assert said("am i supposed to pay on 15th or 30th") == {"date": ["2026-03-15", "2026-03-30"]}


def test_a_day_the_month_lacks_is_not_in_it() -> None:
    assert said("mwezi ujao tarehe 31") == {"date": ["2026-04-01/2026-04-30", "2026-03-31"]}


def test_two_days_with_and_between_are_two() -> None:
    assert said("jana na leo") == {"date": ["2026-03-10", "2026-03-11"]}


def test_a_month_that_is_over_is_next_year_s() -> None:
    assert said("in march", date(2026, 12, 15)) == {"date": "2027-03-01/2027-03-31"}


def test_no_month_has_a_thirty_second() -> None:
    assert day_of_month(TODAY, 32, is_past=False) is None


def test_two_words_for_one_day_are_one() -> None:
    assert said("kesho, yaani thursday") == {"date": "2026-03-12"}


@pytest.mark.parametrize("day", [date(2026, 1, 31), date(2028, 2, 29), date(2026, 12, 31)])
def test_month_ends_and_leap_days_are_no_trouble(day: date) -> None:
    for text in (
        "mwezi ujao",
        "tarehe 31",
        "after 1 month",
        "29 feb",
        "mwisho wa mwezi ujao",
        "next year",
        "30th",
    ):
        assert "date" in said(text, day)


RELATIVE = {
    "0 day ago": "2026-03-11",
    "1 day ago": "2026-03-10",
    "in 1 day": "2026-03-12",
    "0 week ago": "2026-03-09/2026-03-15",
    "1 week ago": "2026-03-02/2026-03-08",
    "in 1 week": "2026-03-16/2026-03-22",
    "0 month ago": "2026-03-01/2026-03-31",
    "1 month ago": "2026-02-01/2026-02-28",
    "in 1 month": "2026-04-01/2026-04-30",
    "0 year ago": "2026-01-01/2026-12-31",
    "1 year ago": "2025-01-01/2025-12-31",
    "in 1 year": "2027-01-01/2027-12-31",
}


@pytest.mark.parametrize(("key", "expected"), RELATIVE.items())
def test_cldr_s_words_for_near_periods_are_known(key: str, expected: str) -> None:
    for words in WORDS["relative-type"][key]:
        assert said(words) == {"date": expected}


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"\1 day ago", "2026-03-08"),
        (r"\1 week ago", "2026-02-18"),
        (r"\1 month ago", "2025-12-11"),
        (r"\1 year ago", "2023-03-11"),
        (r"in \1 day", "2026-03-14"),
        (r"in \1 week", "2026-04-01"),
        (r"in \1 month", "2026-06-11"),
        (r"in \1 year", "2029-03-11"),
    ],
)
def test_cldr_s_words_for_times_away_are_known(pattern: str, expected: str) -> None:
    for words in WORDS["relative-type-regex"][pattern]:
        assert said(words.format(3)) == {"date": expected}, words


def test_cldr_s_months_and_weekdays_are_known() -> None:
    months = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ]
    for number, month in enumerate(months, 1):
        for word in WORDS[month]:
            assert said(f"tarehe 5 {word} 2027") == {"date": f"2027-{number:02}-05"}
    weekdays = ["thursday", "friday", "saturday", "sunday", "monday", "tuesday", "wednesday"]
    for n, weekday in enumerate(weekdays, 12):
        for word in WORDS[weekday]:
            assert said(word) == {"date": f"2026-03-{n}"}
