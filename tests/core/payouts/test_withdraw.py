"""What may a member take out, what does it cost, and who must agree?"""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.checked_actions import ACTIONS
from core.errors import (
    AccountNotEmpty,
    DailyLimitReached,
    IdempotencyConflict,
    InvalidAmount,
    MemberNotActive,
    NotEnoughSaved,
    NotWholeShillings,
    NotWithdrawable,
    OwnRequest,
    PayoutNotOpen,
    PayoutOutOfRange,
    Refusal,
    UnknownSavingsAccount,
    WithdrawalCostChanged,
    WithdrawalsPaused,
)
from core.members import directory
from core.members.model import MemberStatus
from core.money import Currency, Money
from core.payouts.model import PayoutState
from core.savings.model import SavingsProduct
from core.savings.service.accounts import close_account
from core.savings.service.withdraw import quote_withdrawal
from core.savings.withdrawals import USUAL_WITHDRAWALS, FeeBearer, Tariff, quote
from core.staff import checking, request_store
from core.staff.approval import RequestState
from tests.core.payouts.checker import a_checker
from tests.core.payouts.till import Till, failed

DAY = date(2026, 3, 11)
BOUNDED = replace(USUAL_WITHDRAWALS, daily_most=3_000_00, approved_above=2_000_00)


@pytest.mark.parametrize(
    ("amount", "fee", "excise"),
    [
        ("50", 0, 0),
        ("100", 0, 0),
        ("101", 500, 100),
        ("1500", 500, 100),
        ("1501", 900, 180),
        ("250000", 1300, 260),
    ],
)
def test_the_fee_is_that_of_the_band(amount: str, fee: int, excise: int) -> None:
    quoted = quote(USUAL_WITHDRAWALS, Money.parse(amount), on=DAY)

    assert (quoted.fee.minor, quoted.excise.minor) == (fee, excise)


def test_the_newest_tariff_that_has_begun_counts_and_none_before_the_first() -> None:
    dearer = Tariff(date(2026, 4, 1), ((250_000_00, 20_00),))
    terms = replace(USUAL_WITHDRAWALS, tariffs=(dearer, *USUAL_WITHDRAWALS.tariffs))
    amount = Money.parse("1000")

    assert quote(terms, amount, on=date(2026, 3, 31)).fee == Money(5_00)
    assert quote(terms, amount, on=date(2026, 4, 1)).fee == Money(20_00)
    assert quote(terms, amount, on=date(2019, 12, 31)).cost == Money(0)
    assert dearer.fee(300_000_00) == 20_00


def test_a_society_may_bear_the_fee_itself() -> None:
    terms = replace(USUAL_WITHDRAWALS, fee_bearer=FeeBearer.SOCIETY)

    assert quote(terms, Money.parse("1000"), on=DAY).total == Money.parse("1000")


@pytest.mark.parametrize(
    ("amount", "refusal"),
    [
        (Money(1000_50), NotWholeShillings),
        (Money(1000, Currency.UGX), NotWholeShillings),
        (Money(49_00), PayoutOutOfRange),
        (Money(250_001_00), PayoutOutOfRange),
    ],
)
def test_what_the_phone_can_not_take_is_refused(amount: Money, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        quote(USUAL_WITHDRAWALS, amount, on=DAY)


@given(shillings=st.integers(50, 250_000), day=st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_the_total_is_the_amount_and_its_cost(shillings: int, day: date) -> None:
    quoted = quote(USUAL_WITHDRAWALS, Money(shillings * 100), on=day)

    assert quoted.total.minor == shillings * 100 + quoted.fee.minor + quoted.excise.minor
    assert quoted.excise.minor * 5 == quoted.fee.minor


async def quoted_total(till: Till, amount: str, **others: object) -> str:
    async with till.database.reading() as session:
        said = {"member_id": "mbr_asha", "account_id": "acc_asha", **others}
        return str(
            (await quote_withdrawal(session, amount=Money.parse(amount), now=till.now, **said)).total  # type: ignore[arg-type]  # each test names its own
        )


async def test_the_cost_is_told_before_and_is_the_same_after(till: Till) -> None:
    assert await quoted_total(till, "1000") == "1,006.00"

    with pytest.raises(WithdrawalCostChanged) as changed:
        await till.ask("1000", shown="1000")
    assert (changed.value.shown_minor, changed.value.total_minor) == (1000_00, 1006_00)
    assert (await till.ask("1000")).total == Money.parse("1006")


async def test_the_cost_counts_against_what_is_there(till: Till) -> None:
    with pytest.raises(NotEnoughSaved) as short:
        await till.ask("10000")
    assert short.value.available_minor == 10_000_00

    await till.ask("9986")
    assert await till.branch.balance("acc_asha") == "0.80"


async def test_the_same_id_is_one_withdrawal(till: Till) -> None:
    first = await till.ask("1000")

    assert (await till.ask("1000")).payout_id == first.payout_id
    with pytest.raises(IdempotencyConflict):
        await till.ask("2000")
    assert await till.branch.balance("acc_asha") == "8,994.00"
    await till.work()
    assert len(till.provider.sent) == 1


async def test_a_day_has_its_limit_and_what_failed_does_not_count(till: Till) -> None:
    await till.ask("2000", terms=BOUNDED)
    with pytest.raises(DailyLimitReached) as reached:
        await till.ask("1500", payout_id="wdl_2", terms=BOUNDED)
    assert (reached.value.left_minor, reached.value.asked_minor) == (1000_00, 1500_00)

    await till.work()
    await till.hear(failed())
    await till.ask("1500", payout_id="wdl_2", terms=BOUNDED)
    till.clock.move(days=1)
    await till.ask("2000", payout_id="wdl_3", terms=BOUNDED)


async def test_after_a_change_of_phone_money_stays_for_a_while(till: Till) -> None:
    await till.wait_until(till.now + timedelta(days=3))

    with pytest.raises(WithdrawalsPaused) as paused:
        await till.ask("1000")
    with pytest.raises(WithdrawalsPaused):
        await quoted_total(till, "1000")

    assert paused.value.until == date(2026, 3, 14)
    till.clock.move(days=3)
    await till.ask("1000")


async def test_only_one_s_own_withdrawable_account_pays(till: Till) -> None:
    await till.branch.account("acc_deposits", "mbr_asha", SavingsProduct.DEPOSITS, holding="5000")
    await till.branch.member("joan")
    await till.branch.account("acc_joan", "mbr_joan", holding="5000")

    with pytest.raises(UnknownSavingsAccount):
        await till.ask("1000", account="acc_joan")
    with pytest.raises(NotWithdrawable):
        await till.ask("1000", account="acc_deposits")
    with pytest.raises(InvalidAmount):
        await quoted_total(till, "0")


async def test_a_member_who_is_not_active_takes_nothing_out(till: Till) -> None:
    async with till.database.unit_of_work() as session:
        await directory.set_status(session, "mbr_asha", MemberStatus.BLOCKED)

    with pytest.raises(MemberNotActive):
        await till.ask("1000")


async def test_an_account_stays_open_while_its_money_may_come_back(till: Till) -> None:
    await till.branch.account("acc_goal", "mbr_asha", SavingsProduct.GOAL)
    await till.ask("1000")
    async with till.database.unit_of_work() as session:
        with pytest.raises(AccountNotEmpty):
            await close_account(
                session,
                account_id="acc_asha",
                member_id="mbr_asha",
                pay_to="acc_goal",
                by="teller",
                now=till.now,
            )


async def waiting_request(till: Till) -> str:
    async with till.database.reading() as session:
        [request] = await request_store.latest(session, maker=None, subject="wdl_1", before=None, most=5)
    assert (request.maker, request.state) == ("mbr_asha", RequestState.PENDING)
    return request.request_id


async def test_a_large_withdrawal_waits_for_staff_and_goes_out_when_they_agree(till: Till) -> None:
    asked = await till.ask("2500", terms=BOUNDED)
    await till.work()
    assert (asked.state, till.provider.sent) == (PayoutState.AWAITING_APPROVAL, [])
    request_id = await waiting_request(till)
    checker = await a_checker(till)

    async with till.database.unit_of_work() as session:
        await checking.approve(session, till.now, till.ids, ACTIONS, checker, request_id=request_id)
    await till.work()

    assert (await till.find()).state is PayoutState.SUBMITTED


async def test_a_large_withdrawal_that_staff_refuse_is_given_back(till: Till) -> None:
    await till.ask("2500", terms=BOUNDED)
    checker = await a_checker(till)

    async with till.database.unit_of_work() as session:
        await checking.reject(
            session, till.now, till.ids, ACTIONS, checker, request_id=await waiting_request(till), reason="no"
        )

    ended = await till.find()
    assert (ended.state, ended.reason) == (PayoutState.VOIDED, "not_approved")
    assert await till.branch.balance("acc_asha") == "10,000.00"
    assert await till.branch.notices() == [("mbr_asha", "withdrawal_failed")]


async def test_one_that_nobody_decides_on_is_given_back_after_three_days(till: Till) -> None:
    await till.ask("2500", terms=BOUNDED)
    await till.sweep(days=2, hours=23)
    assert (await till.find()).state is PayoutState.AWAITING_APPROVAL

    await till.sweep(hours=1)

    assert (await till.find()).state is PayoutState.VOIDED
    assert await till.branch.balance("acc_asha") == "10,000.00"


async def test_an_approval_that_comes_too_late_changes_nothing(till: Till) -> None:
    await till.ask("2500", terms=BOUNDED)
    request_id = await waiting_request(till)
    checker = await a_checker(till)
    moment = till.now
    await till.sweep(days=3)

    async with till.database.unit_of_work() as session:
        with pytest.raises(PayoutNotOpen):
            await checking.approve(session, moment, till.ids, ACTIONS, checker, request_id=request_id)
    assert (await till.find()).state is PayoutState.VOIDED


async def test_who_asks_for_a_member_does_not_decide(till: Till) -> None:
    checker = await a_checker(till)
    await till.ask("2500", terms=BOUNDED, by=checker.staff.staff_id)
    async with till.database.reading() as session:
        [request] = await request_store.latest(session, maker=None, subject="wdl_1", before=None, most=5)

    async with till.database.unit_of_work() as session:
        with pytest.raises(OwnRequest):
            await checking.approve(
                session, till.now, till.ids, ACTIONS, checker, request_id=request.request_id
            )
