"""Where do the demo and the tests get their servers? A real PostgreSQL 18 and Redis, private to one folder.

In that folder: `servers.lock`, and per server its data, its log and its address with the password.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from imarisha.embedded_account import choose_account
from imarisha.embedded_postgres import Postgres
from imarisha.embedded_postgres import program as postgres_program
from imarisha.embedded_process import EmbeddedServerError, Launcher, ServerDiedError
from imarisha.embedded_redis import Redis

__all__ = [
    "DataDirInUseError",
    "EmbeddedServerError",
    "EmbeddedServers",
    "Postgres",
    "Redis",
    "ServerDiedError",
    "ServerUrls",
]


class DataDirInUseError(EmbeddedServerError):
    """Another living process runs its servers in the same folder."""


@dataclass(frozen=True, slots=True)
class ServerUrls:
    """Where to reach the servers, passwords included: never log them."""

    database_url: str
    redis_url: str


class EmbeddedServers:
    """PostgreSQL and Redis as children of this process; the same folder goes on where it stopped.

    The servers run as this user, or for root under an account with few rights. They stop with this process
    however it ends (on macOS a killed process leaves them running until the next start); Ctrl-C in the
    terminal does not reach them.
    Without `durable` a power cut may destroy the data: for tests, quick.
    """

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self._data_dir = data_dir.absolute()
        self._lock = _FolderLock(self._data_dir / "servers.lock")
        self._launcher = Launcher()
        self._postgres = Postgres(self._data_dir, self._launcher, durable=durable)
        self._redis = Redis(self._data_dir, self._launcher)

    @property
    def postgres(self) -> Postgres:
        """To be stopped, killed and started alone; its URL stays the same."""
        return self._postgres

    @property
    def redis(self) -> Redis:
        """To be stopped, killed and started alone; its URL stays the same."""
        return self._redis

    @property
    def urls(self) -> ServerUrls:
        """Where both are reached. Raises EmbeddedServerError before the first start."""
        return ServerUrls(database_url=self._postgres.url, redis_url=self._redis.url)

    def running_database_url(self) -> str:
        """Where the PostgreSQL of this folder answers that another process of ours runs.

        Raises EmbeddedServerError where the folder remembers none.
        """
        return self._postgres.remembered_url()

    def hold(self) -> None:
        """Take the folder for this process and start nothing yet. Raises as `start` does."""
        with self._all_or_nothing():
            self._hold_folder()

    def start(self) -> ServerUrls:
        """Start what does not run yet and return when both take connections.

        Raises DataDirInUseError; EmbeddedServerError with the reason, after which nothing runs.
        """
        with self._all_or_nothing():
            self._hold_folder()
            self._redis.start()
            self._postgres.start()
        return self.urls

    def stop(self) -> None:
        """Stop both, in order, and give the folder back; nothing when they don't run."""
        with ExitStack() as last_to_first:
            last_to_first.callback(self._lock.release)
            last_to_first.callback(self._launcher.close)
            last_to_first.callback(self._redis.stop)
            last_to_first.callback(self._postgres.stop)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @contextmanager
    def _all_or_nothing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self.stop()
            raise EmbeddedServerError(f"cannot keep servers in {self._data_dir}: {error}") from error
        except BaseException:
            self.stop()
            raise

    def _hold_folder(self) -> None:
        if self._launcher.is_open:
            return
        self._data_dir.mkdir(parents=True, exist_ok=True)
        self._lock.take()
        folders = [self._data_dir / server.name for server in (self._postgres, self._redis)]
        probe = [str(postgres_program("postgres")), "--version"]
        account = choose_account(probe, data_dir=self._data_dir, owned=folders[0])
        for folder in folders:
            folder.mkdir(mode=0o700, exist_ok=True)
            account.take_over(folder)
        self._launcher.open(account)


class _FolderLock:
    """Held by one living process; the kernel frees it when that process ends, however it ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: TextIO | None = None

    def take(self) -> None:
        file = self._path.open("a+", encoding="ascii")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            with file:
                file.seek(0)
                owner = file.read().strip()
            raise DataDirInUseError(
                f"the servers in {self._path.parent} already run for process {owner};"
                " stop it, or use another data folder"
            ) from error
        self._file = file
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
