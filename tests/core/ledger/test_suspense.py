"""A receipt waits in suspense until all of it found its place, and the list is what the account holds."""

import asyncio

import pytest

from core.errors import NotInSuspense, UnknownJournal
from core.ledger import postings, store, suspense
from core.ledger.chart import Gl
from core.ledger.journal import Journal, credit, debit
from core.ledger.postings.sides import Part
from core.ledger.reversals import reverse
from core.ledger.store import Posted
from core.money import Money
from tests.core.ledger.books import AMINA, OTIENO, TODAY, Books, noon, paid_in


def receipt(key: str = "receipt:QK1", cents: int = 5_000) -> Journal:
    return postings.receipt_unmatched(
        key=key,
        event_at=noon(TODAY),
        business_date=TODAY,
        received_in=Gl.MPESA_PAYBILL,
        amount=Money(cents),
        meta={"receipt": "QK1", "account": "0711"},
    )


async def keep(books: Books, journal: Journal) -> Posted:
    async with books.database.unit_of_work() as session:
        return await suspense.keep(session, journal)


async def clear(books: Books, key: str, *parts: Part, of: str = "receipt:QK1") -> Posted:
    async with books.database.unit_of_work() as session:
        return await suspense.clear(
            session, of, key=key, event_at=noon(TODAY), business_date=TODAY, given_to=parts
        )


async def undo(books: Books, key: str) -> None:
    async with books.database.unit_of_work() as session:
        await reverse(session, key, event_at=noon(TODAY), business_date=TODAY, reason="wrong member")


async def still_open(books: Books) -> list[tuple[str, int]]:
    async with books.database.reading() as session:
        return [(each.receipt, each.open.minor) for each in await suspense.still_open(session)]


async def test_a_receipt_waits_until_all_of_it_is_cleared(books: Books) -> None:
    await keep(books, receipt())
    assert await still_open(books) == [("receipt:QK1", 5_000)]

    await clear(books, "clear:1", (AMINA.code, Money(3_000)), (OTIENO.code, Money(500)))
    assert await still_open(books) == [("receipt:QK1", 1_500)]
    await clear(books, "clear:2", (AMINA.code, Money(1_500)))

    assert await still_open(books) == []
    assert (await books.balance(Gl.SUSPENSE), await books.balance(AMINA.code)) == (0, 4_500)
    async with books.database.reading() as session:
        assert await suspense.cleared_by(session, "receipt:QK1") == [
            ("clear:1", Money(3_500)),
            ("clear:2", Money(1_500)),
        ]
    await books.assert_agree()


async def test_a_receipt_kept_twice_waits_once(books: Books) -> None:
    await keep(books, receipt())

    again = await keep(books, receipt())

    assert not again.is_new
    assert await still_open(books) == [("receipt:QK1", 5_000)]


async def test_a_clearing_repeated_changes_nothing(books: Books) -> None:
    await keep(books, receipt())
    await clear(books, "clear:1", (AMINA.code, Money(5_000)))

    again = await clear(books, "clear:1", (AMINA.code, Money(5_000)))

    assert not again.is_new
    assert await books.balance(AMINA.code) == 5_000


async def test_no_more_is_cleared_than_waits(books: Books) -> None:
    await keep(books, receipt())
    await keep(books, receipt("receipt:QK2", 9_000))
    await clear(books, "clear:1", (AMINA.code, Money(3_000)))

    with pytest.raises(NotInSuspense) as refusal:
        await clear(books, "clear:2", (AMINA.code, Money(2_001)))

    assert (refusal.value.open_minor, refusal.value.asked_minor) == (2_000, 2_001)
    assert await books.balance(AMINA.code) == 3_000


async def test_two_who_clear_at_once_clear_it_once(books: Books) -> None:
    await keep(books, receipt())
    await keep(books, receipt("receipt:QK2", 9_000))

    results = await asyncio.gather(
        *(clear(books, f"clear:{n}", (AMINA.code, Money(5_000))) for n in range(4)), return_exceptions=True
    )

    assert sum(isinstance(result, Posted) for result in results) == 1
    assert await books.balance(AMINA.code) == 5_000


async def test_what_is_no_receipt_is_not_cleared(books: Books) -> None:
    await books.post(paid_in("a", 100))

    with pytest.raises(UnknownJournal):
        await clear(books, "clear:1", (AMINA.code, Money(100)), of="a")


async def test_a_reversed_clearing_opens_its_receipt_again(books: Books) -> None:
    await keep(books, receipt())
    await clear(books, "clear:1", (AMINA.code, Money(5_000)))

    await undo(books, "clear:1")

    assert await still_open(books) == [("receipt:QK1", 5_000)]
    await clear(books, "clear:2", (OTIENO.code, Money(5_000)))
    assert await books.balance(OTIENO.code) == 5_000
    await books.assert_agree()


async def test_a_reversed_receipt_waits_no_more(books: Books) -> None:
    await keep(books, receipt())

    await undo(books, "receipt:QK1")

    assert await still_open(books) == []
    await books.assert_agree()


async def test_a_receipt_of_which_a_part_was_cleared_is_not_reversed(books: Books) -> None:
    await keep(books, receipt())
    await keep(books, receipt("receipt:QK2", 9_000))
    await clear(books, "clear:1", (AMINA.code, Money(3_000)))

    with pytest.raises(NotInSuspense):
        await undo(books, "receipt:QK1")

    assert await still_open(books) == [("receipt:QK1", 2_000), ("receipt:QK2", 9_000)]


async def test_what_a_journal_puts_into_suspense_beside_other_things_is_noted(books: Books) -> None:
    lines = (debit(Gl.BANK, Money(100)), credit(AMINA.code, Money(60)), credit(Gl.SUSPENSE, Money(40)))
    journal = Journal("mixed", "x", noon(TODAY), TODAY, lines)
    async with books.database.unit_of_work() as session:
        [posted] = await store.post(session, [journal])
        await suspense.note(session, posted.journal_id, journal)

    assert await still_open(books) == [("mixed", 40)]
    await books.assert_agree()


async def test_money_in_suspense_that_is_on_no_list_is_found(books: Books) -> None:
    lines = (debit(Gl.BANK, Money(100)), credit(Gl.SUSPENSE, Money(100)))
    await books.post(Journal("forgotten", "x", noon(TODAY), TODAY, lines))

    with pytest.raises(AssertionError):
        await books.assert_agree()
