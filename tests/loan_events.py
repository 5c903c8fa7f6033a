"""What others do while a member asks for a loan: guarantors answer, staff decide. Events of transcripts."""

from collections.abc import Awaitable, Callable

from core.lending.applications.appraise import appraise
from core.lending.applications.model import Application, ApplicationState
from core.lending.applications.store import queue
from core.lending.applications.vote import vote
from core.staff import store as staff
from imarisha.institution import MWANGI, OTIENO, Person
from tests.world import World

_ADMIN, _OFFICER = "admin@demo.imarisha", "loans@demo.imarisha"


async def _call(world: World, person: Person, *inputs: str) -> None:
    """A whole call of somebody else."""
    phone = world.phone(person.phone)
    await phone.dial("*384*96#")
    for typed in (person.pin or "", *inputs):
        await phone.answer(typed)
    await phone.drop()


async def _otieno_accepts(world: World, _number: str) -> None:
    await _call(world, OTIENO, "6", "3", "1", "1", "1", "1")


async def _mwangi_declines(world: World, _number: str) -> None:
    await _call(world, MWANGI, "6", "3", "1", "1", "3", "1")


async def _otieno_asks_mwangi(world: World, _number: str) -> None:
    await _call(
        world,
        OTIENO,
        *["2", "1", "1", "50000", "12", "1"],
        OTIENO.pin or "",
        *["1", "0711000006", "20000", "1", "000"],
    )


async def _mwangi_asks_otieno(world: World, _number: str) -> None:
    await _call(
        world,
        MWANGI,
        *["2", "1", "1", "100000", "12", "1"],
        MWANGI.pin or "",
        *["1", "0711000002", "20000", "1", "000"],
    )


async def _newest(world: World) -> Application:
    async with world.system.database.reading() as session:
        open_ones = await queue(session, states=list(ApplicationState), after="", most=50)
    return open_ones[-1]


async def _staff_approve(world: World, _number: str) -> None:
    application, now = await _newest(world), world.clock.now()
    async with world.system.database.unit_of_work() as session:
        known = {person.email: person for person in await staff.everybody(session)}
        await appraise(
            session,
            application_id=application.application_id,
            amount=application.asked,
            instalments=application.asked_instalments,
            pay=None,
            finding="Saves every month.",
            by=known[_OFFICER].staff_id,
            now=now,
        )
        await vote(
            session,
            world.system.bench.ids,
            application_id=application.application_id,
            voter=known[_ADMIN],
            is_for=True,
            reason="Within the policy.",
            now=now,
        )


async def _a_minute(world: World, _number: str) -> None:
    await world.pass_time(minutes=1)


EVENTS: dict[str, Callable[[World, str], Awaitable[None]]] = {
    "Otieno guarantees all that is asked": _otieno_accepts,
    "Mwangi declines to guarantee": _mwangi_declines,
    "Otieno asks Mwangi to guarantee 20,000.00": _otieno_asks_mwangi,
    "Mwangi asks Otieno to guarantee 20,000.00": _mwangi_asks_otieno,
    "staff approve the application": _staff_approve,
    "a minute passes": _a_minute,
}
