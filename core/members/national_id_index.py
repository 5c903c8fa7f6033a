"""Whose national id is this, without opening any? By the keyed prints beside the sealed numbers."""

from core.db.engine import ReadSession
from core.errors import InvalidNationalId
from core.members import identity_store
from core.members.national_id import NationalId
from core.members.sealing import FieldSealer


class NationalIdIndex:
    """Finds members by a number that somebody typed."""

    def __init__(self, sealer: FieldSealer) -> None:
        self._sealer = sealer

    async def holder(self, session: ReadSession, number: str) -> str | None:
        """The id of the one member with this number; None for nobody, for several, and for what is no number."""
        try:
            prints = self._sealer.prints(NationalId.parse(number).number)
        except InvalidNationalId:
            return None
        found = await identity_store.members_with_print(session, prints)
        return found[0] if len(found) == 1 else None
