"""Somebody of staff who decides on payouts."""

from core.staff import people
from core.staff.model import SignedIn, Staff, StaffStatus
from core.staff.permissions import Role
from tests.core.payouts.till import Till


async def a_checker(till: Till, name: str = "jane", role: Role = Role.MANAGER) -> SignedIn:
    """Taken on, and at the desk."""
    staff = Staff(
        staff_id=f"stf_{name}",
        email=f"{name}@office.example",
        first_name=name.title(),
        last_name="Doe",
        status=StaffStatus.ACTIVE,
        roles=frozenset({role}),
    )
    async with till.database.unit_of_work() as session:
        await people.take_on(session, till.now, staff, password_hash="none", by="test")
    return SignedIn(staff, "ses_1")
