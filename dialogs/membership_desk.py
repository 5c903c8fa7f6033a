"""What may a conversation ask about who somebody is? The part of the counter that joins and changes members."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Joining:
    """What somebody unknown says of themselves."""

    first_name: str
    last_name: str
    national_id: str
    birth_date: date
    language: str


@dataclass(frozen=True, slots=True)
class Joined:
    """Who asked to join, as the conversation goes on with them."""

    member_id: str
    first_name: str


@dataclass(frozen=True, slots=True)
class DataHeld:
    """What is held on a member, for their eyes."""

    number: str
    name: str
    phone: str
    """Masked."""
    national_id: str
    """Masked; empty where none is on file."""
    birth_date: date
    joined_on: date


class MembershipDesk(Protocol):
    """Any method may raise DatabaseUnavailable."""

    async def ask_to_join(self, phone: str, joining: Joining, channel: str) -> Joined:
        """Write down who asks; consent was given. Raises InvalidName, NotOfAge, AlreadyMember, RequestWaits."""
        ...

    def new_change_id(self) -> str:
        """An id minted before a change is asked for, so that a repeated turn is one change."""
        ...

    async def ask_phone_change(self, change_id: str, member_id: str, new: str) -> None:
        """Send a code to the new number (E.164). Raises SamePhone, TooManyCodes."""
        ...

    async def prove_new_phone(self, change_id: str, member_id: str, code: str) -> None:
        """Check the code. Raises WrongCode, CodeExpired."""
        ...

    async def change_phone(self, change_id: str, member_id: str) -> None:
        """The proved number counts from now on. Raises CodeExpired, PhoneTaken."""
        ...

    async def propose_new_pin(self, member_id: str, pin: str) -> None:
        """First entry of another PIN; the old one was right. Raises WeakPin, ServiceBusy."""
        ...

    async def change_pin(self, member_id: str, pin: str, attempt: str) -> None:
        """Second entry. Raises PinMismatch (propose again), ServiceBusy."""
        ...

    async def check_identity(self, member_id: str, national_id: str, birth_year: int) -> bool:
        """Whether a new PIN may be chosen now; False where staff were asked to help instead.

        Raises InvalidNationalId, NotYourself, AskStaff.
        """
        ...

    async def propose_reset_pin(self, member_id: str, pin: str) -> None:
        """First entry after the right answers. Raises AskStaff, WeakPin, ServiceBusy."""
        ...

    async def reset_pin(self, member_id: str, pin: str) -> None:
        """Second entry. Raises AskStaff, PinMismatch, ServiceBusy."""
        ...

    async def ask_staff(self, member_id: str, kind: str, words: str) -> None:
        """Put `call_back`, `correct_data` or `delete_data` on the staff's list, once until it is answered."""
        ...

    def new_link_id(self) -> str:
        """An id minted before a link is asked for."""
        ...

    async def send_statement(self, link_id: str, member_id: str, days: int) -> None:
        """Send a link to the statement of so many days by SMS. Raises TooManyLinks."""
        ...

    async def held_data(self, member_id: str) -> DataHeld:
        """What is held on the member."""
        ...
