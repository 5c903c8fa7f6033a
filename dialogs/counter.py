"""What does every part of the branch's desk work with? The database, the time, new ids and the texts."""

from core.clock import Clock
from core.db.engine import Database
from core.ids import Ids
from dialogs.catalogue import Catalogue


class Counter:
    """The ground of a desk on the real books; each part adds the use cases of one area."""

    def __init__(self, *, database: Database, clock: Clock, ids: Ids, catalogue: Catalogue) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._catalogue = catalogue

    def new_id(self, prefix: str) -> str:
        """An id minted before a confirm screen is shown, so that a repeated turn is one request."""
        return self._ids.new(prefix)
