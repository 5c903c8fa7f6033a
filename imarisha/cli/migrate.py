"""`imarisha migrate`: bring the database to the shape this version needs."""

import click

EXAMPLE = """\b
Example:
  IMARISHA_DATABASE_URL=postgresql://imarisha@localhost/imarisha imarisha migrate
"""


@click.command(epilog=EXAMPLE)
def migrate() -> None:
    """Apply the migrations that the database misses. Safe to run twice and while the service runs."""
    from imarisha.cli.environment import settings_or_exit
    from imarisha.migrate import MigrationRefused, newest_revision, upgrade

    settings = settings_or_exit()
    try:
        upgrade(settings.database_url)
    except MigrationRefused as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"database is at {newest_revision()}")
