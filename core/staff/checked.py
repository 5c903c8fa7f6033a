"""What is an action that needs two people? Its facts, who may ask, who may decide, and what happens then."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Generic, Protocol, TypeVar

import msgspec

from core.db.engine import ReadSession, WriteSession
from core.ids import Ids
from core.staff.permissions import Permission

FactsT = TypeVar("FactsT", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True)
class Decision:
    """In whose name a request is carried out or refused, and when."""

    request_id: str
    maker: str
    checker: str
    at: datetime
    ids: Ids


class Action(Protocol):
    """A checked action as the one who decides meets it: its facts are JSON."""

    @property
    def code(self) -> str: ...

    @property
    def approve(self) -> Permission: ...

    async def carry_out(self, session: WriteSession, decision: Decision, facts: bytes) -> dict[str, str]:
        """Do it in this transaction; what it made, by name. Raises the refusals of what it does."""
        ...

    async def turn_down(self, session: WriteSession, decision: Decision, facts: bytes) -> None:
        """Do what a refusal asks for, in this transaction."""
        ...


async def _nothing(session: WriteSession, decision: Decision, facts: FactsT) -> None:
    """Most refusals leave nothing to be done."""


@dataclass(frozen=True, slots=True)
class CheckedAction(Generic[FactsT]):
    """One action. `look` refuses what could not be carried out as things stand, and names the subject.

    `do` runs in the transaction of the approval: it checks everything again, as days may lie between.
    """

    code: str
    facts: type[FactsT]
    propose: Permission
    approve: Permission
    life: timedelta
    look: Callable[[ReadSession, datetime, FactsT], Awaitable[str]]
    do: Callable[[WriteSession, Decision, FactsT], Awaitable[dict[str, str]]]
    undo: Callable[[WriteSession, Decision, FactsT], Awaitable[None]] = _nothing

    async def carry_out(self, session: WriteSession, decision: Decision, facts: bytes) -> dict[str, str]:
        return await self.do(session, decision, msgspec.json.decode(facts, type=self.facts))

    async def turn_down(self, session: WriteSession, decision: Decision, facts: bytes) -> None:
        await self.undo(session, decision, msgspec.json.decode(facts, type=self.facts))


Actions = Mapping[str, Action]


def by_code(actions: Iterable[Action]) -> Actions:
    """The actions by their codes, which are different."""
    listed = list(actions)
    found = {action.code: action for action in listed}
    if len(found) != len(listed):
        raise AssertionError("two checked actions have one code")
    return MappingProxyType(found)
