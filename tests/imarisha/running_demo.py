"""How does a test run `imarisha demo`? As a program of its own, which it may kill piece by piece."""

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import psutil

from imarisha.embedded import EmbeddedServers
from imarisha.embedded_server import is_free

START_SECONDS = 60
END_SECONDS = 20


def free_port() -> int:
    """Below the ports that the system lends to outgoing connections, and those of the private servers."""
    while not is_free(port := random.randrange(12_000, 19_000)):
        pass
    return port


def until(condition: Callable[[], bool], what: str, seconds: float = START_SECONDS) -> None:
    give_up = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > give_up:
            raise AssertionError(f"after {seconds:.0f} s still not: {what}")
        time.sleep(0.02)


def imarisha(*arguments: str, seconds: float = START_SECONDS) -> subprocess.CompletedProcess[str]:
    """One command, run to its end."""
    return subprocess.run(
        [sys.executable, "-m", "imarisha.cli", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds,
    )


@dataclass(frozen=True)
class Books:
    """What the database of a demo says about one payment."""

    payment_id: str
    state: str
    receipt: str | None
    provider_request_id: str | None
    repayments: int
    """How often it was posted."""
    notices: tuple[str, ...]
    """The states of the messages about it."""


class RunningDemo:
    """The demo in one folder at one port, from start to stop, and started again."""

    def __init__(self, folder: Path, *, port: int | None = None) -> None:
        self.folder = folder
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.printed = folder.with_suffix(".out")
        self.log = folder.with_suffix(".log")
        self._program: subprocess.Popen[bytes] | None = None

    @property
    def program(self) -> subprocess.Popen[bytes]:
        assert self._program is not None
        return self._program

    def start(self) -> None:
        """Return once the ready line is printed."""
        self.begin()
        until(lambda: b"\n" in self.printed.read_bytes() or self.program.poll() is not None, "ready")
        assert self.program.poll() is None, self.log.read_text()

    def begin(self) -> None:
        """Start it and wait for nothing."""
        command = [sys.executable, "-m", "imarisha.cli", "demo", "--members", "8"]
        command += ["--port", str(self.port), "--data-dir", str(self.folder)]
        with self.printed.open("wb") as printed, self.log.open("ab") as log:
            self._program = subprocess.Popen(command, stdout=printed, stderr=log)

    def family(self) -> list[psutil.Process]:
        """The demo's own process and all that came from it."""
        root = psutil.Process(self.program.pid)
        return [root, *root.children(recursive=True)]

    def child(self, name: str) -> psutil.Process | None:
        """The present web or worker process; None between two of them."""
        for process in psutil.Process(self.program.pid).children():
            try:
                command = process.cmdline()
            except (psutil.NoSuchProcess, psutil.ZombieProcess):
                continue
            if "--child" in command and name in command:
                return process
        return None

    def server(self, name: str) -> psutil.Process | None:
        """The demo's postgres or redis-server; None between two of them."""
        for process in psutil.Process(self.program.pid).children():
            if process.name().startswith(name) and process.status() != psutil.STATUS_ZOMBIE:
                return process
        return None

    def kill_child(self, name: str) -> None:
        """SIGKILL, and wait until the next one is there (it may not be ready yet)."""
        until(lambda: self.child(name) is not None, f"{name} runs")
        victim = self.child(name)
        assert victim is not None
        victim.kill()
        until(lambda: not victim.is_running() or victim.status() == psutil.STATUS_ZOMBIE, f"{name} is dead")
        until(lambda: (new := self.child(name)) is not None and new.pid != victim.pid, f"{name} is back")

    def kill(self) -> None:
        """SIGKILL to the demo alone; whatever it started must end by itself."""
        family = self.family()
        self.program.kill()
        self.program.wait()
        assert_all_gone(family)

    def stop(self) -> None:
        """SIGTERM, as an init system sends it; returns when everything is gone."""
        family = self.family()
        self.program.send_signal(signal.SIGTERM)
        assert self.program.wait(END_SECONDS) == 0
        assert_all_gone(family, seconds=1)

    def end(self) -> None:
        """Whatever happened, leave nothing behind."""
        if self._program is not None and self._program.poll() is None:
            self.kill()

    async def books(self, payment_id: str) -> Books:
        """The payment, its postings and its messages, as they are committed."""
        connection = await asyncpg.connect(EmbeddedServers(self.folder).running_database_url())
        try:
            payment = await connection.fetchrow("SELECT * FROM payment WHERE id = $1", payment_id)
            repayments = await connection.fetchval(
                "SELECT count(*) FROM loan_event WHERE payment_id = $1", payment_id
            )
            notices = await connection.fetch(
                "SELECT state FROM notice WHERE key LIKE 'payment:' || $1 || ':%'", payment_id
            )
        finally:
            await connection.close()
        assert payment is not None
        return Books(
            payment_id,
            payment["state"],
            payment["receipt"],
            payment["provider_request_id"],
            repayments,
            tuple(row["state"] for row in notices),
        )

    async def ask(self, sql: str, *parameters: object) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(EmbeddedServers(self.folder).running_database_url())
        try:
            return await connection.fetch(sql, *parameters)
        finally:
            await connection.close()


def assert_all_gone(processes: list[psutil.Process], seconds: float = END_SECONDS) -> None:
    _, alive = psutil.wait_procs(processes, timeout=seconds)
    left = [process for process in alive if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]
    assert left == []
