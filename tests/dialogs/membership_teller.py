"""The part of the desk in memory where people join and change how they are known."""
# ruff: noqa: ARG002 - a stand-in takes what the desk takes, and needs little of it

from datetime import date

from core.errors import CodeExpired, ImarishaError, NotYourself, TooManyLinks, WeakPin, WrongCode
from dialogs.membership_desk import DataHeld, Joined, Joining, MembershipDesk

CODE = "246813"
NATIONAL_ID = "24681357"
BIRTH_YEAR = 1988


class MembershipTeller(MembershipDesk):
    """Does what a MembershipDesk promises, as far as a conversation can tell; `asked` is what reached it."""

    failing: dict[str, ImarishaError]

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []
        self._changes = 0
        self._proved: set[str] = set()

    async def ask_to_join(self, phone: str, joining: Joining, channel: str) -> Joined:
        self.asked.append(("join", phone, joining.first_name, joining.last_name, joining.language, channel))
        return Joined(f"mbr_{phone}", joining.first_name)

    def new_change_id(self) -> str:
        self._changes += 1
        return f"pch_{self._changes}"

    async def ask_phone_change(self, change_id: str, member_id: str, new: str) -> None:
        self.asked.append(("code", change_id, member_id, new))

    async def prove_new_phone(self, change_id: str, member_id: str, code: str) -> None:
        self.asked.append(("prove", change_id, member_id))
        if code != CODE:
            raise WrongCode(tries_left=2)
        self._proved.add(change_id)

    async def change_phone(self, change_id: str, member_id: str) -> None:
        self._may("change_phone")
        if change_id not in self._proved:
            raise CodeExpired
        self.asked.append(("change", change_id, member_id))

    async def propose_new_pin(self, member_id: str, pin: str) -> None:
        self._refuse_weak(pin)

    async def change_pin(self, member_id: str, pin: str, attempt: str) -> None:
        self.asked.append(("pin", member_id))

    async def check_identity(self, member_id: str, national_id: str, birth_year: int) -> bool:
        self._may("check_identity")
        if (national_id, birth_year) != (NATIONAL_ID, BIRTH_YEAR):
            raise NotYourself(tries_left=2)
        return True

    async def propose_reset_pin(self, member_id: str, pin: str) -> None:
        self._refuse_weak(pin)

    async def reset_pin(self, member_id: str, pin: str) -> None:
        self.asked.append(("reset", member_id))

    async def ask_staff(self, member_id: str, kind: str, words: str) -> None:
        self.asked.append(("staff", member_id, kind, words))

    def new_link_id(self) -> str:
        return "lnk_1"

    async def send_statement(self, link_id: str, member_id: str, days: int) -> None:
        if any(each[:2] == ("statement", link_id) for each in self.asked):
            raise TooManyLinks
        self.asked.append(("statement", link_id, member_id, str(days)))

    async def held_data(self, member_id: str) -> DataHeld:
        return DataHeld("M00001", "Amina Wanjiru", "0711***001", "", date(1988, 3, 14), date(2024, 1, 9))

    def _refuse_weak(self, pin: str) -> None:
        if pin == "1234":
            raise WeakPin

    def _may(self, name: str) -> None:
        if name in self.failing:
            raise self.failing[name]
