"""The counter for who somebody is, on the real books: each method is one use case of core."""

from core.admission import Applicant
from core.clock import Clock
from core.db.engine import Database
from core.ids import Ids
from core.members.model import Language
from core.members.national_id import NationalId
from core.members.pin_checks import PinChecks
from core.membership import (
    held_data,
    phone_change,
    pin_change,
    pin_reset,
    requests,
    statement_links,
)
from core.membership.joining import Where, ask_to_join
from core.membership.model import RequestKind
from core.membership.office import MembershipOffice
from core.membership.pin_reset import ResetWay
from core.phone import Msisdn
from dialogs.membership_desk import DataHeld, Joined, Joining, MembershipDesk


class BranchMembership(MembershipDesk):
    """Opens one transaction per call."""

    def __init__(
        self, *, database: Database, clock: Clock, ids: Ids, pins: PinChecks, office: MembershipOffice
    ) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._pins = pins
        self._office = office

    async def ask_to_join(self, phone: str, joining: Joining, channel: str) -> Joined:
        member = await ask_to_join(
            self._database,
            self._clock,
            self._ids,
            self._office.sealer,
            Applicant(
                first_name=joining.first_name,
                last_name=joining.last_name,
                phone=Msisdn(phone),
                language=Language(joining.language),
                birth_date=joining.birth_date,
                national_id=NationalId.parse(joining.national_id),
            ),
            Where(self._office.institution, channel),
        )
        return Joined(member.member_id, member.first_name)

    def new_change_id(self) -> str:
        return self._ids.new("pch")

    async def ask_phone_change(self, change_id: str, member_id: str, new: str) -> None:
        await phone_change.ask_phone_change(
            self._database,
            self._clock,
            self._ids,
            change_id=change_id,
            member_id=member_id,
            new=Msisdn(new),
        )

    async def prove_new_phone(self, change_id: str, member_id: str, code: str) -> None:
        await phone_change.prove_new_phone(
            self._database,
            self._clock,
            self._office.codes,
            change_id=change_id,
            member_id=member_id,
            code=code,
        )

    async def change_phone(self, change_id: str, member_id: str) -> None:
        await phone_change.change_phone(
            self._database, self._clock, self._ids, change_id=change_id, member_id=member_id
        )

    async def propose_new_pin(self, member_id: str, pin: str) -> None:
        await pin_change.propose_pin(self._database, self._clock, self._pins, member_id=member_id, pin=pin)

    async def change_pin(self, member_id: str, pin: str, attempt: str) -> None:
        await pin_change.change_pin(
            self._database,
            self._clock,
            self._ids,
            self._pins,
            member_id=member_id,
            pin=pin,
            attempt=attempt,
        )

    async def check_identity(self, member_id: str, national_id: str, birth_year: int) -> bool:
        way = await pin_reset.check_identity(
            self._database,
            self._clock,
            self._ids,
            self._office.sealer,
            member_id=member_id,
            national_id=NationalId.parse(national_id),
            birth_year=birth_year,
        )
        return way is ResetWay.CHOOSE

    async def propose_reset_pin(self, member_id: str, pin: str) -> None:
        await pin_reset.propose_reset_pin(
            self._database, self._clock, self._pins, member_id=member_id, pin=pin
        )

    async def reset_pin(self, member_id: str, pin: str) -> None:
        await pin_reset.reset_pin(
            self._database, self._clock, self._ids, self._pins, member_id=member_id, pin=pin
        )

    async def ask_staff(self, member_id: str, kind: str, words: str) -> None:
        await requests.ask_staff(
            self._database,
            self._clock,
            self._ids,
            member_id=member_id,
            kind=RequestKind(kind),
            words=words,
        )

    def new_link_id(self) -> str:
        return self._ids.new("lnk")

    async def send_statement(self, link_id: str, member_id: str, days: int) -> None:
        await statement_links.send_statement(
            self._database, self._clock, self._ids, link_id=link_id, member_id=member_id, days=days
        )

    async def held_data(self, member_id: str) -> DataHeld:
        async with self._database.reading() as session:
            data = await held_data.held_data(session, self._office.sealer, member_id=member_id)
        return DataHeld(
            number=data.number,
            name=f"{data.first_name} {data.last_name}",
            phone=data.phone.masked,
            national_id=data.national_id_masked,
            birth_date=data.birth_date,
            joined_on=data.joined_on,
        )
