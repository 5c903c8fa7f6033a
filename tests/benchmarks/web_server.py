"""How does a benchmark run a web application, and the caller that measures it? Each in a process on its own core.

Where the system lets a process be kept on a core, the server has the first and the caller the last; PostgreSQL and
Redis go where the system puts them.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from imarisha.embedded_process import wait_for
from tests.benchmarks.lines import HOST

_READY_SECONDS = 30.0


@contextmanager
def served(application: str, environment: Mapping[str, str], *, keep_on_core: bool = True) -> Iterator[int]:
    """One uvicorn process with this application (`module:factory`); the port it answers on."""
    port = _free_port()
    command = (
        *(
            sys.executable,
            "-m",
            "uvicorn",
            "--factory",
            application,
            "--port",
            str(port),
        ),
        *("--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning"),
        *("--no-server-header", "--no-date-header", "--no-proxy-headers"),
    )
    process = subprocess.Popen(command, env={**os.environ, **environment})
    try:
        if keep_on_core:
            keep_on(process.pid, first=True)
        if not wait_for(lambda: _is_answering(process, port), seconds=_READY_SECONDS):
            raise AssertionError(f"{application} did not start within {_READY_SECONDS:.0f} s")
        yield port
    finally:
        process.terminate()
        process.wait(10)


def run_caller(module: str, plan: bytes, *, keep_on_core: bool = True) -> bytes:
    """A load generator with `plan` on stdin; what it prints."""
    caller = subprocess.Popen([sys.executable, "-m", module], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    if keep_on_core:
        keep_on(caller.pid, first=False)
    told, _ = caller.communicate(plan)
    if caller.returncode != 0:
        raise AssertionError(f"{module} ended with {caller.returncode}")
    return told


def keep_on(pid: int, *, first: bool) -> None:
    """Keep a process on the first or the last core, where there are several and the system knows how."""
    if hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(pid, {cores[0] if first else cores[-1]})


def _free_port() -> int:
    with socket.socket() as candidate:
        candidate.bind((HOST, 0))
        port: int = candidate.getsockname()[1]
    return port


def _is_answering(process: "subprocess.Popen[bytes]", port: int) -> bool:
    if process.poll() is not None:
        raise AssertionError(f"uvicorn ended with {process.returncode}")
    try:
        with socket.create_connection((HOST, port), timeout=1):
            return True
    except OSError:
        return False
