"""`imarisha demo`: everything on one machine."""

from pathlib import Path

import click

EXAMPLE = """\b
Example:
  imarisha demo --port 8080 --data-dir /tmp/imarisha
"""


@click.command(epilog=EXAMPLE)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on."
)
@click.option(
    "--data-dir",
    default=".imarisha",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where servers and sandbox keep their data; the same folder goes on where it stopped.",
)
@click.option(
    "--members",
    default=200,
    show_default=True,
    type=click.IntRange(6, 100_000),
    help="Members at the first start.",
)
def demo(host: str, port: int, data_dir: Path, members: int) -> None:
    """Servers, migrations, demo institution, provider sandbox, web and worker in one go.

    Ctrl-C stops all of it. Open the printed address for the phone simulator.
    """
    from core.errors import DatabaseUnavailable
    from imarisha.demo import DemoError, DemoOptions, run
    from imarisha.embedded import EmbeddedServerError
    from imarisha.logs import configure
    from imarisha.migrate import MigrationRefused
    from imarisha.settings import WrongSetting

    configure("WARNING")
    try:
        run(DemoOptions(host=host, port=port, data_dir=data_dir, members=members))
    except WrongSetting as error:
        raise click.UsageError(str(error)) from None
    except DatabaseUnavailable as error:
        raise click.ClickException("the database does not answer; see `imarisha doctor`") from error
    except (DemoError, EmbeddedServerError, MigrationRefused, OSError) as error:
        raise click.ClickException(str(error)) from error
