"""What would a log of the running service hold? Everything that is logged meanwhile, in its production form."""

import contextlib
import io
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass

import structlog

from imarisha import logs


@dataclass(frozen=True)
class WrittenLogs:
    """The lines so far."""

    stream: io.StringIO

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.text.splitlines()]

    @property
    def last(self) -> dict[str, object]:
        return self.lines[-1]


@contextlib.contextmanager
def written_logs(level: str = "DEBUG") -> Iterator[WrittenLogs]:
    """Logging as a process sets it up, into memory; put back as it was at the end."""
    root, stream = logging.getLogger(), io.StringIO()
    handlers, old_level = root.handlers[:], root.level
    with contextlib.redirect_stderr(stream):
        logs.configure(level)
    # A logger that keeps this set-up would spoil what other tests capture.
    structlog.configure(cache_logger_on_first_use=False)
    try:
        yield WrittenLogs(stream)
    finally:
        root.handlers[:] = handlers
        root.setLevel(old_level)
        structlog.reset_defaults()
