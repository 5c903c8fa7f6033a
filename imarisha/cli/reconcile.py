"""`imarisha reconcile`: a provider's statement against our books."""

from pathlib import Path

import click

EXAMPLE = """\b
Examples:
  imarisha reconcile statement.csv                   an export of the M-Pesa portal, CSV or Excel
  imarisha reconcile bank.sta --json                 a bank's MT940, CAMT.053, CSV or Excel
  imarisha reconcile pulled.json --data-dir .imarisha
"""


@click.command(epilog=EXAMPLE)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="The result as one JSON object.")
@click.option(
    "--tolerance", default="0.00", help="How far amounts with one receipt may be apart, such as 1.00."
)
@click.option(
    "--receive",
    is_flag=True,
    help="Credit receipts of the paybill that nobody told us of, or keep them in suspense.",
)
@click.option(
    "--data-dir",
    default=None,
    type=click.Path(exists=True, file_okay=False),
    help="A demo's folder instead of a URL.",
)
def reconcile(file: Path, tolerance: str, data_dir: str | None, *, receive: bool, as_json: bool) -> None:
    """Import a statement, match it with the books, and print what agrees and what does not.

    Lines known from another file are left as they are. Exit 1, with the lines' faults, when nothing was taken over.
    """
    import asyncio

    from core.errors import DatabaseUnavailable, InvalidAmount, Refusal
    from core.money import Money
    from imarisha.embedded import EmbeddedServerError
    from imarisha.reconciling import as_text, reconcile_file, refusal_text, refused_as_json, result_as_json
    from imarisha.verify import NothingToVerify

    try:
        allowed = Money.parse(tolerance)
    except InvalidAmount as error:
        raise click.BadParameter(f"{tolerance} is no amount", param_hint="--tolerance") from error
    try:
        result = asyncio.run(reconcile_file(data_dir, file, allowed, receive=receive))
    except Refusal as refusal:
        if as_json:
            click.echo(refused_as_json(refusal))
        raise click.ClickException(refusal_text(refusal)) from refusal
    except DatabaseUnavailable as error:
        raise click.ClickException("the database does not answer; see `imarisha doctor`") from error
    except (EmbeddedServerError, NothingToVerify) as error:
        raise click.ClickException(str(error)) from error
    click.echo(result_as_json(result) if as_json else as_text(result))
