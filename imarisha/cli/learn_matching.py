"""`imarisha learn-matching`: the matching of statements learns from what reviewers decided."""

import click

EXAMPLE = """\b
Examples:
  imarisha learn-matching
  imarisha learn-matching --data-dir .imarisha
"""


@click.command(name="learn-matching", epilog=EXAMPLE)
@click.option(
    "--data-dir",
    default=None,
    type=click.Path(exists=True, file_okay=False),
    help="A demo's folder instead of a URL.",
)
def learn_matching(data_dir: str | None) -> None:
    """Train the confidence of statement matches on all decisions so far, and put the new version in force.

    Needs 200 decisions and scikit-learn, which a running installation does without.
    """
    import asyncio
    from importlib.util import find_spec

    from core.errors import DatabaseUnavailable
    from imarisha.embedded import EmbeddedServerError
    from imarisha.learning import NothingToLearn
    from imarisha.verify import NothingToVerify

    if find_spec("sklearn") is None:
        raise click.ClickException("scikit-learn is needed for this: install requirements-test.txt")
    try:
        version = asyncio.run(_learn(data_dir))
    except NothingToLearn as error:
        raise click.ClickException(f"nothing was learned: {error}") from error
    except DatabaseUnavailable as error:
        raise click.ClickException("the database does not answer; see `imarisha doctor`") from error
    except (EmbeddedServerError, NothingToVerify) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"version {version} is in force")


async def _learn(data_dir: str | None) -> int:
    from core.clock import SystemClock
    from imarisha.learning import learn
    from imarisha.verify import books

    async with books(data_dir) as database:
        return (await learn(database, SystemClock())).version
