"""Bring a database to the shape this version needs."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

import migrations


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


def upgrade(database_url: str) -> None:
    """Apply every migration that is missing. Runs its own event loop."""
    command.upgrade(configuration(database_url), "head")


def newest_revision() -> str:
    """The revision that this code was written for."""
    head = ScriptDirectory.from_config(configuration("postgresql://")).get_current_head()
    if head is None:
        raise AssertionError("there is at least one migration")
    return head
