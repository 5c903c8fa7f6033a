"""What outside of us may be down or busy?"""

from dataclasses import dataclass
from typing import ClassVar

from core.errors.tree import Trouble


@dataclass(eq=False)
class DatabaseUnavailable(Trouble):
    """PostgreSQL could not be reached, or the connection broke.

    `in_doubt` is true when a commit may have gone through before the connection was lost.
    """

    in_doubt: bool
    code: ClassVar[str] = "trouble.database"


@dataclass(eq=False)
class ServiceBusy(Trouble):
    """A bounded resource (PIN checks, pool) is full; nothing was tried."""

    what: str
    code: ClassVar[str] = "trouble.busy"
