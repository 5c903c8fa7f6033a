"""The books of any day: by control account, under headings, the same whether folded or not."""

import random
from dataclasses import fields
from datetime import date, timedelta
from fractions import Fraction

import pytest

from core.ledger import balances, store
from core.ledger.account import AccountKind, AccountTerms
from core.ledger.chart import CHART, Gl, chart_in, own_account
from core.ledger.journal import Journal, credit, debit
from core.ledger.product_accounts import (
    LoanAccounts,
    SavingsAccounts,
    loan_accounts,
    loan_product_terms,
    savings_accounts,
    savings_product_terms,
)
from core.ledger.trial_balance import Row, TrialBalance, trial_balance
from core.money import Currency, Money
from core.rates import Rate, Rates
from tests.core.ledger.books import AMINA, OTIENO, TODAY, Books, noon, paid_in, paid_out


async def nets(books: Books, on: date) -> dict[str, int]:
    async with books.database.reading() as session:
        return {row.code: row.net.minor for row in (await trial_balance(session, on)).rows if row.net}


async def test_own_accounts_count_to_the_control_account_above_them(books: Books) -> None:
    await books.post(paid_in("a", 500), paid_in("b", 70, OTIENO.code), paid_out("c", 20))

    assert await nets(books, TODAY) == {"1010": 550, "2010": -550}


async def test_the_books_of_an_earlier_day_know_nothing_of_later_ones(books: Books) -> None:
    yesterday = TODAY - timedelta(days=1)
    await books.post(paid_in("today", 500))
    await books.post(paid_in("back-dated", 70, on=yesterday))

    assert await nets(books, yesterday) == {"1010": 70, "2010": -70}
    assert await nets(books, yesterday - timedelta(days=1)) == {}
    assert await nets(books, TODAY) == {"1010": 570, "2010": -570}


async def test_folding_changes_no_day(books: Books) -> None:
    choice = random.Random(3)
    days = [TODAY - timedelta(days=n) for n in range(5)]
    before: dict[date, dict[str, int]] = {}
    for n in range(6):
        await books.post(
            *(paid_in(f"{n}:{k}", choice.randint(1, 99), on=choice.choice(days)) for k in range(4))
        )
        before = {day: await nets(books, day) for day in days}
        await books.fold()
        assert {day: await nets(books, day) for day in days} == before

    assert before[TODAY]["1010"] == await books.balance(Gl.BANK)
    await books.assert_agree()


async def test_headings_sum_up_what_stands_under_them(books: Books) -> None:
    amount = Money(300)
    lent = Journal(
        "lent",
        "x",
        noon(TODAY),
        TODAY,
        (debit("1120.development", amount), credit("4010.development", amount)),
    )
    await books.post(paid_in("a", 500), lent)

    async with books.database.reading() as session:
        told = await trial_balance(session, TODAY)

    assert {heading.code: heading.home.minor for heading in told.headings} == {
        "1000": 500,
        "1100": 300,
        "2000": -500,
        "4000": -300,
    }
    assert told.totals(Currency.KES) == (Money(800), Money(800))
    by_code = {row.code: row for row in told.rows}
    assert (by_code["1010"].debit, by_code["1010"].credit) == (Money(500), Money(0))
    assert (by_code["2010"].debit, by_code["2010"].credit) == (Money(0), Money(500))


async def test_the_balance_of_an_account_on_a_day(books: Books) -> None:
    await books.post(paid_in("a", 500), paid_out("b", 20, on=TODAY + timedelta(days=1)))

    assert await books.balance_on(AMINA.code, TODAY) == 500
    assert await books.balance_on(AMINA.code, TODAY + timedelta(days=1)) == 480
    assert await books.balance_on(Gl.MEMBER_SAVINGS, TODAY) == 500
    assert await books.balance_on(Gl.BANK, TODAY) == 500
    with pytest.raises(KeyError):
        await books.balance_on("2010:nobody", TODAY)
    with pytest.raises(KeyError):
        await books.balance("2010:nobody")


async def test_several_balances_are_one_question(books: Books) -> None:
    await books.post(paid_in("a", 500))

    async with books.database.reading() as session:
        found = await store.balances(session, [AMINA.code, Gl.BANK, "nothing"])

    assert found == {AMINA.code: Money(500), "1010": Money(500)}


async def test_another_currency_balances_by_itself_and_at_home_to_the_cent(books: Books) -> None:
    async with books.database.unit_of_work() as session:
        accounts = own_account(Gl.MEMBER_SAVINGS, "amina", "Amina's dollars", Currency.USD)
        await store.open_accounts(session, [*chart_in(Currency.USD), accounts])
    dollars = [Money(cents, Currency.USD) for cents in (33, 33, 33)]
    for n, amount in enumerate(dollars):
        lines = (debit(("1010.USD", "1005.USD", "1030.USD")[n], amount), credit(accounts.code, amount))
        await books.post(Journal(f"d{n}", "x", noon(TODAY), TODAY, lines))
    rates = Rates([Rate(Currency.USD, Fraction("129.2513"), TODAY)])

    async with books.database.reading() as session:
        told = await trial_balance(session, TODAY, rates=rates)

    assert told.totals(Currency.USD) == (Money(99, Currency.USD), Money(99, Currency.USD))
    assert {row.code: row.home.minor for row in told.rows} == {
        "1005.USD": 4265,
        "1010.USD": 4265,
        "1030.USD": 4265,
        # 12,795.88 cents at the rate: what rounding leaves goes to the largest row.
        "2010.USD": -12795,
    }


def test_a_trial_balance_that_does_not_balance_cannot_be_built() -> None:
    row = Row("1010", "Bank", AccountKind.ASSET, None, None, Money(1), Money(1))

    with pytest.raises(AssertionError, match="does not balance"):
        TrialBalance(TODAY, (row,), ())


async def test_every_account_of_the_chart_is_kept_with_its_tags(books: Books) -> None:
    async with books.database.reading() as session:
        rows = await session.rows(
            "SELECT code, heading, line, liquidity, income_kind FROM ledger_account WHERE code = ANY($1::text[])",
            [terms.code for terms in CHART],
        )

    assert {
        row["code"]: (row["line"], row["liquidity"], row["income_kind"], row["heading"]) for row in rows
    } == {terms.code: (terms.line, terms.liquidity, terms.income_kind, terms.heading) for terms in CHART}


def test_every_account_that_takes_postings_has_a_line_of_the_returns_and_a_heading() -> None:
    headings = {terms.code for terms in CHART if terms.heading}

    for terms in CHART:
        assert terms.heading or (terms.line is not None and terms.parent in headings)
        is_result = terms.kind in {AccountKind.INCOME, AccountKind.EXPENSE}
        assert terms.heading or (terms.income_kind is not None) == is_result
        assert terms.line is None or terms.line.startswith("2F" if is_result else "2G")


@pytest.mark.parametrize(
    ("damage", "where"),
    [
        ("UPDATE ledger_account SET balance = 7 WHERE code = '2010:amina'", "account 2010:amina"),
        ("UPDATE ledger_account SET balance = 7 WHERE code = '1020'", "account 1020"),
        ("UPDATE hot_balance SET balance = balance + 1 WHERE balance > 0", "snapshot of 1010"),
        ("UPDATE daily_turnover SET debit = debit + 1 WHERE debit > 0", "turnover of 1010 on 2026-03-11"),
        ("DELETE FROM daily_turnover WHERE credit > 0", "turnover of 2010 on 2026-03-11"),
    ],
)
async def test_a_damaged_balance_is_found_and_rebuilt_from_the_entries(
    books: Books, damage: str, where: str
) -> None:
    await books.post(paid_in("a", 500))
    for _ in range(100):
        await books.fold()
        async with books.database.reading() as session:
            if await session.rows("SELECT FROM daily_turnover"):
                break
    async with books.database.unit_of_work() as session:
        await session.execute(damage)

    async with books.database.unit_of_work() as session:
        wrong = await balances.rebuild(session)

    assert [difference.where for difference in wrong] == [where]
    await books.assert_agree()


def test_the_chart_at_home_is_the_chart_and_abroad_has_a_position() -> None:
    assert chart_in(Currency.KES) == CHART

    abroad = chart_in(Currency.UGX)
    assert {terms.code for terms in abroad} >= {"1010.UGX", "2010.UGX", "1910.UGX", "1920.UGX", "1930.UGX"}
    assert [terms.code for terms in abroad if terms.currency is Currency.KES] == ["1920.UGX", "1930.UGX"]
    assert not any(terms.heading for terms in abroad)


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        (loan_product_terms("boda", "boda"), loan_accounts("boda")),
        (loan_product_terms("boda", "boda", Currency.USD), loan_accounts("boda", Currency.USD)),
        (savings_product_terms("junior", "junior"), savings_accounts("junior")),
        (
            savings_product_terms("fixed", "fixed", Gl.TERM_DEPOSITS, Currency.UGX),
            savings_accounts("fixed", Gl.TERM_DEPOSITS, Currency.UGX),
        ),
    ],
)
def test_a_product_posts_to_accounts_that_are_opened_for_it(
    terms: tuple[AccountTerms, ...], code: LoanAccounts | SavingsAccounts
) -> None:
    currency = terms[0].currency
    opened = {each.code: each for each in (*terms, *chart_in(currency))}

    posted_to = {getattr(code, field.name) for field in fields(code)}

    assert posted_to <= opened.keys()
    assert {opened[each].currency for each in posted_to} == {currency}
    assert {each.code for each in terms} <= posted_to
