"""How does a private server live as a child of ours? Started, awaited, ended; its last words kept."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from signal import SIGKILL, Signals
from typing import Protocol

# Nothing else of our environment goes to a server: no keys, none of the PG* variables that bend PostgreSQL.
_ENVIRONMENT: Mapping[str, str] = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
_LOG_BYTES_MAX = 1_000_000
_LAST_LINES = 12
_POLL_SECONDS = 0.005
_RUN_SECONDS = 120


class EmbeddedServerError(Exception):
    """A private server can't do what was asked; the message says why and, where it can, how to mend it."""


class ServerDiedError(EmbeddedServerError):
    """A server ended before it was ready. `last_lines` is the end of its log."""

    def __init__(self, name: str, log: Path, last_lines: str) -> None:
        super().__init__(f"{name} did not start; the end of {log}:\n{last_lines}")
        self.last_lines = last_lines


class ServerProcess:
    """One started server, and the part of its log that is its own."""

    def __init__(self, name: str, child: subprocess.Popen[bytes], log: Path, log_start: int) -> None:
        self._name = name
        self._child = child
        self._log = log
        self._log_start = log_start

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def is_running(self) -> bool:
        return self._child.poll() is None

    def wait_until(self, ready: Callable[[], bool], *, seconds: float) -> None:
        """Return once `ready` says so. Raises ServerDiedError when the server ends first or takes too long."""
        is_over = wait_for(lambda: not self.is_running or ready(), seconds=seconds)
        if is_over and self.is_running:
            return
        lines = self._last_lines() + (f"\nnot ready after {seconds:.0f} seconds" if self.is_running else "")
        self.end((), seconds=seconds)
        raise ServerDiedError(self._name, self._log, lines)

    def end(self, signals: Sequence[Signals], *, seconds: float) -> None:
        """Send each signal in turn, with so long to leave before the next; SIGKILL comes last."""
        for number in (*signals, SIGKILL):
            self._child.send_signal(number)
            try:
                self._child.wait(seconds)
            except subprocess.TimeoutExpired:
                continue
            return

    def _last_lines(self) -> str:
        with self._log.open("rb") as file:
            file.seek(self._log_start)
            return _last_lines(file.read())


class RunsPrograms(Protocol):
    """Who the servers are to the kernel."""

    def command(self, program: Sequence[str], *, folder: Path, death_signal: Signals) -> list[str]:
        """What to execute so that `program` runs as them in `folder`, and gets `death_signal` when we die."""
        ...


class Launcher:
    """Starts programs under the servers' account, between `open` and `close`.

    The kernel ties the parent-death signal to the thread that started the child, so one thread that lives
    until `close` starts all of them, whichever thread asks.
    """

    def __init__(self) -> None:
        self._account: RunsPrograms | None = None
        self._thread: ThreadPoolExecutor | None = None

    @property
    def is_open(self) -> bool:
        return self._thread is not None

    def open(self, account: RunsPrograms) -> None:
        self._account = account
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="embedded-servers")

    def close(self) -> None:
        """End the thread; on Linux a child that is still there is told to stop by that."""
        if self._thread is not None:
            self._thread.shutdown()
        self._account = self._thread = None

    def start(
        self, program: Sequence[str], *, folder: Path, log: Path, death_signal: Signals, stdin: str = ""
    ) -> ServerProcess:
        """Start a server in its own session, so that Ctrl-C in the terminal does not reach it."""
        _set_aside_when_long(log)
        # A log may quote a member's phone number, so it is readable by us alone.
        log.touch(mode=0o600)
        with log.open("ab") as output:
            log_start = output.tell()
            child = self._spawn(program, folder, output.fileno(), death_signal, stdin)
        return ServerProcess(Path(program[0]).name, child, log, log_start)

    def run(self, program: Sequence[str], *, folder: Path, stdin: str = "") -> None:
        """Run a short program to its end. Raises EmbeddedServerError with what it wrote when it fails."""
        name = Path(program[0]).name
        with self._spawn(program, folder, subprocess.PIPE, SIGKILL, stdin) as child:
            try:
                written, _ = child.communicate(timeout=_RUN_SECONDS)
            except subprocess.TimeoutExpired as error:
                raise EmbeddedServerError(f"{name} was not done after {_RUN_SECONDS} seconds") from error
            finally:
                child.kill()
        if child.returncode != 0:
            raise EmbeddedServerError(f"{name} failed:\n{_last_lines(written)}")

    def _spawn(
        self, program: Sequence[str], folder: Path, output: int, death_signal: Signals, stdin: str
    ) -> subprocess.Popen[bytes]:
        if self._account is None or self._thread is None:
            raise EmbeddedServerError("start the EmbeddedServers first: they hold the data folder")
        command = self._account.command(program, folder=folder, death_signal=death_signal)
        return self._thread.submit(_popen, command, output, stdin).result()


def wait_for(condition: Callable[[], bool], *, seconds: float) -> bool:
    """Whether `condition` came true within so many seconds."""
    give_up_at = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > give_up_at:
            return False
        time.sleep(_POLL_SECONDS)
    return True


def _popen(command: Sequence[str], output: int, stdin: str) -> subprocess.Popen[bytes]:
    with _pipe_holding(stdin) as readable:
        return subprocess.Popen(  # noqa: S603  # our own program and arguments
            command,
            stdin=readable,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=_ENVIRONMENT,
            start_new_session=True,
        )


@contextmanager
def _pipe_holding(text: str) -> Iterator[int]:
    """A pipe filled before it is read: for a few lines, which always fit, and which no file ever holds."""
    readable, writable = os.pipe()
    try:
        os.write(writable, text.encode())
    finally:
        os.close(writable)
    try:
        yield readable
    finally:
        os.close(readable)


def _last_lines(written: bytes) -> str:
    lines = written.decode(errors="replace").strip().splitlines()
    return "\n".join(lines[-_LAST_LINES:]) or "(it wrote nothing)"


def _set_aside_when_long(log: Path) -> None:
    if log.exists() and log.stat().st_size > _LOG_BYTES_MAX:
        log.replace(log.with_suffix(".log.1"))
