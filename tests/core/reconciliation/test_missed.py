"""Is money credited of which the statement alone tells, once, and with the same care as a confirmation?"""

from pathlib import Path

from core.ledger.chart import Gl
from core.members import store as members
from core.money import Money
from core.payments.model import PaymentState
from core.receiving.service import Matching
from core.reconciliation.service import Receiving, Reconciled, reconcile
from imarisha.institution import AMINA
from integrations.statements.files import open_statement
from tests.core.reconciliation.conftest import HEADER, row
from tests.test_repayment import start_payment
from tests.world import World


def write(path: Path, rows: tuple[str, ...]) -> None:
    path.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")


async def read(world: World, path: Path, *rows: str) -> Reconciled:
    write(path, rows)
    return await reconcile(
        world.system.database,
        world.clock,
        open_statement(path),
        by="test",
        receiving=Receiving(world.system.ids, Matching()),
    )


async def test_money_that_nobody_told_us_of_is_credited_once(world: World, tmp_path: Path) -> None:
    async with world.system.database.reading() as session:
        amina, _ = await members.by_phone(session, AMINA.phone)
    line = row("SJK1AB2CD3", 700, party="254711000001 - AMINA WANJIRU", account=f"{amina.number}D")
    before = await world.balance(Gl.MPESA_PAYBILL)

    first = await read(world, tmp_path / "a.csv", line)
    again = await read(world, tmp_path / "b.csv", line, row("SJK1AB2CD4", 1, reason="Charge", account=""))

    assert (first.received, again.received) == (1, 0)
    assert await world.balance(Gl.MPESA_PAYBILL) == before + Money(700_00)
    assert first.matched.open_lines == 0
    await world.assert_books_agree()


async def test_what_can_t_be_placed_waits_in_suspense(world: World, tmp_path: Path) -> None:
    done = await read(world, tmp_path / "a.csv", row("SJK1AB2CD3", 700, account="WHO KNOWS"))

    assert done.received == 1
    assert await world.balance(Gl.SUSPENSE) == Money(700_00)


async def test_money_that_was_taken_back_is_credited_to_nobody(world: World, tmp_path: Path) -> None:
    done = await read(
        world,
        tmp_path / "a.csv",
        row("SJK1AB2CD3", 700, account="WHO KNOWS"),
        row("SJK1AB2CD4", -700, minute=5, reason="Pay Bill Reversal", linked="SJK1AB2CD3"),
    )

    assert done.received == 0
    assert await world.balance(Gl.SUSPENSE) == Money.zero()


async def test_a_prompt_whose_reply_and_callback_were_lost_is_settled_by_the_statement(
    world: World, tmp_path: Path
) -> None:
    await world.faults(daraja__push__reset=1, daraja__callback__lost=1)
    await start_payment(world)
    await world.approve(AMINA.phone)
    await world.pass_time(minutes=6)
    [failed] = await world.payments()
    assert failed.state is PaymentState.FAILED
    [prompt] = world.sandbox.memory.prompts.values()

    done = await read(
        world, tmp_path / "a.csv", row("SJK1AB2CD3", prompt.shillings, account=failed.account_reference)
    )

    [payment] = await world.payments()
    assert (done.received, payment.state, payment.receipt) == (1, PaymentState.CONFIRMED, "SJK1AB2CD3")
    await world.assert_books_agree()
