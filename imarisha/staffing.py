"""How does the first person of staff get in, and who lost a phone? Done on the machine, by who runs it."""

from dataclasses import dataclass

from core.errors import UnknownStaff
from core.members.names import personal_name
from core.staff import people, store
from core.staff.model import Staff, StaffStatus
from core.staff.permissions import Role
from imarisha.settings import Settings
from imarisha.wiring import System, build

_OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What a person sets up an authenticator with, and codes to write down; its text form shows nothing."""

    uri: str
    """`otpauth://` address, as QR codes hold it."""
    recovery_codes: tuple[str, ...]

    def __repr__(self) -> str:
        return "Enrolment(...)"


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A person to be taken on."""

    email: str
    first_name: str
    last_name: str
    roles: frozenset[Role]


async def add(settings: Settings, newcomer: Newcomer, *, password: str) -> Enrolment:
    """Take a person on. Raises InvalidName, WeakPassword, StaffAlreadyThere, DatabaseUnavailable."""
    first_name, last_name = personal_name(newcomer.first_name), personal_name(newcomer.last_name)
    system = build(settings)
    await system.open()
    try:
        staff = Staff(
            staff_id=system.ids.new("stf"),
            email=newcomer.email.strip().lower(),
            first_name=first_name,
            last_name=last_name,
            status=StaffStatus.ACTIVE,
            roles=newcomer.roles,
        )
        password_hash = await people.hash_password(system.pins, staff, password)
        now = system.clock.now()
        async with system.database.unit_of_work() as session:
            await people.take_on(session, now, staff, password_hash=password_hash, by=_OPERATOR)
            codes = await people.give_recovery_codes(
                session, now, system.admin.keys.factor, staff.staff_id, by=_OPERATOR
            )
        return _enrolment(system, staff, 1, codes)
    finally:
        await system.close()


async def new_factor(settings: Settings, email: str) -> Enrolment:
    """A second factor in place of a lost one, which opens nothing more. Raises UnknownStaff, DatabaseUnavailable."""
    system = build(settings)
    await system.open()
    try:
        now = system.clock.now()
        async with system.database.unit_of_work() as session:
            known = await store.by_email(session, email.strip().lower())
            if known is None:
                raise UnknownStaff
            staff_id = known.staff.staff_id
            serial = await people.replace_factor(session, now, staff_id, by=_OPERATOR)
            codes = await people.give_recovery_codes(
                session, now, system.admin.keys.factor, staff_id, by=_OPERATOR
            )
        return _enrolment(system, known.staff, serial, codes)
    finally:
        await system.close()


def _enrolment(system: System, staff: Staff, serial: int, codes: tuple[str, ...]) -> Enrolment:
    totp = system.admin.keys.factor.totp(staff.staff_id, serial)
    uri = totp.provisioning_uri(name=staff.email, issuer_name=system.settings.institution_name)
    return Enrolment(uri, codes)
