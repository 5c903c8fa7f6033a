"""Other currencies: every one balances by itself, gains are told realised from unrealised, repeats change nothing."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import CurrencyMismatch, IdempotencyConflict, NoRate
from core.ledger import exchange, store
from core.ledger.chart import Gl, chart_in
from core.ledger.exchange import Revaluation
from core.ledger.positions import Position
from core.ledger.store import Posted
from core.ledger.trial_balance import trial_balance
from core.money import Currency, Money
from core.rates import Rate
from tests.core.ledger.books import TODAY, Books, noon

USD_BANK = "1010.USD"


def kes(cents: int) -> Money:
    return Money(cents)


def usd(cents: int) -> Money:
    return Money(cents, Currency.USD)


@pytest.fixture
async def trading(books: Books) -> Books:
    async with books.database.unit_of_work() as session:
        await store.open_accounts(session, chart_in(Currency.USD))
    return books


async def buy(books: Books, key: str, dollars: int, shillings: int, *, on: date = TODAY) -> Posted:
    async with books.database.unit_of_work() as session:
        return await exchange.exchange(
            session,
            key=key,
            event_at=noon(on),
            business_date=on,
            given=(Gl.BANK, kes(shillings)),
            received=(USD_BANK, usd(dollars)),
        )


async def sell(books: Books, key: str, dollars: int, shillings: int, *, on: date = TODAY) -> Posted:
    async with books.database.unit_of_work() as session:
        return await exchange.exchange(
            session,
            key=key,
            event_at=noon(on),
            business_date=on,
            given=(USD_BANK, usd(dollars)),
            received=(Gl.BANK, kes(shillings)),
        )


async def rate(books: Books, per_dollar: str, on: date = TODAY) -> None:
    async with books.database.unit_of_work() as session:
        await exchange.set_rates(
            session, [Rate(Currency.USD, Fraction(per_dollar), on)], source="Central Bank of Kenya"
        )


async def revalue(books: Books, on: date = TODAY) -> list[Revaluation]:
    async with books.database.unit_of_work() as session:
        return await exchange.revalue(session, on=on, event_at=noon(on))


async def balances(books: Books, *codes: str) -> list[int]:
    return [await books.balance(code) for code in codes]


async def test_dollars_bought_are_held_at_what_they_cost(trading: Books) -> None:
    await buy(trading, "a", 100_00, 13_000_00)

    assert await balances(trading, USD_BANK, Gl.BANK) == [100_00, -13_000_00]
    async with trading.database.reading() as session:
        assert await exchange.current_position(session, Currency.USD) == Position(usd(100_00), kes(13_000_00))
    await trading.assert_agree()


async def test_dollars_sold_above_their_average_cost_are_a_gain_realised(trading: Books) -> None:
    await buy(trading, "a", 100_00, 12_900_00)
    await buy(trading, "b", 100_00, 13_100_00)

    await sell(trading, "c", 50_00, 6_600_00)

    # 50 at the average of 130.00 cost 6,500.00.
    assert await balances(trading, Gl.EXCHANGE_GAIN, Gl.EXCHANGE_LOSS) == [100_00, 0]
    async with trading.database.reading() as session:
        assert await exchange.current_position(session, Currency.USD) == Position(usd(150_00), kes(19_500_00))


async def test_dollars_sold_below_their_cost_are_a_loss_realised(trading: Books) -> None:
    await buy(trading, "a", 100_00, 13_000_00)

    await sell(trading, "b", 100_00, 12_800_00)

    assert await balances(trading, Gl.EXCHANGE_GAIN, Gl.EXCHANGE_LOSS, "1920.USD", "1910.USD") == [
        0,
        200_00,
        0,
        0,
    ]
    await trading.assert_agree()


async def test_an_exchange_repeated_changes_nothing_though_the_position_has_moved(trading: Books) -> None:
    await buy(trading, "a", 100_00, 13_000_00)
    first = await sell(trading, "b", 40_00, 5_300_00)
    await buy(trading, "c", 100_00, 14_000_00)

    again = await sell(trading, "b", 40_00, 5_300_00)

    assert (again.journal_id, again.is_new) == (first.journal_id, False)
    with pytest.raises(IdempotencyConflict):
        await sell(trading, "b", 40_00, 5_300_01)


async def test_an_exchange_is_between_home_and_another_currency(trading: Books) -> None:
    with pytest.raises(CurrencyMismatch):
        async with trading.database.unit_of_work() as session:
            await exchange.exchange(
                session,
                key="a",
                event_at=noon(TODAY),
                business_date=TODAY,
                given=(Gl.BANK, kes(1)),
                received=(Gl.MPESA_PAYBILL, kes(1)),
            )


async def test_what_is_held_is_revalued_at_the_day_s_rate(trading: Books) -> None:
    await buy(trading, "a", 100_00, 13_000_00)
    await rate(trading, "131.5")

    [found] = await revalue(trading)

    assert (found.value, found.change) == (kes(13_150_00), kes(150_00))
    assert await balances(trading, Gl.UNREALISED_EXCHANGE_GAIN, "1930.USD") == [150_00, 150_00]
    async with trading.database.reading() as session:
        rates = await exchange.rates(session)
        books = await trial_balance(session, TODAY, rates=rates)
    at_home = {row.code: row.home.minor for row in books.rows}
    assert at_home["1910.USD"] + at_home["1920.USD"] + at_home["1930.USD"] == 0
    assert at_home[USD_BANK] == 13_150_00
    await trading.assert_agree()


async def test_a_revaluation_repeated_posts_nothing(trading: Books) -> None:
    await buy(trading, "a", 100_00, 13_000_00)
    await rate(trading, "131.5")
    await revalue(trading)

    [again] = await revalue(trading)

    assert again.change == kes(0)
    assert await trading.balance(Gl.UNREALISED_EXCHANGE_GAIN) == 150_00


async def test_a_later_revaluation_posts_the_difference_only(trading: Books) -> None:
    tomorrow = TODAY + timedelta(days=1)
    await buy(trading, "a", 100_00, 13_000_00)
    await rate(trading, "131.5")
    await revalue(trading)
    await rate(trading, "129", tomorrow)

    [found] = await revalue(trading, tomorrow)

    assert found.change == kes(-250_00)
    assert await balances(trading, Gl.UNREALISED_EXCHANGE_GAIN, Gl.UNREALISED_EXCHANGE_LOSS, "1930.USD") == [
        150_00,
        250_00,
        -100_00,
    ]


async def test_a_back_dated_exchange_is_taken_up_by_revaluing_the_day_again(trading: Books) -> None:
    await buy(trading, "a", 100_00, 13_000_00)
    await rate(trading, "131")
    await revalue(trading)
    await buy(trading, "late", 100_00, 13_000_00)

    [found] = await revalue(trading)

    assert found.change == kes(100_00)
    assert await trading.balance("1930.USD") == 200_00


async def test_what_was_unrealised_leaves_with_the_position(trading: Books) -> None:
    await buy(trading, "a", 100_00, 13_000_00)
    await rate(trading, "131")
    await revalue(trading)
    await sell(trading, "b", 100_00, 13_100_00)

    [found] = await revalue(trading)

    assert found.change == kes(-100_00)
    assert await balances(trading, Gl.EXCHANGE_GAIN, "1930.USD") == [100_00, 0]


async def test_without_a_rate_nothing_is_revalued(trading: Books) -> None:
    await buy(trading, "a", 100_00, 13_000_00)
    await rate(trading, "131", TODAY + timedelta(days=1))

    with pytest.raises(NoRate):
        await revalue(trading)


async def test_books_without_other_currencies_have_nothing_to_revalue(books: Books) -> None:
    assert await revalue(books) == []


async def test_a_rate_is_entered_once_and_not_changed(books: Books) -> None:
    await rate(books, "129.2513")
    await rate(books, "129.2513")

    with pytest.raises(IdempotencyConflict):
        await rate(books, "129.2514")

    async with books.database.reading() as session:
        assert (await exchange.rates(session)).on(Currency.USD, TODAY).per_unit == Fraction("129.2513")


async def test_a_rate_that_is_no_decimal_number_is_a_bug(books: Books) -> None:
    with pytest.raises(AssertionError, match="decimal"):
        await rate(books, "1/3")


moves = st.tuples(st.integers(-10_000, 10_000).filter(bool), st.integers(1, 2_000_000))


@given(st.lists(moves, max_size=8))
def test_a_closed_position_has_no_cost_left_and_gains_are_what_was_earned(
    exchanges: list[tuple[int, int]],
) -> None:
    position, gains, paid = Position(usd(0), kes(0)), 0, 0
    closing = -sum(bought for bought, _ in exchanges)
    for bought, price in [*exchanges, *([(closing, 1_000)] if closing else [])]:
        home_paid = kes(price if bought > 0 else -price)
        moved = position.cost_moved(usd(bought), home_paid)
        gains += moved.minor - home_paid.minor
        paid += home_paid.minor
        position = Position(position.held + usd(bought), position.cost + moved)

    assert position == Position(usd(0), kes(0))
    assert gains == -paid
