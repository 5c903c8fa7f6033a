"""Is a statement taken over whole or not at all, and does each stage match what it should and nothing else?"""

import pytest

from core.errors import StatementFaulty, StatementKnown, StatementUnreadable, TotalsDiffer
from core.reconciliation import breaks
from core.reconciliation.breaks import Break, BreakKind
from core.reconciliation.model import Book, Stage
from tests.core.reconciliation.conftest import Booked, Bring, row
from tests.world import World

PAYER = "2547****0101 - JANE DEMO"
JANE = {"phone": "254700000101", "payer": "Jane Demo", "reference": "SAV000123"}


async def found(world: World) -> list[Break]:
    async with world.system.database.reading() as session:
        return await breaks.open_breaks(session, Book.MPESA, most=50)


async def count(world: World, table: str) -> int:
    async with world.system.database.reading() as session:
        counted = await session.row(f"SELECT count(*) AS n FROM {table}")
    assert counted is not None
    return int(counted["n"])


async def test_receipts_match_once_and_the_same_file_again_is_refused(bring: Bring, booked: Booked) -> None:
    await booked("one", 500, receipt="UKK4DEMO11")

    done = await bring(row("ukk4demo11", 500))

    assert done.matched.by_stage == {Stage.RECEIPT: 1}
    assert (done.matched.open_lines, done.matched.open_movements) == (0, 0)
    with pytest.raises(StatementKnown):
        await bring(row("ukk4demo11", 500))


async def test_a_file_that_overlaps_another_adds_only_what_is_new(world: World, bring: Bring) -> None:
    await bring(row("UKK4DEMO11", 500), row("UKK4DEMO12", 600))

    done = await bring(
        row("UKK4DEMO12", 600), row("UKK4DEMO13", 700), row("UKK4DEMO13", 700), name="next.csv"
    )

    assert (done.file.lines, done.file.new, done.file.repeated) == (3, 1, 2)
    assert await count(world, "statement_line") == 3


@pytest.mark.parametrize(
    ("rows", "refusal"),
    [
        ([row("UKK4DEMO11", 500), row("UKK4DEMO12", 600).replace("600", "6o0")], StatementFaulty),
        (
            [row("UKK4DEMO11", 500, balance="500"), row("UKK4DEMO12", 600, minute=1, balance="900")],
            TotalsDiffer,
        ),
        ([], StatementUnreadable),
    ],
)
async def test_of_a_bad_file_nothing_is_taken_over(
    world: World, bring: Bring, rows: list[str], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        await bring(*rows)

    assert await count(world, "statement_file") == await count(world, "statement_line") == 0


async def test_totals_that_tie_are_taken_over_in_either_order(bring: Bring) -> None:
    done = await bring(
        row("UKK4DEMO12", 600, minute=1, balance="1100"), row("UKK4DEMO11", 500, balance="500")
    )

    assert done.file.new == 2


async def test_without_a_receipt_phone_name_and_time_together_decide(bring: Bring, booked: Booked) -> None:
    await booked("one", 500, minute=1, receipt="", **JANE)

    done = await bring(row("UKK4DEMO11", 500, party=PAYER, account="SAV000123"))

    assert done.matched.by_stage == {Stage.SCORE: 1}


async def test_two_that_nobody_can_tell_apart_are_left_to_people_with_suggestions(
    world: World, bring: Bring, booked: Booked
) -> None:
    await booked("one", 500, minute=1, receipt="", **JANE)
    await booked("two", 500, minute=1, receipt="", **JANE)

    done = await bring(row("UKK4DEMO11", 500, party=PAYER), row("UKK4DEMO12", 500, party=PAYER, minute=1))

    assert done.matched.by_stage == {}
    [first, *_] = await found(world)
    assert len(first.suggestions) == 2


async def test_other_receipts_are_other_money_whatever_else_agrees(bring: Bring, booked: Booked) -> None:
    await booked("one", 500, receipt="UKK4OTHER9", **JANE)

    done = await bring(row("UKK4DEMO11", 500, party=PAYER, account="SAV000123"))

    assert done.matched.by_stage == {}


async def test_a_payout_booked_with_its_charge_takes_both_lines(bring: Bring, booked: Booked) -> None:
    await booked("one", -509, receipt="UKK4DEMO21")

    done = await bring(
        row("UKK4DEMO21", -500, reason="Business Payment to Customer via API"),
        row("UKK4DEMO21", -9, reason="Business Payment Charge", linked="UKK4DEMO21"),
    )

    assert (done.matched.by_stage, done.matched.open_lines) == ({Stage.RECEIPT: 1}, 0)


async def test_a_charge_that_was_not_booked_is_a_break_of_its_own(
    world: World, bring: Bring, booked: Booked
) -> None:
    await booked("one", -500, receipt="UKK4DEMO21")

    await bring(
        row("UKK4DEMO21", -500, reason="Business Payment to Customer via API"),
        row("UKK4DEMO21", -9, reason="Business Payment Charge", linked="UKK4DEMO21"),
    )

    [charge] = await found(world)
    assert (charge.kind, charge.amount.minor) == (BreakKind.CHARGE_NOT_IN_BOOKS, -900)


async def test_a_payment_taken_back_before_it_was_booked_is_a_pair(bring: Bring) -> None:
    done = await bring(
        row("UKK4DEMO11", 500),
        row("UKK4DEMO31", -500, reason="Pay Utility Reversal", linked="UKK4DEMO11", minute=5),
    )

    assert (done.matched.by_stage, done.matched.open_lines) == ({Stage.REVERSAL_PAIR: 1}, 0)


async def test_a_payment_taken_back_after_it_was_booked_is_a_break(
    world: World, bring: Bring, booked: Booked
) -> None:
    await booked("one", 500, receipt="UKK4DEMO11")

    await bring(
        row("UKK4DEMO11", 500),
        row("UKK4DEMO31", -500, reason="Pay Utility Reversal", linked="UKK4DEMO11", minute=5),
    )

    [reversal] = await found(world)
    assert reversal.kind is BreakKind.REVERSAL_NOT_IN_BOOKS


async def test_several_payments_of_a_group_make_one_booking(bring: Bring, booked: Booked) -> None:
    await booked("one", 900, receipt="", reference="GRP-00001")

    done = await bring(
        row("UKK4DEMO11", 500, account="grp00001"), row("UKK4DEMO12", 400, account="GRP 00001", minute=9)
    )

    assert done.matched.by_stage == {Stage.GROUP: 1}


async def test_what_differs_under_one_receipt_is_a_break_unless_it_is_tolerated(
    world: World, bring: Bring, booked: Booked
) -> None:
    await booked("one", 501, receipt="UKK4DEMO11")
    await booked("two", 700, receipt="UKK4DEMO12")

    done = await bring(row("UKK4DEMO11", 500), row("UKK4DEMO12", 600), tolerance=100)

    assert (done.matched.by_stage, done.matched.differences.minor) == ({Stage.RECEIPT: 1}, -100)
    assert {each.kind for each in await found(world)} == {BreakKind.AMOUNT_DIFFERS}


async def test_what_we_booked_and_the_statement_lacks_is_a_break_within_its_period(
    world: World, bring: Bring, booked: Booked
) -> None:
    await booked("within", 500, minute=30, receipt="UKK4DEMO99")
    await booked("later", 500, minute=90, receipt="UKK4DEMO98")

    await bring(row("UKK4DEMO11", 100), row("UKK4DEMO12", 100, minute=60))

    [missing] = [each for each in await found(world) if each.kind is BreakKind.NOT_ON_STATEMENT]
    assert missing.details == "within"


async def test_what_is_booked_later_is_matched_by_the_next_file(bring: Bring, booked: Booked) -> None:
    first = await bring(row("UKK4DEMO11", 500))
    await booked("one", 500, receipt="UKK4DEMO11", minute=60)

    second = await bring(row("UKK4DEMO12", 500), name="next.csv")

    assert (first.matched.open_lines, second.matched.by_stage) == (1, {Stage.RECEIPT: 1})
