"""`imarisha statement`: a file, or whether a printed one is true."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from imarisha.cli import commands

ALL = ("--from", "2000-01-01", "--to", "2026-03-11")


@pytest.fixture
def run(founded_database_url: str, monkeypatch: pytest.MonkeyPatch) -> "Run":
    monkeypatch.setenv("IMARISHA_DATABASE_URL", founded_database_url)
    monkeypatch.setenv("IMARISHA_STAFF_KEY", "a staff key for tests")
    monkeypatch.setenv("IMARISHA_FIELD_KEY", "a field key for tests")
    monkeypatch.setenv("IMARISHA_INSTITUTION_NAME", "Umoja Sacco")
    return Run()


class Run:
    def __call__(self, *arguments: str) -> Result:
        return CliRunner().invoke(commands, ["statement", *arguments])


def code_in(result: Result) -> str:
    return result.output.strip().rsplit(" ", 1)[1]


@pytest.mark.parametrize(
    ("ending", "start"), [("pdf", b"%PDF-"), ("csv", b"\xef\xbb\xbfAccount"), ("XLSX", b"PK")]
)
def test_the_file_s_ending_says_the_form(run: Run, tmp_path: Path, ending: str, start: bytes) -> None:
    out = tmp_path / f"amina.{ending}"

    made = run("--member", "M00001", *ALL, "--out", str(out))

    assert made.exit_code == 0, made.output
    assert out.read_bytes().startswith(start)


def test_the_language_is_the_member_s_unless_another_is_named(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "otieno.csv"

    run("--member", "M00002", *ALL, "--out", str(out))
    own = out.read_text(encoding="utf-8")
    run("--member", "M00002", *ALL, "--out", str(out), "--language", "en")

    assert "Salio la mwanzo" in own
    assert "Opening balance" in out.read_text(encoding="utf-8")


def test_a_printed_code_is_held_against_the_books(run: Run, tmp_path: Path) -> None:
    out = str(tmp_path / "x")
    code = code_in(run("--member", "M00001", *ALL, "--out", out, "--format", "pdf"))

    true = run("--member", "M00001", *ALL, "--check", f" {code.lower()}")
    other_member = run("--member", "M00002", *ALL, "--check", code)

    assert (true.exit_code, true.output) == (0, "the statement agrees with the books\n")
    assert other_member.exit_code == 1
    assert "not the statement that was printed" in other_member.output


@pytest.mark.parametrize(
    ("arguments", "exit_code", "said"),
    [
        (("--member", "M99999", *ALL, "--check", "x"), 1, "there is no member M99999"),
        (("--member", "M00001", *ALL), 2, "say --out FILE or --check CODE"),
        (("--member", "M00001", *ALL, "--out", "x.docx"), 2, "say --format pdf, csv or xlsx"),
        (
            ("--member", "M00001", "--from", "2026-03-02", "--to", "2026-03-01", "--check", "x"),
            2,
            "2026-03-01 is before 2026-03-02",
        ),
        (("--member", "M00001", "--from", "yesterday", "--to", "2026-03-01", "--check", "x"), 2, "yesterday"),
    ],
)
def test_what_can_not_be_done_is_said(
    run: Run, arguments: tuple[str, ...], exit_code: int, said: str
) -> None:
    refused = run(*arguments)

    assert refused.exit_code == exit_code
    assert said in refused.output


@pytest.mark.parametrize("place", ["no such folder/x.csv", "a file/x.csv", f"{'long' * 100}.csv"])
def test_a_place_that_can_not_be_written_is_said_in_one_line(run: Run, tmp_path: Path, place: str) -> None:
    (tmp_path / "a file").write_text("")

    refused = run("--member", "M00001", *ALL, "--out", str(tmp_path / place))

    assert (refused.exit_code, refused.output.count("\n")) == (1, 1)
    assert "can't be written" in refused.output


def test_a_wrong_name_of_the_institution_is_said(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMARISHA_INSTITUTION_NAME", "A society with a very long name")

    refused = run("--member", "M00001", *ALL, "--check", "x")

    assert refused.exit_code == 1
    assert "IMARISHA_INSTITUTION_NAME is wrong" in refused.output


def test_a_database_that_is_down_is_said(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMARISHA_DATABASE_URL", "postgresql://imarisha@127.0.0.1:1/imarisha")

    refused = run("--member", "M00001", *ALL, "--check", "x")

    assert refused.exit_code == 1
    assert "the database does not answer" in refused.output
