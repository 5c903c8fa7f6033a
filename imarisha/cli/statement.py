"""`imarisha statement`: a member's full statement as a file, or whether a printed one is true."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from core.reports.service import StatementFile

EXAMPLE = """\b
Examples, on the data of a demo that is not running:
  imarisha statement --data-dir .imarisha --member M00001 --from 2026-01-01 --to 2026-03-31 --out amina.pdf
  imarisha statement --data-dir .imarisha --member M00001 --from 2026-01-01 --to 2026-03-31 \\
      --check H7KX-2M9P-RWQ4-ABCD
"""
_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command(epilog=EXAMPLE)
@click.option("--member", required=True, help="The number on the member card, such as M00001.")
@click.option("--from", "since", required=True, type=_DAY, help="First business day, such as 2026-01-01.")
@click.option("--to", "until", required=True, type=_DAY, help="Last business day.")
@click.option(
    "--format", "form", type=click.Choice(["pdf", "csv", "xlsx"]), help="Said by the file's ending otherwise."
)
@click.option("--out", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="File to write.")
@click.option("--language", type=click.Choice(["en", "sw"]), help="The member's own otherwise.")
@click.option("--check", "code", help="Compare with the check code on a printed statement; writes no file.")
@click.option(
    "--data-dir",
    default=None,
    type=click.Path(exists=True, file_okay=False),
    help="A demo's folder instead of a URL.",
)
def statement(
    *,
    member: str,
    since: datetime,
    until: datetime,
    form: str | None,
    out: Path | None,
    language: str | None,
    code: str | None,
    data_dir: str | None,
) -> None:
    """Write a member's full statement, or check a printed one.

    Exit 1 when there is no such member, the file can't be written, or the check code is not that of the books.
    """
    if (out is None) == (code is None):
        raise click.UsageError("say --out FILE or --check CODE")
    made = _made(member, since.date(), until.date(), form or _ending(out), language, data_dir)
    if out is not None:
        _write(out, made.content)
        click.echo(f"{out}  check code {made.check_code}")
    elif (code or "").strip().upper() == made.check_code:
        click.echo("the statement agrees with the books")
    else:
        raise click.ClickException(f"the books give {made.check_code}: not the statement that was printed")


def _write(out: Path, content: bytes) -> None:
    try:
        out.write_bytes(content)
    except OSError as error:
        raise click.ClickException(f"{out} can't be written: {error.strerror}") from error


def _ending(out: Path | None) -> str:
    return out.suffix.lstrip(".").lower() if out else "csv"


def _made(
    member: str, since: date, until: date, form: str, language: str | None, data_dir: str | None
) -> "StatementFile":
    import asyncio

    from core.errors import DatabaseUnavailable, StatementPeriodInvalid, UnknownMember
    from core.members.model import Language
    from core.reports.ports import StatementFormat
    from core.reports.statement import Period
    from imarisha.embedded import EmbeddedServerError
    from imarisha.settings import WrongSetting
    from imarisha.statements import Wanted, statement_from
    from imarisha.verify import NothingToVerify

    if form not in list(StatementFormat):
        raise click.UsageError("say --format pdf, csv or xlsx, or give the file such an ending")
    try:
        period = Period(since, until)
        wanted = Wanted(member, period, StatementFormat(form), Language(language) if language else None)
        return asyncio.run(statement_from(data_dir, wanted))
    except StatementPeriodInvalid as error:
        raise click.UsageError(f"{error.until} is before {error.since}") from error
    except UnknownMember as error:
        raise click.ClickException(f"there is no member {member}") from error
    except DatabaseUnavailable as error:
        raise click.ClickException("the database does not answer; see `imarisha doctor`") from error
    except (EmbeddedServerError, NothingToVerify, WrongSetting) as error:
        raise click.ClickException(str(error)) from error
