"""Whatever is paid, charged and reversed, entered late or not: rows, log and books say the same."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from core.db.engine import Database
from core.errors import InsufficientFunds, LoanNotRunning, NotReversible
from core.lending import store
from core.lending.loan import Loan
from core.lending.model import Portion, Product
from core.lending.products import DEVELOPMENT, EMERGENCY
from core.lending.service.charges import charge
from core.money import Money
from imarisha.embedded import EmbeddedServers
from tests.clock import StoppedClock
from tests.conftest import clone
from tests.core.lending.lending_desk import LendingDesk

REFUSED = (InsufficientFunds, LoanNotRunning, NotReversible)


@dataclass(frozen=True)
class Step:
    """One thing that is done, some days after the one before."""

    kind: str
    wait: int
    amount: int
    which: int
    """The event that is reversed, or how many days ago a late entry is dated."""


steps_of_a_life = st.lists(
    st.builds(
        Step,
        kind=st.sampled_from(["pay", "pay", "pay", "late entry", "reverse", "reverse", "fee", "penalty"]),
        wait=st.integers(0, 45),
        amount=st.one_of(st.integers(1, 2_000), st.integers(1, 700_000)),
        which=st.integers(0, 7),
    ),
    min_size=2,
    max_size=7,
)


@settings(max_examples=25)
@given(steps=steps_of_a_life, product=st.sampled_from([DEVELOPMENT, EMERGENCY]))
def test_any_sequence_of_services_is_the_pure_replay_and_the_books_agree(
    servers: EmbeddedServers, founded_template: str, steps: list[Step], product: Product
) -> None:
    with clone(servers, founded_template) as url:
        asyncio.run(_live(url, steps, product))


async def _live(url: str, steps: list[Step], product: Product) -> None:
    database = Database(url)
    await database.open()
    desk = LendingDesk(database, StoppedClock())
    lent = await desk.lend(product=product, principal=1_000_000, instalments=4)
    for step in steps:
        desk.wait(step.wait)
        try:
            await _do(desk, lent.loan.loan_id, step)
        except REFUSED:
            continue
    await desk.assert_agreement()
    await _assert_the_phone_says_what_clears_it(desk, lent.loan)
    await database.close()


async def _assert_the_phone_says_what_clears_it(desk: LendingDesk, loan: Loan) -> None:
    running = await desk.loan(loan.loan_id)
    async with desk.database.reading() as session:
        standings = await store.running(session, loan.member_id, today=desk.today)
    told = {standing.loan_id: standing.owed.to_clear for standing in standings}
    clears = running.money(running.to_clear(desk.today).total)
    assert told.get(loan.loan_id, Money(0)) == clears


async def _do(desk: LendingDesk, loan_id: str, step: Step) -> None:
    match step.kind:
        case "pay":
            await desk.repay(loan_id, step.amount)
        case "late entry":
            loan = (await desk.loan(loan_id)).loan
            day = max(loan.disbursed_on, desk.today - timedelta(days=step.which * 5))
            await desk.repay(loan_id, step.amount, on=day)
        case "reverse":
            entries = (await desk.loan(loan_id)).entries
            await desk.reverse(loan_id, entries[step.which % len(entries)].event.number)
        case _:
            async with desk.database.unit_of_work() as session:
                await charge(
                    session,
                    key=desk.key(),
                    loan_id=loan_id,
                    portion=Portion(step.kind),
                    amount=Money(step.amount),
                    name=step.kind,
                    by="officer",
                    now=desk.now,
                )
