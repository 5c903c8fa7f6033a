"""`imarisha close-day`: days over are closed once, in order."""

import pytest
from click.testing import CliRunner, Result

from imarisha.cli import commands


def close_day(*arguments: str) -> Result:
    return CliRunner().invoke(commands, ["close-day", *arguments])


def test_days_that_were_missed_are_closed_in_order_and_once(
    founded_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMARISHA_DATABASE_URL", founded_database_url)

    first = close_day("--date", "2026-03-12")
    again = close_day("--date", "2026-03-12")

    assert (first.exit_code, again.exit_code) == (0, 0), first.output
    assert first.output.endswith("closed 2026-03-11\nclosed 2026-03-12\n")
    assert again.output == "nothing to close\n"


def test_a_day_that_is_not_over_is_refused_in_one_line(
    founded_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMARISHA_DATABASE_URL", founded_database_url)

    refused = close_day("--date", "2099-01-01")

    assert refused.exit_code == 1
    assert "2099-01-01 is not over: it can be closed from 2099-01-02 01:00" in refused.output


def test_a_date_that_is_none_is_wrong_usage() -> None:
    assert close_day("--date", "tomorrow").exit_code == 2
