"""Is interest posted once for each period, to every account at once, less tax, and as the pure rules say?"""

from datetime import date
from fractions import Fraction

import asyncpg
import pytest

from core.errors import ContradictorySavingsTerms
from core.ledger import postings
from core.ledger import store as ledger
from core.ledger.chart import Gl, chart_terms, in_currency, own_account
from core.ledger.product_accounts import savings_product_terms
from core.money import Currency, Money
from core.savings import interest_store
from core.savings.interest_terms import InterestTerms, Interval, PostingDay
from core.savings.model import SavingsProduct
from core.savings.products import USUAL_PRODUCTS, Catalogue, ProductTerms
from core.savings.service import interest
from core.savings.withholding import Residence, TaxedPayment
from tests.core.savings.branch import Branch, noon

SAVINGS = SavingsProduct.SAVINGS
JAN_1, FEB_1, MAR_1, APR_1 = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1)


def at(percent: str, terms: InterestTerms | None = None, **more: object) -> Catalogue:
    """Savings that earn so much a year."""
    made = ProductTerms(SAVINGS, terms or InterestTerms(), percent=Fraction(percent), **more)  # type: ignore[arg-type] # a test's shorthand
    return USUAL_PRODUCTS.with_terms(made)


SIX_PERCENT = at("6")


async def post_all(branch: Branch, on: date, products: Catalogue = SIX_PERCENT, most: int = 2) -> int:
    """As a day's close does: batch after batch until nothing is left."""
    total = 0
    while True:
        async with branch.database.unit_of_work() as session:
            done = await interest.post_interest(session, on=on, now=noon(on), most=most, products=products)
        total += done
        if not done:
            return total


async def posted(branch: Branch, account_id: str) -> list[tuple[date, str, str]]:
    async with branch.database.reading() as session:
        rows = await interest_store.postings_of(session, account_id)
    return [(row.posted_on, str(Money(row.interest)), str(Money(row.tax))) for row in rows]


async def test_a_month_is_posted_less_tax_on_the_first_of_the_next(branch: Branch) -> None:
    amina = await branch.member("amina")
    await branch.account("acc_a", amina, holding="36,500.00")

    count = await post_all(branch, FEB_1)

    # 31 days of 36,500 at 6 % are 186.00; 5 % of it is the state's.
    assert count == 1
    assert await posted(branch, "acc_a") == [(FEB_1, "186.00", "9.30")]
    assert await branch.balance("acc_a") == "36,676.70"
    assert await branch.in_books(Gl.WITHHOLDING_TAX) == "9.30"
    assert await branch.in_books(f"{Gl.INTEREST_ON_DEPOSITS}.savings") == "186.00"
    await branch.assert_books_agree()


async def test_nothing_is_posted_before_its_day_nor_twice(branch: Branch) -> None:
    amina = await branch.member("amina")
    await branch.account("acc_a", amina, holding="36,500.00")

    assert await post_all(branch, date(2026, 1, 31)) == 0
    assert await post_all(branch, FEB_1) == 1
    assert await post_all(branch, FEB_1) == 0
    assert await post_all(branch, date(2026, 2, 2)) == 0
    assert await branch.balance("acc_a") == "36,676.70"


async def test_what_was_posted_earns_from_the_next_period_on(branch: Branch) -> None:
    amina = await branch.member("amina")
    await branch.account("acc_a", amina, holding="36,500.00")
    await post_all(branch, FEB_1)

    await post_all(branch, MAR_1)

    # 28 days of 36,676.70 at 6 %.
    assert (await posted(branch, "acc_a"))[1] == (MAR_1, "168.81", "8.44")
    await branch.assert_books_agree()


async def test_a_system_that_was_off_posts_each_missed_month_with_its_own_date(branch: Branch) -> None:
    amina = await branch.member("amina")
    await branch.account("acc_a", amina, holding="36,500.00")

    assert await post_all(branch, APR_1) == 3

    assert [day for day, _, _ in await posted(branch, "acc_a")] == [FEB_1, MAR_1, APR_1]


async def test_days_count_with_the_balance_at_their_end(branch: Branch) -> None:
    amina = await branch.member("amina")
    await branch.account("acc_a", amina, holding="10,000.00")
    await branch.pay_in("acc_a", "5,000.00", on=date(2026, 1, 11))
    await branch.pay_out("acc_a", "15,000.00", on=date(2026, 1, 21))
    await branch.pay_in("acc_a", "99,000.00", on=FEB_1)

    await post_all(branch, FEB_1, at("3.65"))

    # 10 days of 10,000 and 10 of 15,000 at a hundredth of a percent a day.
    assert await posted(branch, "acc_a") == [(FEB_1, "25.00", "1.25")]


async def test_a_movement_posted_late_for_a_paid_period_counts_from_the_running_one(branch: Branch) -> None:
    amina = await branch.member("amina")
    await branch.account("acc_a", amina, holding="10,000.00")
    await branch.pay_in("acc_a", "1,000.00", on=date(2026, 2, 1))
    await post_all(branch, FEB_1, at("3.65"))
    await branch.pay_in("acc_a", "5,000.00", on=date(2026, 1, 15))

    await post_all(branch, MAR_1, at("3.65"))

    # January stays as it was paid; February has 16,029.45 (10,000 + 1,000 + 29.45 + 5,000) on all of its 28 days.
    assert await posted(branch, "acc_a") == [(FEB_1, "31.00", "1.55"), (MAR_1, "44.88", "2.24")]


async def test_a_movement_dated_back_within_the_running_period_earns_from_its_date(branch: Branch) -> None:
    amina = await branch.member("amina")
    await branch.account("acc_a", amina, holding="10,000.00")
    await branch.pay_in("acc_a", "1.00", on=date(2026, 1, 31))
    await branch.pay_in("acc_a", "10,000.00", on=date(2026, 1, 22))

    await post_all(branch, FEB_1, at("3.65"))

    assert (await posted(branch, "acc_a"))[0][1] == "41.00"


async def test_many_accounts_of_several_products_are_posted_in_batches(branch: Branch) -> None:
    for number in range(5):
        member = await branch.member(f"m{number}")
        await branch.account(f"acc_{number}", member, holding=f"{number + 1},000.00")
    await branch.account("acc_goal", "mbr_m0", SavingsProduct.GOAL, holding="1,000.00")

    assert await post_all(branch, FEB_1, most=2) == 5
    assert await post_all(branch, APR_1, most=100) == 11

    assert (await posted(branch, "acc_goal"))[0][:2] == (APR_1, "12.33")
    await branch.assert_books_agree()


async def test_last_day_posting_is_dated_within_the_period(branch: Branch) -> None:
    amina = await branch.member("amina")
    products = at("6", InterestTerms(posting_day=PostingDay.LAST_DAY))
    await branch.account("acc_a", amina, holding="36,500.00", products=products)

    assert await post_all(branch, date(2026, 1, 31), products) == 1

    assert await posted(branch, "acc_a") == [(date(2026, 1, 31), "186.00", "9.30")]
    await post_all(branch, date(2026, 2, 28), products)
    assert (await posted(branch, "acc_a"))[1][1] == "168.81"


@pytest.mark.parametrize(
    ("residence", "tax"), [(Residence.NON_RESIDENT, "27.90"), (Residence.EXEMPT, "0.00")]
)
async def test_tax_follows_the_member_s_residence(branch: Branch, residence: Residence, tax: str) -> None:
    amina = await branch.member("amina")
    await branch.account("acc_a", amina, holding="36,500.00")
    async with branch.database.unit_of_work() as session:
        await interest.set_residence(
            session, member_id=amina, residence=residence, by="staff", now=noon(JAN_1)
        )

    await post_all(branch, FEB_1)

    assert await posted(branch, "acc_a") == [(FEB_1, "186.00", tax)]


async def test_a_changed_tax_rate_holds_from_its_day(branch: Branch) -> None:
    amina = await branch.member("amina")
    await branch.account("acc_a", amina, holding="36,500.00")
    async with branch.database.unit_of_work() as session:
        await interest.set_withholding(
            session,
            payment=TaxedPayment.DEPOSIT_INTEREST,
            residence=Residence.RESIDENT,
            since=MAR_1,
            percent=Fraction(15),
            by="staff",
            now=noon(JAN_1),
        )

    await post_all(branch, MAR_1)

    assert [tax for _, _, tax in await posted(branch, "acc_a")] == ["9.30", "25.32"]


async def test_the_board_s_rate_holds_from_its_day_within_a_period(branch: Branch) -> None:
    amina = await branch.member("amina")
    await branch.account("acc_a", amina, holding="10,000.00")
    async with branch.database.unit_of_work() as session:
        await interest.set_rate(
            session,
            product=SAVINGS,
            since=date(2026, 1, 22),
            percent=Fraction("3.65"),
            by="staff",
            now=noon(JAN_1),
        )

    await post_all(branch, FEB_1, USUAL_PRODUCTS)

    assert await posted(branch, "acc_a") == [(FEB_1, "10.00", "0.50")]


async def test_a_negative_rate_is_refused(branch: Branch) -> None:
    with pytest.raises(ContradictorySavingsTerms):
        async with branch.database.unit_of_work() as session:
            await interest.set_rate(
                session, product=SAVINGS, since=JAN_1, percent=Fraction(-1), by="staff", now=noon(JAN_1)
            )
    with pytest.raises(ContradictorySavingsTerms):
        async with branch.database.unit_of_work() as session:
            await interest.set_withholding(
                session,
                payment=TaxedPayment.DIVIDEND,
                residence=Residence.RESIDENT,
                since=JAN_1,
                percent=Fraction(-1),
                by="staff",
                now=noon(JAN_1),
            )


async def test_an_overdraft_is_charged_apart_and_never_past_its_limit(branch: Branch) -> None:
    amina, otieno = await branch.member("amina"), await branch.member("otieno")
    products = at("6", overdraft_percent=Fraction(73), overdraft_limit=100_000)
    await branch.account("acc_a", amina, products=products)
    await branch.account("acc_o", otieno, products=products)
    await branch.pay_out("acc_a", "500.00", on=JAN_1)
    await branch.pay_out("acc_o", "990.00", on=JAN_1)

    await post_all(branch, FEB_1, products)

    # 31 days at 0.2 % a day: 31.00, and of 61.38 only the 10.00 that the limit leaves.
    assert await branch.balance("acc_a") == "-531.00"
    assert await branch.balance("acc_o") == "-1,000.00"
    assert await branch.in_books(Gl.INTEREST_INCOME) == "41.00"
    async with branch.database.reading() as session:
        [row] = await interest_store.postings_of(session, "acc_o")
    assert (row.interest, row.overdraft, row.overdraft_let_go) == (0, 1_000, 5_138)


async def test_what_was_earned_helps_to_pay_for_the_overdraft(branch: Branch) -> None:
    products = at("6", overdraft_percent=Fraction(73), overdraft_limit=100_000)
    amina = await branch.member("amina")
    await branch.account("acc_a", amina, holding="10,000.00", products=products)
    await branch.pay_out("acc_a", "10,990.00", on=date(2026, 1, 16))

    await post_all(branch, FEB_1, products)

    # 15 days earn 24.66 less 1.23 tax; 16 days cost 31.68, which the limit alone would not leave.
    assert await branch.balance("acc_a") == "-998.25"
    await branch.assert_books_agree()


async def test_what_is_earned_and_unpaid_is_booked_at_a_month_s_end_and_comes_off_when_paid(
    branch: Branch,
) -> None:
    amina = await branch.member("amina")
    products = at("6", InterestTerms(posting=Interval.QUARTERLY))
    await branch.account("acc_a", amina, holding="36,500.00", products=products)
    payable = f"{Gl.INTEREST_PAYABLE}.savings"

    async def accrue(on: date) -> int:
        async with branch.database.unit_of_work() as session:
            return await interest.accrue_interest(session, on=on, now=noon(on), products=products)

    assert await accrue(date(2026, 1, 31)) == 1
    assert await branch.in_books(payable) == "186.00"
    assert await accrue(date(2026, 1, 31)) == 0
    await accrue(date(2026, 3, 31))
    assert await branch.in_books(payable) == "540.00"
    await post_all(branch, APR_1, products)
    await accrue(date(2026, 4, 30))

    # The quarter was paid; April's 30 days on 37,013.00 are what is owed now.
    assert await branch.balance("acc_a") == "37,013.00"
    assert await branch.in_books(payable) == "182.53"
    assert await branch.in_books(f"{Gl.INTEREST_ON_DEPOSITS}.savings") == "722.53"
    # As it would have been on an earlier day: the running period had not begun.
    await accrue(date(2026, 3, 30))
    assert await branch.in_books(payable) == "0.00"
    await branch.assert_books_agree()


async def test_what_is_booked_follows_a_day_s_figures_there_and_back_and_there_again(branch: Branch) -> None:
    await branch.account("acc_a", await branch.member("amina"), holding="36,500.00")
    end = date(2026, 1, 31)
    booked = []

    for change in ("0", "36,500.00", "-36,500.00", "36,500.00"):
        if change != "0":
            move = branch.pay_out if change.startswith("-") else branch.pay_in
            await move("acc_a", change.removeprefix("-"), on=end)
        async with branch.database.unit_of_work() as session:
            await interest.accrue_interest(session, on=end, now=noon(end), products=SIX_PERCENT)
        booked.append(await branch.in_books(f"{Gl.INTEREST_PAYABLE}.savings"))

    assert booked == ["186.00", "192.00", "186.00", "192.00"]


async def test_equal_sums_in_two_currencies_are_booked_apart(branch: Branch) -> None:
    amina, otieno = await branch.member("amina"), await branch.member("otieno")
    await branch.account("acc_a", amina, holding="36,500.00")
    await branch.account("acc_u", otieno)
    dollars = own_account(Gl.MEMBER_SAVINGS, "acc_u", "dollars", Currency.USD)
    bank = in_currency(chart_terms(Gl.BANK), Currency.USD)
    async with branch.database.unit_of_work() as session:
        controls = savings_product_terms(SAVINGS, "Savings", currency=Currency.USD)
        await ledger.open_accounts(session, [*controls, bank, dollars])
        await session.execute("UPDATE savings_account SET ledger_code = $1 WHERE id = 'acc_u'", dollars.code)
        paid_in = postings.money_paid_in(
            key="dollars",
            kind="test",
            event_at=noon(JAN_1),
            business_date=JAN_1,
            account=dollars.code,
            amount=Money(36_500_00, Currency.USD),
            received_in=bank.code,
        )
        await ledger.post(session, [paid_in])

    async with branch.database.unit_of_work() as session:
        on = date(2026, 1, 31)
        assert await interest.accrue_interest(session, on=on, now=noon(on), products=SIX_PERCENT) == 2

    for currency in (Currency.KES, Currency.USD):
        payable = SIX_PERCENT.accounts(SAVINGS, currency).interest_payable
        assert await branch.in_books(payable) == "186.00"


async def test_what_was_posted_is_never_changed(branch: Branch) -> None:
    amina = await branch.member("amina")
    await branch.account("acc_a", amina, holding="36,500.00")
    await post_all(branch, FEB_1)

    with pytest.raises(asyncpg.PostgresError, match="never changed"):
        async with branch.database.unit_of_work() as session:
            await session.execute("UPDATE interest_posting SET interest = 1")
