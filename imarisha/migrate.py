"""Bring a database to the shape this version needs."""

from functools import cache
from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy.exc import SQLAlchemyError

import migrations
from core.db.engine import ReadSession


def configuration(database_url: str) -> Config:
    """Alembic's settings for one database, without a file."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    # Alembic interpolates percent signs; a password may hold one.
    config.set_main_option("sqlalchemy.url", asyncpg_url(database_url).replace("%", "%%"))
    return config


def asyncpg_url(database_url: str) -> str:
    """The URL as SQLAlchemy wants it, naming its driver."""
    _, _, rest = database_url.partition("://")
    return f"postgresql+asyncpg://{rest}"


class MigrationRefused(Exception):
    """The database could not be brought to our shape; the text says why, on one line."""


def upgrade(database_url: str) -> None:
    """Apply every migration that is missing. Runs its own event loop. Raises MigrationRefused."""
    try:
        command.upgrade(configuration(database_url), "head")
    except OSError as error:
        raise MigrationRefused(f"the database does not answer: {error}") from error
    except CommandError as error:
        raise MigrationRefused(f"the database is none of this version: {error}") from error
    except (asyncpg.PostgresError, asyncpg.InterfaceError, SQLAlchemyError) as error:
        raise MigrationRefused(f"the database refused: {str(error).splitlines()[0]}") from error


async def revision_of(session: ReadSession) -> str | None:
    """The revision a database is at; None where no migration has been applied yet."""
    known = await session.row("SELECT to_regclass('alembic_version') IS NOT NULL AS is_there")
    if known is None or not known["is_there"]:
        return None
    row = await session.row("SELECT version_num FROM alembic_version")
    return None if row is None else str(row["version_num"])


@cache
def newest_revision() -> str:
    """The revision that this code was written for."""
    head = ScriptDirectory.from_config(configuration("postgresql://")).get_current_head()
    if head is None:
        raise AssertionError("there is at least one migration")
    return head
