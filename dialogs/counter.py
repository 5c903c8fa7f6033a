"""What does every part of the branch's desk work with? The database, the time, new ids and the texts."""

from core.clock import Clock
from core.db.engine import Database
from core.ids import Ids
from dialogs.catalogue import Catalogue


class Counter:
    """The ground of a desk on the real books; the desk as a whole sets it, and each part adds one area."""

    _database: Database
    _clock: Clock
    _ids: Ids
    _catalogue: Catalogue

    def new_id(self, prefix: str) -> str:
        """An id minted before a confirm screen is shown, so that a repeated turn is one request."""
        return self._ids.new(prefix)
