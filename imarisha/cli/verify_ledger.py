"""`imarisha verify-ledger`: do the books add up?"""

import click

EXAMPLE = """\b
Example, on the data of a demo that is not running:
  imarisha verify-ledger --data-dir .imarisha
"""


@click.command(name="verify-ledger", epilog=EXAMPLE)
@click.option(
    "--data-dir",
    default=None,
    type=click.Path(exists=True, file_okay=False),
    help="A demo's folder instead of a URL.",
)
def verify_ledger(data_dir: str | None) -> None:
    """Add every entry again and compare with all balances, and check the audit chain.

    Exit 1 with a line per difference when anything is off.
    """
    import asyncio

    from core.errors import DatabaseUnavailable
    from imarisha.embedded import EmbeddedServerError
    from imarisha.verify import NothingToVerify, differences_in

    try:
        broken = asyncio.run(differences_in(data_dir))
    except DatabaseUnavailable as error:
        raise click.ClickException("the database does not answer; see `imarisha doctor`") from error
    except (EmbeddedServerError, NothingToVerify) as error:
        raise click.ClickException(str(error)) from error
    for line in broken:
        click.echo(line)
    if broken:
        raise SystemExit(1)
    click.echo("the ledger adds up and the audit chain holds")
