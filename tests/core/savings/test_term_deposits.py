"""Do deposits for an agreed time earn what was agreed, end on their day, and lose a part when broken?"""

from datetime import date, datetime
from fractions import Fraction

import pytest

from core.errors import (
    AccountNotEmpty,
    AccountNotOpen,
    AmountOutOfRange,
    ContradictorySavingsTerms,
    IdempotencyConflict,
    NotATermDeposit,
    NotEnoughSaved,
    NotWithdrawable,
    TermOutOfRange,
    UnknownSavingsAccount,
)
from core.ledger.chart import Gl
from core.money import Money
from core.savings import interest_store, store
from core.savings.interest_terms import InterestTerms, Interval
from core.savings.model import AccountStatus, HoldReason, SavingsProduct
from core.savings.products import USUAL_PRODUCTS, ProductTerms, RateBand, TermRules, Withdrawal
from core.savings.service import holds, maturities, term_deposits
from core.savings.service.accounts import close_account
from core.savings.service.interest import accrue_interest
from core.savings.service.money import pay_in, transfer
from core.savings.term_deposits import AtMaturity, Offer, broken_percent, kept, offer
from tests.core.savings.branch import Branch, noon

OPENED = date(2026, 1, 15)
NOW = noon(OPENED)
FIXED = USUAL_PRODUCTS[SavingsProduct.FIXED_DEPOSIT]


@pytest.fixture
async def saved(branch: Branch) -> Branch:
    amina = await branch.member("amina")
    await branch.account("acc_a", amina, holding="100,000.00")
    return branch


async def bind(
    branch: Branch,
    amount: str = "73,000.00",
    *,
    months: int = 12,
    at_maturity: AtMaturity = AtMaturity.PAY_OUT,
    account_id: str = "acc_t",
    source_id: str = "acc_a",
    member_id: str = "mbr_amina",
    now: datetime = NOW,
) -> Offer:
    async with branch.database.unit_of_work() as session:
        return await term_deposits.open_fixed_deposit(
            session,
            account_id=account_id,
            member_id=member_id,
            source_id=source_id,
            amount=Money.parse(amount),
            months=months,
            at_maturity=at_maturity,
            now=now,
        )


async def mature(branch: Branch, on: date) -> int:
    async with branch.database.unit_of_work() as session:
        return await maturities.mature_terms(session, ids=branch.ids, on=on, now=noon(on))


async def break_it(branch: Branch, on: date, account_id: str = "acc_t", member: str = "mbr_amina") -> Money:
    async with branch.database.unit_of_work() as session:
        return await term_deposits.break_term(
            session, ids=branch.ids, account_id=account_id, member_id=member, now=noon(on)
        )


async def test_the_offer_is_what_is_paid_at_maturity(saved: Branch) -> None:
    agreed = await bind(saved)

    # 9 % of 73,000 over 365 days.
    assert agreed.percent == 9
    assert (agreed.matures_on, str(agreed.interest)) == (date(2027, 1, 15), "6,570.00")
    assert (await saved.balance("acc_a"), await saved.balance("acc_t")) == ("27,000.00", "73,000.00")
    assert await mature(saved, date(2027, 1, 14)) == 0
    assert await mature(saved, date(2027, 1, 15)) == 1
    assert await mature(saved, date(2027, 1, 15)) == 0
    assert await saved.balance("acc_a") == "106,241.50"
    assert (await saved.find("acc_t")).status is AccountStatus.CLOSED
    assert await saved.in_books(Gl.WITHHOLDING_TAX) == "328.50"
    assert await saved.notices() == [("mbr_amina", "term_ended")]
    async with saved.database.reading() as session:
        [row] = await interest_store.postings_of(session, "acc_t")
    assert (row.start, row.end, row.interest, row.tax) == (OPENED, date(2027, 1, 15), 6_570_00, 328_50)
    await saved.assert_books_agree()


async def test_binding_the_same_deposit_twice_binds_it_once(saved: Branch) -> None:
    assert await bind(saved) == await bind(saved)

    assert await saved.balance("acc_a") == "27,000.00"


async def test_a_repeat_is_told_what_was_agreed_then(saved: Branch) -> None:
    first = await bind(saved)

    later = await bind(saved, now=noon(date(2026, 1, 16)))
    await break_it(saved, date(2026, 4, 25))

    assert later == first
    assert await bind(saved, now=noon(date(2026, 5, 1))) == first


@pytest.mark.parametrize(
    "other",
    [
        {"amount": "20,000.00"},
        {"months": 24},
        {"at_maturity": AtMaturity.RENEW_ALL},
        {"source_id": "acc_f"},
        {"account_id": "acc_f"},
        {"account_id": "acc_r"},
    ],
)
async def test_an_account_id_used_for_something_else_is_refused(
    saved: Branch, other: dict[str, str | int | AtMaturity]
) -> None:
    await saved.account("acc_f", "mbr_amina", SavingsProduct.FOSA, holding="50,000.00")
    await bind(saved)
    await monthly(saved)

    with pytest.raises(IdempotencyConflict):
        await bind(saved, **other)  # type: ignore[arg-type] # a test's shorthand

    assert await saved.balance("acc_t") == "73,000.00"


async def test_another_member_s_deposit_is_not_confirmed(saved: Branch) -> None:
    otieno = await saved.member("otieno")
    await saved.account("acc_o", otieno, holding="90,000.00")
    await bind(saved)

    with pytest.raises(UnknownSavingsAccount):
        await bind(saved, source_id="acc_o", member_id=otieno)


@pytest.mark.parametrize(
    ("amount", "months", "source_id", "member_id", "refusal"),
    [
        ("9,999.99", 12, "acc_a", "mbr_amina", AmountOutOfRange),
        ("50,000.00", 2, "acc_a", "mbr_amina", TermOutOfRange),
        ("50,000.00", 61, "acc_a", "mbr_amina", TermOutOfRange),
        ("100,000.01", 12, "acc_a", "mbr_amina", NotEnoughSaved),
        ("50,000.00", 12, "acc_a", "mbr_other", UnknownSavingsAccount),
        ("50,000.00", 12, "acc_d", "mbr_amina", NotWithdrawable),
    ],
)
async def test_a_deposit_outside_the_rules_is_refused(
    saved: Branch, amount: str, months: int, source_id: str, member_id: str, refusal: type[Exception]
) -> None:
    await saved.account("acc_d", "mbr_amina", SavingsProduct.DEPOSITS, holding="90,000.00")

    with pytest.raises(refusal):
        await bind(saved, amount, months=months, source_id=source_id, member_id=member_id)

    assert await saved.balance("acc_a") == "100,000.00"


async def test_bound_money_is_not_moved_and_takes_no_more(saved: Branch) -> None:
    await bind(saved)

    with pytest.raises(NotWithdrawable):
        async with saved.database.unit_of_work() as session:
            await transfer(
                session,
                ids=saved.ids,
                key="1",
                member_id="mbr_amina",
                source_id="acc_t",
                destination_id="acc_a",
                amount=Money(1),
                now=NOW,
            )
    with pytest.raises(AccountNotOpen):
        async with saved.database.unit_of_work() as session:
            await pay_in(session, key="1", account_id="acc_t", amount=Money(1), now=NOW)


async def test_a_deposit_broken_early_earns_two_points_less_for_its_whole_time(saved: Branch) -> None:
    await bind(saved)

    paid = await break_it(saved, date(2026, 4, 25))

    # 100 days at 7 % are 1,400.00; 70.00 of it is tax.
    assert str(paid) == "74,330.00"
    assert await saved.balance("acc_a") == "101,330.00"
    with pytest.raises(NotATermDeposit):
        await break_it(saved, date(2026, 4, 25))
    assert await mature(saved, date(2027, 1, 15)) == 0
    await saved.assert_books_agree()


async def test_broken_on_its_first_day_it_earns_nothing(saved: Branch) -> None:
    await bind(saved)

    assert str(await break_it(saved, OPENED)) == "73,000.00"


async def test_only_the_owner_breaks_a_deposit_and_only_a_deposit_is_broken(saved: Branch) -> None:
    await bind(saved)

    with pytest.raises(UnknownSavingsAccount):
        await break_it(saved, OPENED, member="mbr_other")
    with pytest.raises(NotATermDeposit):
        await break_it(saved, OPENED, account_id="acc_a")


async def test_renewed_with_everything_it_begins_again_at_today_s_rate(saved: Branch) -> None:
    await bind(saved, at_maturity=AtMaturity.RENEW_ALL)

    assert await mature(saved, date(2027, 1, 15)) == 1
    assert await saved.balance("acc_t") == "79,241.50"
    assert await saved.balance("acc_a") == "27,000.00"
    assert await mature(saved, date(2028, 1, 14)) == 0
    assert await mature(saved, date(2028, 1, 15)) == 1

    # 9 % of 79,241.50 is 7,131.74 (365 days), less 356.59 tax.
    assert await saved.balance("acc_t") == "86,016.65"
    await saved.assert_books_agree()


async def test_renewed_without_its_interest_that_is_paid_out(saved: Branch) -> None:
    await bind(saved, at_maturity=AtMaturity.RENEW_PRINCIPAL)

    await mature(saved, date(2027, 1, 15))

    assert (await saved.balance("acc_t"), await saved.balance("acc_a")) == ("73,000.00", "33,241.50")
    await saved.assert_books_agree()


async def test_held_money_is_not_paid_out_but_begins_again(saved: Branch) -> None:
    await bind(saved)
    async with saved.database.unit_of_work() as session:
        await holds.place_hold(
            session,
            hold_id="hld_1",
            account_id="acc_t",
            amount=Money(1_000_00),
            reason=HoldReason.LOAN_SECURITY,
            subject="lon_1",
            by="staff",
            now=NOW,
        )

    with pytest.raises(NotEnoughSaved):
        await break_it(saved, date(2026, 4, 25))
    await mature(saved, date(2027, 1, 15))

    assert await saved.balance("acc_t") == "79,241.50"
    await saved.assert_books_agree()


async def test_the_account_that_a_deposit_will_pay_into_is_not_closed(saved: Branch) -> None:
    await bind(saved, "100,000.00")
    await saved.account("acc_f", "mbr_amina", SavingsProduct.FOSA)

    with pytest.raises(AccountNotEmpty):
        async with saved.database.unit_of_work() as session:
            await close_account(
                session, account_id="acc_a", member_id="mbr_amina", pay_to="acc_f", by="staff", now=NOW
            )


async def test_a_month_s_end_books_what_a_running_deposit_has_earned(saved: Branch) -> None:
    await bind(saved)

    async with saved.database.unit_of_work() as session:
        await accrue_interest(session, on=date(2026, 1, 31), now=NOW)

    # 17 days, the first and the last included.
    assert await saved.in_books(f"{Gl.INTEREST_PAYABLE}.fixed_deposit") == "306.00"


async def monthly(branch: Branch, account_id: str = "acc_r", contribution: str = "1,000.00") -> Offer:
    async with branch.database.unit_of_work() as session:
        return await term_deposits.open_recurring_deposit(
            session,
            account_id=account_id,
            member_id="mbr_amina",
            payout_account_id="acc_a",
            contribution=Money.parse(contribution),
            months=6,
            at_maturity=AtMaturity.PAY_OUT,
            now=NOW,
        )


async def test_a_monthly_deposit_kept_up_earns_what_was_offered(saved: Branch) -> None:
    agreed = await monthly(saved)
    assert await monthly(saved) == agreed
    for month in range(1, 7):
        await saved.pay_in("acc_r", "1,000.00", on=date(2026, month, 15))

    await mature(saved, date(2026, 7, 15))

    # 1,000 at 7 % for 181, 150, 122, 91, 61 and 30 days: 121.78.
    assert str(agreed.interest) == "121.78"
    assert await saved.balance("acc_a") == "106,115.69"


async def test_a_monthly_deposit_s_id_stands_for_one_agreement(saved: Branch) -> None:
    await monthly(saved)
    await bind(saved)

    for account_id, contribution in (("acc_r", "2,000.00"), ("acc_t", "1,000.00"), ("acc_a", "1,000.00")):
        with pytest.raises(IdempotencyConflict):
            await monthly(saved, account_id, contribution)


async def test_a_deposit_is_not_broken_into_a_closed_account(saved: Branch) -> None:
    await bind(saved, "100,000.00")
    async with saved.database.unit_of_work() as session:
        await store.set_status(session, "acc_a", AccountStatus.CLOSED, closed_on=OPENED)

    with pytest.raises(AccountNotOpen):
        await break_it(saved, date(2026, 4, 25))

    assert await saved.balance("acc_t") == "100,000.00"


async def test_a_monthly_deposit_that_nobody_paid_into_just_ends(saved: Branch) -> None:
    await monthly(saved)

    assert await mature(saved, date(2026, 7, 15)) == 1

    assert (await saved.find("acc_r")).status is AccountStatus.CLOSED
    assert await saved.notices() == []


def test_what_was_agreed_to_be_saved_by_now() -> None:
    def on(day: date, saved: int) -> tuple[str, str, date | None]:
        standing = kept(contribution=Money(1_000_00), began_on=OPENED, months=3, saved=Money(saved), on=day)
        return str(standing.expected), str(standing.missing), standing.next_on

    assert on(OPENED, 0) == ("1,000.00", "1,000.00", date(2026, 2, 15))
    assert on(date(2026, 2, 14), 5_000_00) == ("1,000.00", "0.00", date(2026, 2, 15))
    assert on(date(2027, 1, 1), 2_999_00) == ("3,000.00", "1.00", None)


def test_the_best_band_that_time_and_amount_reach_is_offered() -> None:
    def percent(months: int, shillings: int) -> Fraction:
        return offer(FIXED, amount=Money(shillings * 100), months=months, on=OPENED).percent

    assert [percent(3, 10_000), percent(6, 10_000), percent(12, 10_000)] == [7, 8, 9]
    assert [percent(12, 500_000), percent(11, 500_000)] == [10, 8]


def test_a_product_without_a_term_has_nothing_to_offer_or_break() -> None:
    savings = USUAL_PRODUCTS[SavingsProduct.SAVINGS]

    with pytest.raises(NotATermDeposit):
        offer(savings, amount=Money(1), months=12, on=OPENED)
    with pytest.raises(NotATermDeposit):
        broken_percent(savings, Fraction(9))
    assert broken_percent(FIXED, Fraction(1)) == 0


BAND = RateBand(3, 0, Fraction(7))


@pytest.mark.parametrize(
    ("months_least", "months_most", "bands"),
    [(0, 12, (BAND,)), (13, 12, (BAND,)), (2, 12, (BAND,)), (3, 12, ())],
)
def test_rules_of_a_term_that_contradict_are_refused(
    months_least: int, months_most: int, bands: tuple[RateBand, ...]
) -> None:
    with pytest.raises(ContradictorySavingsTerms):
        TermRules(months_least, months_most, 0, bands, Fraction(2))


@pytest.mark.parametrize(
    "product",
    [
        {"interest": InterestTerms(), "minimum_balance": 1, "overdraft_limit": 1},
        {"interest": InterestTerms(), "withdrawal": Withdrawal.AT_MATURITY},
        {"interest": InterestTerms(), "term": FIXED.term},
        {"interest": InterestTerms(), "term": FIXED.term, "withdrawal": Withdrawal.AT_MATURITY},
        {"interest": None, "term": FIXED.term, "withdrawal": Withdrawal.AT_MATURITY},
    ],
)
def test_a_product_that_contradicts_itself_is_refused(product: dict[str, object]) -> None:
    with pytest.raises(ContradictorySavingsTerms):
        ProductTerms(SavingsProduct.SAVINGS, **product)  # type: ignore[arg-type] # each value fits its own field
    assert FIXED.interest is not None
    assert FIXED.interest.posting is Interval.AT_MATURITY
