"""What do we hold on a member? The answer that the law gives everybody a right to."""

from dataclasses import replace

from core.db.engine import ReadSession
from core.members.national_id import NationalId
from core.members.sealing import FieldSealer
from core.membership import store
from core.membership.model import HeldData


async def held_data(session: ReadSession, sealer: FieldSealer, *, member_id: str) -> HeldData:
    """The particulars on file, the national id masked: a screen may be read over a shoulder. Raises UnknownMember."""
    data, sealed = await store.held(session, member_id)
    if sealed is None:
        return data
    number = NationalId(sealer.open(sealed, owner=member_id))
    return replace(data, national_id_masked=number.masked)
