"""How do several processes run as one? Children that are started again when they die and stopped in order."""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import structlog

_log = structlog.get_logger(__name__)

STOP_SECONDS = 10.0
_PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0)
_STEADY_SECONDS = 30.0


@dataclass(frozen=True)
class Child:
    """One `imarisha` command to keep running."""

    name: str
    arguments: Sequence[str]


class Supervisor:
    """Keeps children running until told to stop. A child that ran for a while is started again at once."""

    def __init__(self, children: Sequence[Child], environment: Mapping[str, str]) -> None:
        self._children = children
        self._environment = dict(environment)
        self._running: dict[str, asyncio.subprocess.Process] = {}

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
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "imarisha.cli",
                *child.arguments,
                "--child",
                env=self._environment,
                # Ctrl-C in the terminal reaches only us, so that the children end in our order.
                start_new_session=True,
                stdin=asyncio.subprocess.PIPE,
            )
            self._running[child.name] = process
            code = await process.wait()
            quick_deaths = quick_deaths + 1 if loop.time() - started < _STEADY_SECONDS else 0
            pause = _PAUSES[min(quick_deaths, len(_PAUSES) - 1)]
            _log.warning("child ended, starting it again", child=child.name, code=code, after_seconds=pause)
            await asyncio.sleep(pause)

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

    threading.Thread(target=wait, name="parent watch", daemon=True).start()
