"""Who works for the demo institution? The people of the contract; their password is public, so only a demo has them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from core.db.engine import WriteSession
from core.ids import Ids
from core.members.pin_checks import PinChecks
from core.staff import people
from core.staff.model import Staff, StaffStatus
from core.staff.permissions import Role

PASSWORD: Final = "demo-Password-1"  # noqa: S105  # printed in the README
_FOUNDER: Final = "demo"


@dataclass(frozen=True)
class Hired:
    """A person of the demo's staff."""

    email: str
    first_name: str
    last_name: str
    role: Role


ADMIN: Final = Hired("admin@demo.imarisha", "Wairimu", "Gathoni", Role.ADMIN)
LOANS: Final = Hired("loans@demo.imarisha", "Kiplagat", "Bett", Role.LOAN_OFFICER)
TELLER: Final = Hired("teller@demo.imarisha", "Halima", "Noor", Role.TELLER)
EVERYBODY: Final = (ADMIN, LOANS, TELLER)


async def hire(ids: Ids, checks: PinChecks) -> list[tuple[Staff, str]]:
    """The demo's staff with the hashes of their password, which take a while to make."""
    hired = [
        Staff(
            staff_id=ids.new("stf"),
            email=each.email,
            first_name=each.first_name,
            last_name=each.last_name,
            status=StaffStatus.ACTIVE,
            roles=frozenset({each.role}),
        )
        for each in EVERYBODY
    ]
    return [(staff, await people.hash_password(checks, staff, PASSWORD)) for staff in hired]


async def take_on(session: WriteSession, now: datetime, hired: list[tuple[Staff, str]]) -> None:
    """Add them in the transaction that founds the institution."""
    for staff, password_hash in hired:
        await people.take_on(session, now, staff, password_hash=password_hash, by=_FOUNDER)
