"""`imarisha reconcile`: a statement against the books, and one line for what is refused."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from imarisha.cli import commands
from tests.core.reconciliation.conftest import HEADER, row


def reconcile(*arguments: str) -> Result:
    return CliRunner().invoke(commands, ["reconcile", *arguments])


@pytest.fixture
def books(founded_database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMARISHA_DATABASE_URL", founded_database_url)


@pytest.mark.usefixtures("books")
def test_a_statement_is_told_as_json_and_refused_the_second_time(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("\n".join([HEADER, row("UKK4DEMO11", 500), ""]))

    first, again = reconcile(str(path), "--json"), reconcile(str(path))

    assert first.exit_code == 0, first.output
    told = json.loads(first.output)
    assert (told["file"]["new"], told["open_lines"]) == (1, 1)
    assert told["breaks"][0]["kind"] == "not_in_books"
    assert again.exit_code == 1
    assert "this file was imported on" in again.output


@pytest.mark.usefixtures("books")
def test_faulty_rows_are_told_and_nothing_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(
        "\n".join([HEADER, row("UKK4DEMO11", 500), row("UKK4DEMO12", 600).replace("600", "6o0"), ""])
    )

    as_json, as_text = reconcile(str(path), "--json"), reconcile(str(path))
    path.write_text("\n".join([HEADER, row("UKK4DEMO11", 500), ""]))
    mended = reconcile(str(path))

    assert as_json.exit_code == as_text.exit_code == 1
    assert '"why": "amount"' in as_json.output
    assert "1 rows can't be read (row 3: amount" in as_text.output
    assert "1 lines: 1 new, 0 known already" in mended.output


@pytest.mark.usefixtures("books")
def test_other_files_and_totals_that_differ_are_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear member,\n")
    lines = [row("UKK4DEMO11", 500, balance="500"), row("UKK4DEMO12", 600, minute=1, balance="900")]
    (tmp_path / "export.csv").write_text("\n".join([HEADER, *lines, ""]))

    letter, export = reconcile(str(tmp_path / "letter.txt")), reconcile(str(tmp_path / "export.csv"))

    assert "this is no statement that we know (header)" in letter.output
    assert "opening balance and lines make 1,100.00, not 900.00" in export.output


def test_wrong_usage_is_told() -> None:
    assert reconcile("nowhere.csv").exit_code == 2
    assert reconcile(__file__, "--tolerance", "much").exit_code == 2


@pytest.mark.usefixtures("books")
def test_learning_without_decisions_is_refused_in_one_line() -> None:
    refused = CliRunner().invoke(commands, ["learn-matching"])

    assert refused.exit_code == 1
    assert "nothing was learned: 0 decisions of the 200 that are needed" in refused.output
