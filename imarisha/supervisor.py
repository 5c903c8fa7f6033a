"""How do several processes run as one? Children that are started again when they die and stopped in order."""

import asyncio
import os
import signal
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import structlog

_log = structlog.get_logger(__name__)

STOP_SECONDS = 10.0
_PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0)
_STEADY_SECONDS = 30.0

_ORPHAN_SECONDS = 3.0
"""How long a child whose supervisor was killed may take to end: its successor wants the same port and files."""


@dataclass(frozen=True)
class Child:
    """One `imarisha` command to keep running. It inherits the open files `inherits`, by number."""

    name: str
    arguments: Sequence[str]
    inherits: Sequence[int] = ()


class Supervisor:
    """Keeps children running until told to stop. A child that ran for a while is started again at once."""

    def __init__(self, children: Sequence[Child], environment: Mapping[str, str]) -> None:
        self._children = children
        self._environment = dict(environment)
        self._running: dict[str, asyncio.subprocess.Process] = {}
        self._deaths = dict.fromkeys((child.name for child in children), 0)

    def deaths(self, name: str) -> int:
        """How often this child has ended so far."""
        return self._deaths[name]

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set; then every child is asked to end, and killed when it does not."""
        keepers = [asyncio.create_task(self._keep(child)) for child in self._children]
        await stop.wait()
        for keeper in keepers:
            keeper.cancel()
        await asyncio.gather(*keepers, return_exceptions=True)
        await asyncio.gather(*(self._end(process) for process in self._running.values()))

    async def _keep(self, child: Child) -> None:
        loop = asyncio.get_running_loop()
        quick_deaths = 0
        while True:
            started = loop.time()
            reason = await self._live(child)
            self._deaths[child.name] += 1
            quick_deaths = quick_deaths + 1 if loop.time() - started < _STEADY_SECONDS else 0
            pause = _PAUSES[min(max(quick_deaths - 1, 0), len(_PAUSES) - 1)]
            _log.warning("child ended, starting it again", child=child.name, why=reason, after_seconds=pause)
            await asyncio.sleep(pause)

    async def _live(self, child: Child) -> str:
        """One life of a child, from its start to its end; what ended it."""
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "imarisha.cli",
                *child.arguments,
                "--child",
                env=self._environment,
                pass_fds=child.inherits,
                # Ctrl-C in the terminal reaches only us, so that the children end in our order.
                start_new_session=True,
                stdin=asyncio.subprocess.PIPE,
            )
        except OSError as error:
            return f"could not be started: {error}"
        self._running[child.name] = process
        return f"exit code {await process.wait()}"

    async def _end(self, process: asyncio.subprocess.Process) -> None:
        if process.returncode is not None:
            return
        process.terminate()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


def end_with_parent() -> None:
    """Called by a child: end in order when the supervisor is gone, however it died.

    Its end of our standard input closes then, on every platform and also for a killed process.
    """

    def wait() -> None:
        # Not through sys.stdin: its lock can't be held while the interpreter shuts down.
        while os.read(sys.stdin.fileno(), 1024):
            pass
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(_ORPHAN_SECONDS)
        os._exit(1)

    threading.Thread(target=wait, name="parent watch", daemon=True).start()
