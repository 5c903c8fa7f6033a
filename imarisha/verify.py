"""Which database is meant, and do its books hold? The environment's, or that of a demo's folder, running or not."""

import os
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

from core.db.engine import Database
from imarisha.embedded import DataDirInUseError, EmbeddedServers
from imarisha.invariants import broken
from imarisha.migrate import newest_revision, revision_of
from imarisha.settings import PREFIX

DEMO_FOLDER = ".imarisha"


class NothingToVerify(Exception):
    """There are no books of ours where we were sent; the text says where and what to do."""


async def differences_in(data_dir: str | None) -> list[str]:
    """What does not hold, a line each. Raises DatabaseUnavailable, EmbeddedServerError, NothingToVerify."""
    async with books(data_dir) as database:
        return await broken(database)


@asynccontextmanager
async def books(data_dir: str | None, *, command_seconds: int = 30) -> AsyncIterator[Database]:
    """The database of the environment or of a demo's folder. Raises as `differences_in` does."""
    with ExitStack() as stack:
        url = None if data_dir else os.environ.get(f"{PREFIX}DATABASE_URL")
        database = Database(
            url or _demo_database(Path(data_dir or DEMO_FOLDER), stack),
            connections_max=1,
            command_seconds=command_seconds,
        )
        await database.open()
        try:
            async with database.reading() as session:
                if await revision_of(session) != newest_revision():
                    raise NothingToVerify("the books are of another version: run `imarisha migrate` first")
            yield database
        finally:
            await database.close()


def _demo_database(folder: Path, stack: ExitStack) -> str:
    """The folder's PostgreSQL: the running demo's, or one started for as long as the stack is open."""
    if not (folder / "postgres").is_dir():
        # Starting servers there would make empty books, and they would hold.
        raise NothingToVerify(f"no demo has run in {folder}: name its folder with --data-dir")
    servers = EmbeddedServers(folder)
    try:
        servers.start()
    except DataDirInUseError:
        return servers.running_database_url()
    stack.callback(servers.stop)
    return servers.postgres.url
