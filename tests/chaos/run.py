"""One run: each trial's payments begin while its faults last, all come to an end, the books are compared."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

from core.errors import DatabaseUnavailable
from core.ledger import balances
from core.receiving.service import Matching
from core.reconciliation.service import Receiving, reconcile
from integrations.sandbox.results import CANCELLED, PAID
from integrations.statements.files import open_statement
from tests.chaos.books import ours, theirs, unfinished
from tests.chaos.house import House
from tests.chaos.traffic import AskedByPrompt, PaidFromOwnMenu, Payer, Sort, TakenOut, payers
from tests.chaos.trials import TRIALS, Blow, Trial
from tests.chaos.verdict import Tally, judge

_AT_ONCE = 24
_BLOW_SECONDS = 1.5
_PRESS_SECONDS = 0.05
_LOOK_SECONDS = 1.0
_TRIAL_SECONDS_MAX = 30.0
"""After the last payment of a trial began; what isn't over by then ends beside the next trials."""
_DRAIN_SECONDS_MAX = 240.0
_SORTS: tuple[Sort, ...] = (AskedByPrompt(), PaidFromOwnMenu(), TakenOut())


@dataclass(frozen=True, slots=True)
class Plan:
    """How much, and drawn from what."""

    payments: int
    seed: int
    trials: tuple[Trial, ...] = TRIALS


@dataclass(slots=True)
class Outcome:
    """What is told at the end."""

    tallies: dict[str, Tally] = field(default_factory=dict)
    received: int = 0
    """Payments of which only the statement told."""
    differences: list[str] = field(default_factory=list)
    """What `verify-ledger` would say."""

    @property
    def is_clean(self) -> bool:
        return not self.differences and all(tally.is_clean for tally in self.tallies.values())


async def live_through(house: House, plan: Plan, folder: Path) -> Outcome:
    """All trials, the end of every payment, and the verdict."""
    outcome = Outcome({trial.name: Tally() for trial in plan.trials})
    everybody = await payers(house)
    choice = random.Random(plan.seed)
    trial_of: dict[str, str] = {}
    async with _people_pressing(house, plan.seed):
        for number, trial in enumerate(plan.trials):
            share = plan.payments * (number + 1) // len(plan.trials) - plan.payments * number // len(
                plan.trials
            )
            house.sandbox.faults.set({"seed": plan.seed, **trial.dials})
            async with _struck(house, trial.blows):
                begun = await _begin(house, share, everybody, choice)
                await _ended(house, begun, _TRIAL_SECONDS_MAX)
            trial_of |= dict.fromkeys(begun, trial.name)
            outcome.tallies[trial.name].payments = len(begun)
        house.sandbox.faults.set({})
        await _ended(house, list(trial_of), _DRAIN_SECONDS_MAX)
    outcome.received = await _read_statement(house, folder)
    await _compare(house, outcome, trial_of)
    return outcome


async def _begin(house: House, count: int, everybody: Sequence[Payer], choice: random.Random) -> list[str]:
    """So many payments, a few at once, each by another member than the ones beside it."""
    begun: list[str] = []
    wanted = iter(range(count))
    turns = cycle(choice.sample(everybody, len(everybody)))
    sorts = cycle(_SORTS)

    async def hand() -> None:
        for _ in wanted:
            payment_id = None
            while payment_id is None:
                try:
                    payment_id = await next(sorts).begin(house, next(turns), choice)
                except DatabaseUnavailable:
                    await asyncio.sleep(_PRESS_SECONDS)
            begun.append(payment_id)
            await asyncio.sleep(_PRESS_SECONDS)

    await asyncio.gather(*(hand() for _ in range(_AT_ONCE)))
    return begun


async def _ended(house: House, payments: Sequence[str], seconds: float) -> None:
    """Wait until all are final, or as long as that."""
    try:
        async with asyncio.timeout(seconds):
            while True:
                try:
                    async with house.system.database.reading() as session:
                        if not await unfinished(session, payments):
                            return
                except DatabaseUnavailable:
                    pass
                await asyncio.sleep(_LOOK_SECONDS)
    except TimeoutError:
        return


@asynccontextmanager
async def _struck(house: House, blows: Sequence[Blow]) -> AsyncIterator[None]:
    async def strike() -> None:
        for blow in cycle(blows):
            await asyncio.sleep(_BLOW_SECONDS)
            await blow(house)

    striking = asyncio.create_task(strike()) if blows else None
    try:
        yield
    finally:
        if striking is not None:
            # A blow under way ends first: half a restart would be one we did not mean.
            striking.cancel()
            await asyncio.gather(striking, return_exceptions=True)
            await house.ready()


@asynccontextmanager
async def _people_pressing(house: House, seed: int) -> AsyncIterator[None]:
    """Most approve, some decline, some look away until the prompt is gone."""
    choice = random.Random(f"{seed}:people")
    seen: set[str] = set()

    async def press() -> None:
        while True:
            for checkout_id in list(house.sandbox.memory.open_prompts):
                if checkout_id in seen:
                    continue
                seen.add(checkout_id)
                mood = choice.random()
                if mood < 0.95:
                    house.sandbox.prompts.answer(checkout_id, PAID if mood < 0.85 else CANCELLED)
            await asyncio.sleep(_PRESS_SECONDS)

    pressing = asyncio.create_task(press())
    try:
        yield
    finally:
        pressing.cancel()
        await asyncio.gather(pressing, return_exceptions=True)


async def _read_statement(house: House, folder: Path) -> int:
    """What no callback and no answer told, the provider's statement does: how many were received from it."""
    path = folder / "statement.csv"
    path.write_bytes((await house.provider.get("/daraja/statement.csv")).content)
    done = await reconcile(
        house.system.database,
        house.clock,
        open_statement(path),
        by="chaos",
        receiving=Receiving(house.system.ids, Matching()),
    )
    return done.received


async def _compare(house: House, outcome: Outcome, trial_of: dict[str, str]) -> None:
    elsewhere = Tally()
    async with house.system.database.reading() as session:
        states = await unfinished(session, list(trial_of), states=True)
        booked = await ours(session)
        outcome.differences = [str(difference) for difference in await balances.differences(session)]
    for payment_id, state in states.items():
        tally = outcome.tallies[trial_of[payment_id]]
        tally.states[state] += 1
        tally.unfinished += state not in {"confirmed", "failed", "settled", "voided"}
    tally_of = {payment_id: outcome.tallies[name] for payment_id, name in trial_of.items()}
    judge(theirs(house.sandbox.memory, list(trial_of)), booked, lambda each: tally_of.get(each, elsewhere))
    if elsewhere != Tally():
        outcome.tallies["of no trial"] = elsewhere
