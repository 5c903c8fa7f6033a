"""How does the sandbox survive a kill? Every event is appended to a file before anything follows from it.

One JSON object per line. A line reaches the operating system in one write, so the death of the process loses
nothing that was answered; the machine's own death may, which a sandbox can live with.
"""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from integrations.sandbox.events import Event


class Journal:
    """The file at `path`, made with its folder when first written to."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._encoder = msgspec.json.Encoder()
        self._decoder = msgspec.json.Decoder(Event)

    def replay(self) -> list[Event]:
        """All events so far. A last line cut short by a kill is removed: nobody was answered on it."""
        if not self._path.exists():
            return []
        content = self._path.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        if len(whole) < len(content):
            with self._path.open("r+b") as file:
                file.truncate(len(whole))
        return [self._decoder.decode(line) for line in whole.splitlines()]

    def append(self, events: Sequence[Event]) -> None:
        """Write the events in one piece, so that none of them is kept without the others."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        lines = b"".join(self._encoder.encode(event) + b"\n" for event in events)
        # Readable by nobody else: phone numbers stand in it.
        if not self._path.exists():
            self._path.touch(mode=0o600)
        with self._path.open("ab", buffering=0) as file:
            file.write(lines)
