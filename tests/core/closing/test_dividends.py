"""What a year earned is paid by the close of its day, once, on loans too for who wants that."""

from datetime import date
from fractions import Fraction

from core.day_close import Closing, close_day, close_missed
from core.ledger import balances
from core.members import store as members
from core.shares import distribution
from core.shares.dividend import DividendRules, Payout
from imarisha.institution import AMINA, OTIENO, Person
from tests.clock import StoppedClock
from tests.core.closing.books import everything
from tests.core.closing.test_day_close import DAY, TODAY, rows, to_the_night_after

YEAR = 2025


async def decided(closing: Closing, *, pays_on: date) -> None:
    """The meeting's decision on a year, reckoned and booked today."""
    rules = DividendRules(YEAR, share_percent=Fraction(10), deposit_percent=Fraction(5))
    now = closing.clock.now()
    async with closing.database.unit_of_work() as session:
        await distribution.declare(session, rules, pays_on=pays_on, by="board", now=now)
        await distribution.reckon_members(session, year=YEAR)
        await distribution.book(session, year=YEAR, now=now)


async def chooses(closing: Closing, person: Person, payout: Payout) -> str:
    async with closing.database.unit_of_work() as session:
        found, _ = await members.by_phone(session, person.phone)
        await distribution.choose_payout(
            session, member_id=found.member_id, payout=payout, now=closing.clock.now()
        )
    return found.member_id


async def test_members_are_paid_on_the_day_and_as_they_chose(closing: Closing, clock: StoppedClock) -> None:
    amina = await chooses(closing, AMINA, Payout.LOANS)
    otieno = await chooses(closing, OTIENO, Payout.SHARES)
    await decided(closing, pays_on=TODAY + DAY)
    to_the_night_after(clock, TODAY)
    await close_day(closing, on=TODAY)
    assert await rows(closing.database, "SELECT count(*) FROM dividend_member WHERE paid_on IS NOT NULL") == [
        (0,)
    ]
    to_the_night_after(clock, TODAY + DAY)

    await close_day(closing, on=TODAY + DAY)

    assert await rows(closing.database, "SELECT DISTINCT paid_on FROM dividend_member") == [(TODAY + DAY,)]
    [(net, to_loans)] = await rows(
        closing.database,
        """SELECT dividend + interest - dividend_tax - interest_tax, to_loans FROM dividend_member
            WHERE member_id = $1""",
        amina,
    )
    assert net == to_loans
    assert await rows(
        closing.database,
        """SELECT e.amount, e.entered_on FROM loan_event e JOIN loan l ON l.id = e.loan_id
            WHERE l.member_id = $1 AND e.key LIKE 'dividend:%'""",
        amina,
    ) == [(net, TODAY + DAY)]
    [(to_shares,)] = await rows(
        closing.database, "SELECT to_shares FROM dividend_member WHERE member_id = $1", otieno
    )
    assert to_shares
    async with closing.database.reading() as session:
        assert await balances.differences(session) == []


async def test_days_that_were_missed_pay_on_the_first_after_the_booking(
    closing: Closing, clock: StoppedClock
) -> None:
    clock.move(days=3)
    await decided(closing, pays_on=TODAY)
    to_the_night_after(clock, TODAY + 4 * DAY)

    await close_missed(closing)

    assert await rows(closing.database, "SELECT DISTINCT paid_on FROM dividend_member") == [
        (TODAY + 3 * DAY,)
    ]


async def test_a_second_close_pays_nobody_again(closing: Closing, clock: StoppedClock) -> None:
    await decided(closing, pays_on=TODAY)
    to_the_night_after(clock, TODAY)
    await close_day(closing, on=TODAY)
    before = await everything(closing.database)

    assert not await close_day(closing, on=TODAY)

    assert await everything(closing.database) == before
