"""What do the two private servers have in common? An address that stays, and a start on a free port."""

import json
import os
import secrets
import socket
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from signal import Signals
from typing import ClassVar

from imarisha.embedded_process import EmbeddedServerError, Launcher, ServerDiedError, ServerProcess

HOST = "127.0.0.1"

# Below the ports that Linux and macOS lend to outgoing connections: a client that tries again while the
# server is down must not be lent the server's own port.
_FIRST_PORT = 20_000
_PORTS = 12_000
_LAST_PORT = 65_535
_PASSWORD_BYTES = 24
_START_TRIES = 5
# The end of a crash recovery may take its time.
_READY_SECONDS = 120
_LEAVE_SECONDS = 30


class Address:
    """A port of 127.0.0.1 and a random password, remembered in a file that only our user can read."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.port = 0
        self.password = ""

    def recall(self) -> bool:
        """Read the file. Where it is missing or damaged, choose both anew and return False."""
        try:
            remembered = json.loads(self._file.read_text(encoding="utf-8"))
            self.port, self.password = int(remembered["port"]), str(remembered["password"])
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            self.password = ""
        if self.password.isalnum() and 0 < self.port <= _LAST_PORT:
            return True
        self.choose_port()
        self.choose_password()
        return False

    def choose_port(self) -> None:
        """Take another port, one that is free."""
        self.port = _FIRST_PORT + secrets.randbelow(_PORTS)
        while not is_free(self.port):
            self.port = _FIRST_PORT + secrets.randbelow(_PORTS)

    def choose_password(self) -> None:
        """Take another password that nobody can guess: letters and digits."""
        self.password = secrets.token_hex(_PASSWORD_BYTES)

    def remember(self) -> None:
        """Write the file, readable by our user alone from the start."""
        fresh = self._file.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        text = json.dumps({"port": self.port, "password": self.password})
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
        fresh.replace(self._file)


class Server(ABC):
    """One of the private servers. Stopped, killed and started alone, it keeps its URL.

    Works only while its EmbeddedServers hold the data folder. Not for use by two threads at once.
    """

    name: ClassVar[str]
    leave_signals: ClassVar[Sequence[Signals]]
    """Asked to stop by the first; by each next one when it is still there after half a minute."""

    def __init__(self, data_dir: Path, launcher: Launcher) -> None:
        self._folder = data_dir / self.name
        self._log = data_dir / f"{self.name}.log"
        self._address = Address(data_dir / f"{self.name}.json")
        self._launcher = launcher
        self._process: ServerProcess | None = None
        self._has_started = False

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.is_running

    @property
    def pid(self) -> int:
        """The server's process id. Raises EmbeddedServerError when it does not run."""
        if self._process is None or not self._process.is_running:
            raise EmbeddedServerError(f"{self.name} is not running")
        return self._process.pid

    def start(self) -> None:
        """Return once the server takes connections; at once when it does already.

        Raises EmbeddedServerError with the end of the log when it can't start.
        """
        if self.is_running:
            return
        knows_address = self._has_started or self._address.recall()
        self._prepare(has_new_password=not knows_address)
        # Only now: a password that is remembered is one that the server took.
        if not knows_address:
            self._address.remember()
        self._start_on_a_free_port()
        self._has_started = True

    def stop(self) -> None:
        """Let the server finish and wait until it is gone; nothing when it does not run."""
        if self._process is not None:
            self._process.end(self.leave_signals, seconds=_LEAVE_SECONDS)

    def kill(self) -> None:
        """End the server's main process without a chance to tidy up (SIGKILL)."""
        if self._process is not None:
            self._process.end((), seconds=_LEAVE_SECONDS)

    @abstractmethod
    def _prepare(self, *, has_new_password: bool) -> None:
        """Before every start: deal with what a killed run left behind, make on disk what is missing."""

    @abstractmethod
    def _launch(self) -> ServerProcess:
        """Start the program at the present address."""

    def _leave_port(self) -> None:
        """Give the port up to the other program that listens there."""
        self._address.choose_port()

    @abstractmethod
    def _is_ready(self, process: ServerProcess) -> bool:
        """Whether it takes connections."""

    def _start_on_a_free_port(self) -> None:
        """A port that another program took is exchanged, unless somebody already has our URL."""
        for tries_left in reversed(range(_START_TRIES)):
            try:
                self._start_once()
            except ServerDiedError as died:
                if "Address already in use" not in died.last_lines or self._has_started or not tries_left:
                    raise
                self._leave_port()
                self._address.remember()
            else:
                return

    def _start_once(self) -> None:
        # Kept before it is ready, so that an interrupted start can be stopped.
        process = self._process = self._launch()
        process.wait_until(lambda: self._is_ready(process), seconds=_READY_SECONDS)


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of 127.0.0.1 now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as candidate:
        candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            candidate.bind((HOST, port))
        except OSError:
            return False
        return True
