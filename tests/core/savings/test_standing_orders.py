"""Do standing orders run on their day, by priority, once, and give up when their days are over?"""

import asyncio
from collections.abc import Sequence
from datetime import date

import pytest

from core.errors import (
    AccountNotOpen,
    ContradictorySavingsTerms,
    IdempotencyConflict,
    NotWithdrawable,
    UnknownSavingsAccount,
    UnknownStandingOrder,
)
from core.money import Currency, Money
from core.savings import order_store, store
from core.savings.model import AccountStatus, SavingsProduct
from core.savings.order_store import Run, StandingOrder
from core.savings.service import order_runs, standing_orders
from core.savings.standing_orders import (
    Destination,
    OrderStatus,
    OrderTerms,
    RunState,
    Trigger,
)
from tests.core.savings.branch import Branch, noon
from tests.core.savings.lender import Lender
from tests.core.savings.order_terms import FIFTH, terms

SET_ON = date(2026, 3, 1)


@pytest.fixture
async def saved(branch: Branch) -> Branch:
    amina, otieno = await branch.member("amina"), await branch.member("otieno")
    await branch.account("acc_a", amina, holding="1,000.00")
    await branch.account("acc_d", amina, SavingsProduct.DEPOSITS)
    await branch.account("acc_o", otieno)
    return branch


async def order(
    branch: Branch,
    order_id: str = "sto_1",
    wanted: OrderTerms | None = None,
    *,
    destination: Destination = Destination.ACCOUNT,
    destination_id: str = "acc_d",
    source_id: str = "acc_a",
    member_id: str = "mbr_amina",
    on: date = SET_ON,
    needs_approval: bool = False,
) -> StandingOrder:
    async with branch.database.unit_of_work() as session:
        return await standing_orders.set_order(
            session,
            order_id=order_id,
            member_id=member_id,
            source_id=source_id,
            destination=destination,
            destination_id=destination_id,
            terms=wanted or terms(),
            now=noon(on),
            needs_approval=needs_approval,
        )


async def run(branch: Branch, on: date, loans: Lender | None = None) -> int:
    async with branch.database.unit_of_work() as session:
        return await order_runs.run_due_orders(session, ids=branch.ids, on=on, now=noon(on), loans=loans)


async def runs(branch: Branch, order_id: str = "sto_1") -> list[tuple[date, RunState, str, int]]:
    async with branch.database.reading() as session:
        found: Sequence[Run] = await order_store.runs_of(session, order_id)
    return [(one.due_on, one.state, str(one.taken), one.attempts) for one in found]


async def find(branch: Branch, order_id: str = "sto_1") -> StandingOrder:
    async with branch.database.unit_of_work() as session:
        found = await order_store.lock(session, order_id)
    assert found is not None
    return found


async def test_an_order_runs_on_its_day_once_and_waits_for_the_next(saved: Branch) -> None:
    await order(saved)

    assert await run(saved, date(2026, 3, 4)) == 0
    assert await run(saved, FIFTH) == 1
    assert await run(saved, FIFTH) == 0

    assert (await saved.balance("acc_a"), await saved.balance("acc_d")) == ("600.00", "400.00")
    assert await runs(saved) == [(FIFTH, RunState.DONE, "400.00", 1)]
    assert (await find(saved)).try_on == date(2026, 4, 5)
    await saved.assert_books_agree()


async def test_orders_of_one_account_run_by_priority_with_what_the_first_have_left(saved: Branch) -> None:
    await order(saved, "sto_1", terms("400.00", priority=9))
    await order(saved, "sto_2", terms("700.00", priority=1), destination_id="acc_o")

    assert await run(saved, FIFTH) == 2

    assert (await saved.balance("acc_o"), await saved.balance("acc_d")) == ("700.00", "0.00")
    assert [state for _, state, _, _ in await runs(saved, "sto_2")] == [RunState.DONE]
    assert await runs(saved, "sto_1") == []


async def test_what_an_order_brings_in_another_may_take_out_and_nobody_s_order_suffers(
    saved: Branch,
) -> None:
    wanjiku = await saved.member("wanjiku")
    await saved.account("acc_b", "mbr_amina", SavingsProduct.GOAL)
    await saved.account("acc_w", wanjiku, holding="500.00")
    await order(saved, "sto_1", source_id="acc_b", destination_id="acc_o")
    await order(saved, "sto_2", destination_id="acc_b")
    await order(saved, "sto_3", source_id="acc_w", destination_id="acc_o", member_id=wanjiku)

    assert await run(saved, FIFTH) == 3

    assert [await saved.balance(name) for name in ("acc_a", "acc_b", "acc_w", "acc_o")] == [
        "600.00",
        "0.00",
        "100.00",
        "800.00",
    ]
    await saved.assert_books_agree()


async def test_what_comes_to_a_sleeping_account_stays_on_it(saved: Branch) -> None:
    await saved.account("acc_b", "mbr_amina", SavingsProduct.GOAL)
    await order(saved, "sto_1", source_id="acc_b", destination_id="acc_o")
    await order(saved, "sto_2", destination_id="acc_b")
    async with saved.database.unit_of_work() as session:
        await store.set_status(session, "acc_b", AccountStatus.DORMANT)

    await run(saved, FIFTH)

    assert (await saved.balance("acc_b"), await saved.balance("acc_o")) == ("400.00", "0.00")


async def test_a_paused_salary_run_goes_on_where_it_was(saved: Branch) -> None:
    await order(saved, wanted=terms("1,500.00", Trigger.ON_SALARY, allows_part=True))

    async def salary() -> int:
        async with saved.database.unit_of_work() as session:
            return await order_runs.salary_credited(
                session, ids=saved.ids, account_id="acc_a", now=noon(FIFTH)
            )

    assert await salary() == 1
    async with saved.database.unit_of_work() as session:
        for change in (standing_orders.pause_order, standing_orders.resume_order):
            await change(session, order_id="sto_1", member_id="mbr_amina", now=noon(FIFTH))
    await saved.pay_in("acc_a", "600.00", on=FIFTH)
    assert await salary() == 1

    assert (await saved.balance("acc_d"), await saved.balance("acc_a")) == ("1,500.00", "100.00")
    assert await runs(saved) == [(FIFTH, RunState.DONE, "1,500.00", 2)]


async def test_a_short_order_is_tried_each_day_and_fails_when_its_days_are_over(saved: Branch) -> None:
    await order(saved, wanted=terms("1,500.00"))

    assert [await run(saved, date(2026, 3, day)) for day in (5, 5, 6, 7, 8)] == [1, 0, 1, 1, 0]

    assert await runs(saved) == [(FIFTH, RunState.UNSUCCESSFUL, "0.00", 3)]
    assert await saved.notices() == [("mbr_amina", "order_failed")]
    assert (await find(saved)).due_on == date(2026, 4, 5)


async def test_money_that_comes_within_the_days_is_taken(saved: Branch) -> None:
    await order(saved, wanted=terms("1,500.00"))
    await run(saved, FIFTH)
    await saved.pay_in("acc_a", "500.00", on=date(2026, 3, 6))

    await run(saved, date(2026, 3, 6))

    assert await runs(saved) == [(FIFTH, RunState.DONE, "1,500.00", 2)]


async def test_where_a_part_is_allowed_each_day_takes_what_there_is(saved: Branch) -> None:
    await order(saved, wanted=terms("1,500.00", allows_part=True))
    await run(saved, FIFTH)
    await saved.pay_in("acc_a", "300.00", on=date(2026, 3, 6))
    await run(saved, date(2026, 3, 6))
    assert await saved.balance("acc_d") == "1,300.00"

    await run(saved, date(2026, 3, 7))

    assert await runs(saved) == [(FIFTH, RunState.PARTIAL, "1,300.00", 3)]
    assert await saved.notices() == [("mbr_amina", "order_failed")]
    await saved.assert_books_agree()


async def test_the_surplus_above_what_is_kept_is_swept(saved: Branch) -> None:
    await order(saved, wanted=terms(None, Trigger.SURPLUS, keep="750.00"))

    await run(saved, FIFTH)
    await run(saved, date(2026, 4, 5))

    assert (await saved.balance("acc_a"), await saved.balance("acc_d")) == ("750.00", "250.00")
    assert [taken for _, _, taken, _ in await runs(saved)] == ["250.00", "0.00"]


async def test_salary_orders_run_when_the_salary_comes_and_once_a_day(saved: Branch) -> None:
    await order(saved, "sto_1", terms("900.00", Trigger.ON_SALARY, priority=1))
    await order(saved, "sto_2", terms("400.00", Trigger.ON_SALARY, priority=2), destination_id="acc_o")
    assert await run(saved, FIFTH) == 0

    async def salary(on: date) -> int:
        async with saved.database.unit_of_work() as session:
            return await order_runs.salary_credited(session, ids=saved.ids, account_id="acc_a", now=noon(on))

    assert await salary(date(2026, 3, 4)) == 0
    assert await salary(date(2026, 3, 28)) == 2
    assert await saved.balance("acc_d") == "900.00"
    assert await saved.balance("acc_o") == "0.00"
    await saved.pay_in("acc_a", "300.00", on=date(2026, 3, 28))
    assert await salary(date(2026, 3, 28)) == 1
    assert await saved.balance("acc_o") == "400.00"
    assert await salary(date(2026, 3, 28)) == 0


async def test_an_order_ends_after_its_last_day(saved: Branch) -> None:
    await order(saved, wanted=terms(ends_on=date(2026, 4, 4)))

    await run(saved, FIFTH)

    assert (await find(saved)).status is OrderStatus.ENDED
    assert await run(saved, date(2026, 4, 5)) == 0


async def test_a_system_that_was_off_makes_up_for_each_month(saved: Branch) -> None:
    await order(saved, wanted=terms("100.00"))

    done = [await run(saved, date(2026, 5, 20)) for _ in range(4)]

    assert done == [1, 1, 1, 0]
    assert await saved.balance("acc_d") == "300.00"


async def test_an_order_may_be_paused_resumed_and_ended(saved: Branch) -> None:
    await order(saved)

    async def change(what: str, on: date = SET_ON, member_id: str = "mbr_amina") -> StandingOrder:
        steps = {
            "pause": standing_orders.pause_order,
            "resume": standing_orders.resume_order,
            "end": standing_orders.end_order,
        }
        async with saved.database.unit_of_work() as session:
            return await steps[what](session, order_id="sto_1", member_id=member_id, now=noon(on))

    await change("pause")
    assert await run(saved, FIFTH) == 0
    assert (await change("resume", date(2026, 3, 20))).try_on == date(2026, 4, 5)
    await change("pause")
    assert (await change("resume", date(2026, 3, 21))).try_on == date(2026, 4, 5)
    with pytest.raises(UnknownStandingOrder):
        await change("resume")
    with pytest.raises(UnknownStandingOrder):
        await change("end", member_id="mbr_otieno")
    await change("end")
    with pytest.raises(UnknownStandingOrder):
        await change("end")
    async with saved.database.reading() as session:
        assert await order_store.of_member(session, "mbr_amina") == []


async def test_staff_approve_or_reject_an_order_that_waits(saved: Branch) -> None:
    await order(saved, "sto_1", needs_approval=True)
    await order(saved, "sto_2", terms("1.00", Trigger.ON_SALARY), needs_approval=True)
    assert await run(saved, FIFTH) == 0

    async with saved.database.unit_of_work() as session:
        await standing_orders.reject_order(session, order_id="sto_1", by="staff", now=noon(FIFTH))
        opened = await standing_orders.approve_order(session, order_id="sto_2", by="staff", now=noon(FIFTH))

    assert (opened.status, opened.try_on) == (OrderStatus.OPEN, None)
    assert (await find(saved)).status is OrderStatus.REJECTED
    async with saved.database.reading() as session:
        assert [one.order_id for one in await order_store.of_member(session, "mbr_amina")] == ["sto_2"]


async def test_the_same_order_is_set_once(saved: Branch) -> None:
    first = await order(saved)

    assert await order(saved) == first
    with pytest.raises(IdempotencyConflict):
        await order(saved, wanted=terms("401.00"))
    with pytest.raises(IdempotencyConflict):
        await order(saved, member_id="mbr_otieno")


async def test_the_same_order_sent_twice_at_once_is_one(saved: Branch) -> None:
    first, second = await asyncio.gather(order(saved), order(saved))

    assert first == second
    async with saved.database.reading() as session:
        assert len(await order_store.of_member(session, "mbr_amina")) == 1


@pytest.mark.parametrize(
    ("source_id", "destination", "destination_id", "wanted", "refusal"),
    [
        ("acc_o", Destination.ACCOUNT, "acc_d", terms(), UnknownSavingsAccount),
        ("acc_d", Destination.ACCOUNT, "acc_a", terms(), NotWithdrawable),
        ("acc_a", Destination.ACCOUNT, "acc_a", terms(), UnknownSavingsAccount),
        ("acc_a", Destination.ACCOUNT, "acc_x", terms(), UnknownSavingsAccount),
        ("acc_a", Destination.SHARES, "acc_h", terms(allows_part=True), ContradictorySavingsTerms),
        (
            "acc_a",
            Destination.ACCOUNT,
            "acc_d",
            OrderTerms(Trigger.ON_DATE, Money(1, Currency.USD), Money(0, Currency.USD), FIFTH),
            ContradictorySavingsTerms,
        ),
    ],
)
async def test_an_order_that_can_not_run_is_not_set(
    saved: Branch,
    source_id: str,
    destination: Destination,
    destination_id: str,
    wanted: OrderTerms,
    refusal: type[Exception],
) -> None:
    with pytest.raises(refusal):
        await order(
            saved,
            wanted=wanted,
            source_id=source_id,
            destination=destination,
            destination_id=destination_id,
        )


async def test_an_order_set_late_begins_with_its_next_day_or_is_refused(saved: Branch) -> None:
    late = await order(saved, wanted=terms(starts_on=date(2026, 1, 31)), on=date(2026, 2, 10))

    assert late.due_on == date(2026, 2, 28)
    with pytest.raises(ContradictorySavingsTerms):
        await order(saved, "sto_2", terms(ends_on=FIFTH), on=date(2026, 3, 6))


async def test_nothing_leaves_a_sleeping_account_nor_reaches_a_closed_one(saved: Branch) -> None:
    await order(saved, "sto_1", terms(tolerance_days=0))
    await order(saved, "sto_2", terms(tolerance_days=0), destination_id="acc_o")
    async with saved.database.unit_of_work() as session:
        await store.set_status(session, "acc_o", AccountStatus.CLOSED, closed_on=FIFTH)
    await run(saved, FIFTH)
    assert [state for _, state, _, _ in await runs(saved, "sto_2")] == [RunState.UNSUCCESSFUL]
    async with saved.database.unit_of_work() as session:
        await store.set_status(session, "acc_a", AccountStatus.DORMANT)

    await run(saved, date(2026, 4, 5))

    assert [state for _, state, _, _ in await runs(saved)] == [RunState.DONE, RunState.UNSUCCESSFUL]


async def test_an_order_to_a_loan_waits_for_lending_and_takes_what_the_loan_takes(saved: Branch) -> None:
    lender = Lender()
    lender.lend("lon_1", "mbr_amina", "150.00")
    await order(saved, destination=Destination.LOAN, destination_id="lon_1")

    assert await run(saved, FIFTH) == 0
    assert await run(saved, FIFTH, lender) == 1

    assert await runs(saved) == [(FIFTH, RunState.DONE, "150.00", 1)]
    assert await saved.balance("acc_a") == "850.00"


async def test_an_account_that_takes_no_money_is_no_destination(saved: Branch) -> None:
    async with saved.database.unit_of_work() as session:
        await store.set_status(session, "acc_o", AccountStatus.CLOSED, closed_on=SET_ON)

    with pytest.raises(AccountNotOpen):
        await order(saved, destination_id="acc_o")
