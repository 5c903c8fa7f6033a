"""Which database is meant, and do its books hold? The environment's, or that of a demo's folder, running or not."""

import os
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

from core.db.engine import Database
from imarisha.embedded import DataDirInUseError, EmbeddedServers
from imarisha.invariants import broken
from imarisha.settings import PREFIX

DEMO_FOLDER = ".imarisha"


async def differences_in(data_dir: str | None) -> list[str]:
    """What does not hold, a line each. Raises DatabaseUnavailable, EmbeddedServerError."""
    async with _database(data_dir) as database:
        return await broken(database)


@asynccontextmanager
async def _database(data_dir: str | None) -> AsyncIterator[Database]:
    with ExitStack() as stack:
        url = None if data_dir else os.environ.get(f"{PREFIX}DATABASE_URL")
        database = Database(url or _demo_database(Path(data_dir or DEMO_FOLDER), stack), connections_max=1)
        await database.open()
        try:
            yield database
        finally:
            await database.close()


def _demo_database(folder: Path, stack: ExitStack) -> str:
    """The folder's PostgreSQL: the running demo's, or one started for as long as the stack is open."""
    servers = EmbeddedServers(folder)
    try:
        servers.start()
    except DataDirInUseError:
        return servers.running_database_url()
    stack.callback(servers.stop)
    return servers.postgres.url
