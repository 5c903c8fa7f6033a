"""Is a year distributed to every member once, in steps that may stop, with what is owed first?"""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

import pytest

from core.errors import DividendAlreadyDeclared, DividendNotDeclared, DividendTooEarly, UnknownMember
from core.ledger.chart import Gl, own_code
from core.money import Money
from core.savings.model import SavingsProduct
from core.shares import distribution, dividend_store
from core.shares.dividend import Capitalisation, DividendRules, Payout, ProgressionRow
from tests.core.savings.branch import Branch, noon
from tests.core.savings.lender import Lender

YEAR = 2025
MEETING = date(2026, 3, 28)
NOW = noon(MEETING)
RULES = DividendRules(YEAR, share_percent=Fraction(10), deposit_percent=Fraction(6))


@pytest.fixture
async def year(branch: Branch) -> Branch:
    """Five members: deposits 12,000.00 and shares 5,000.00 from before the year; the last has neither."""
    before = date(2024, 12, 1)
    for name in ("amina", "juma", "njeri", "otieno", "zawadi"):
        member = await branch.member(name, on=before)
        if name == "zawadi":
            continue
        if name != "juma":
            await branch.account(f"sav_{name}", member, on=before)
        await branch.account(f"dep_{name}", member, SavingsProduct.DEPOSITS, on=before, holding="12,000.00")
        await branch.shares(f"shr_{name}", member, on=before, holding="5,000.00")
    # Not of the year any more.
    await branch.pay_in("dep_amina", "50,000.00", on=date(2026, 1, 1))
    return branch


async def declare(
    branch: Branch, rules: DividendRules = RULES, capitalise: Capitalisation | None = None
) -> None:
    async with branch.database.unit_of_work() as session:
        await distribution.declare(
            session, rules, pays_on=MEETING, by="staff", now=NOW, capitalise=capitalise
        )


async def reckon(branch: Branch, most: int = 2) -> None:
    after: str | None = ""
    while after is not None:
        async with branch.database.unit_of_work() as session:
            after = await distribution.reckon_members(session, year=YEAR, after=after, most=most)


async def book(branch: Branch) -> Money:
    async with branch.database.unit_of_work() as session:
        return await distribution.book(session, year=YEAR, now=NOW)


async def pay(branch: Branch, lender: Lender | None = None, most: int = 3) -> list[int]:
    counts = [1]
    while counts[-1]:
        async with branch.database.unit_of_work() as session:
            counts.append(
                await distribution.pay_members(
                    session, ids=branch.ids, year=YEAR, now=NOW, loans=lender, most=most
                )
            )
    return counts[1:]


async def choose(branch: Branch, member: str, payout: Payout) -> None:
    async with branch.database.unit_of_work() as session:
        await distribution.choose_payout(session, member_id=member, payout=payout, now=NOW)


async def progression(branch: Branch, member: str) -> Sequence[ProgressionRow]:
    async with branch.database.reading() as session:
        return await dividend_store.progression(session, year=YEAR, member_id=member)


async def test_everybody_is_paid_once_as_they_chose(year: Branch) -> None:
    await choose(year, "mbr_njeri", Payout.DEPOSITS)
    await choose(year, "mbr_otieno", Payout.MPESA)
    await declare(year)
    await reckon(year)
    await reckon(year)

    # 6 % of 12,000 and 10 % of 5,000 for each of four; 61.00 of each 1,220.00 is tax.
    assert str(await book(year)) == "4,880.00"
    assert await pay(year) == [3, 1, 0]
    assert await pay(year) == [0]

    assert await year.balance("sav_amina") == "1,159.00"
    assert await year.balance("dep_njeri") == "13,159.00"
    # Juma has no savings account: the money goes where it can.
    assert await year.balance("dep_juma") == "13,159.00"
    assert await year.in_books(Gl.PAYOUTS_HELD) == "1,159.00"
    assert await year.in_books(Gl.WITHHOLDING_TAX) == "244.00"
    assert await year.in_books(Gl.DIVIDENDS_PAYABLE) == "0.00"
    assert await year.in_books(Gl.INTEREST_ON_DEPOSITS) == "2,880.00"
    assert await year.in_books(Gl.RETAINED_EARNINGS) == "-2,000.00"
    assert [kind for _, kind in await year.notices()] == ["dividend_paid"] * 4
    await year.assert_books_agree()


async def test_a_member_may_ask_for_their_months(year: Branch) -> None:
    await year.pay_in("dep_amina", "1,200.00", on=date(2025, 6, 9))
    await declare(year)
    await reckon(year)

    rows = await progression(year, "mbr_amina")

    assert [row.month for row in rows] == list(range(14))
    assert (str(rows[0].deposits), rows[0].weight, str(rows[0].net)) == ("12,000.00", 12, "1,159.00")
    assert (str(rows[6].deposits), rows[6].weight, str(rows[6].interest)) == ("1,200.00", 6, "36.00")
    assert await progression(year, "mbr_zawadi") == []


async def test_shares_are_bought_with_what_the_rules_let_become_shares(year: Branch) -> None:
    await choose(year, "mbr_amina", Payout.SHARES)
    await choose(year, "mbr_juma", Payout.SHARES)
    await declare(year, capitalise=Capitalisation(percent=60))
    await reckon(year)
    await book(year)

    await pay(year)

    # 60 % of 1,159.00 is 695.40: six shares.
    assert await year.in_books(own_code(Gl.SHARE_CAPITAL, "shr_amina")) == "5,600.00"
    assert await year.balance("sav_amina") == "559.00"
    assert await year.balance("dep_juma") == "13,159.00"
    await year.assert_books_agree()


async def test_what_is_overdue_on_loans_is_paid_first(year: Branch) -> None:
    lender = Lender()
    lender.lend("lon_1", "mbr_amina", "300.00")
    lender.lend("lon_2", "mbr_amina", "100.00")
    lender.lend("lon_3", "mbr_otieno", "9,000.00")
    lender.lend("lon_4", "mbr_juma", "10.00")
    await choose(year, "mbr_amina", Payout.DEPOSITS)
    await declare(year)
    await reckon(year)
    await book(year)

    await pay(year, lender)

    assert [str(lender.owed[loan].amount) for loan in ("lon_1", "lon_2", "lon_3")] == [
        "0.00",
        "0.00",
        "7,841.00",
    ]
    assert await year.balance("dep_amina") == "62,759.00"
    assert (await year.balance("sav_amina"), await year.balance("sav_otieno")) == ("0.00", "0.00")
    await year.assert_books_agree()


async def test_a_choice_of_an_account_one_does_not_have_falls_to_savings(year: Branch) -> None:
    member = await year.member("wanjiku")
    await year.account("sav_wanjiku", member)
    await year.shares("shr_wanjiku", member, on=date(2024, 12, 1), holding="5,000.00")
    for_shares = await year.member("baraka")
    await year.account("dep_baraka", for_shares, SavingsProduct.DEPOSITS, holding="0")
    await year.account("sav_baraka", for_shares)
    await year.pay_in("dep_baraka", "1,200.00", on=date(2025, 1, 1))
    await choose(year, member, Payout.DEPOSITS)
    await choose(year, for_shares, Payout.SHARES)
    lonely = await year.member("lonely")
    await year.shares("shr_lonely", lonely, on=date(2024, 12, 1), holding="5,000.00")
    await declare(year)
    await reckon(year)
    await book(year)

    await pay(year)

    assert await year.balance("sav_wanjiku") == "475.00"
    assert await year.balance("sav_baraka") == "62.70"
    assert await year.in_books(Gl.PAYOUTS_HELD) == "475.00"


async def test_who_has_left_earns_nothing_unless_the_rules_say_so(year: Branch) -> None:
    async with year.database.unit_of_work() as session:
        await session.execute("UPDATE member SET status = 'exited' WHERE id = 'mbr_amina'")
    await declare(year)
    await reckon(year)

    assert await progression(year, "mbr_amina") == []
    assert str(await book(year)) == "3,660.00"


async def test_a_year_is_declared_once_and_after_it_is_over(year: Branch) -> None:
    await declare(year)

    with pytest.raises(DividendAlreadyDeclared):
        await declare(year)
    with pytest.raises(DividendTooEarly):
        await declare(year, DividendRules(2026, Fraction(1), Fraction(1)))


async def test_steps_come_in_their_order(year: Branch) -> None:
    with pytest.raises(DividendNotDeclared):
        await reckon(year)
    await declare(year)
    with pytest.raises(DividendNotDeclared):
        await pay(year)
    await reckon(year)
    await book(year)

    with pytest.raises(DividendNotDeclared):
        await book(year)
    with pytest.raises(DividendNotDeclared):
        await reckon(year)


async def test_a_year_that_earned_nothing_is_booked_as_nothing(year: Branch) -> None:
    await declare(year, DividendRules(YEAR, Fraction(0), Fraction(0)))
    await reckon(year)

    assert not await book(year)
    assert await pay(year) == [0]


async def test_who_wants_it_on_loans_pays_ahead_and_keeps_what_the_loans_do_not_take(year: Branch) -> None:
    lender = Lender(takes_ahead=False)
    lender.lend("lon_1", "mbr_amina", "300.00")
    lender.lend("lon_2", "mbr_otieno", "9,000.00", due="100.00")
    for member in ("amina", "otieno", "njeri", "juma"):
        await choose(year, f"mbr_{member}", Payout.LOANS)
    await declare(year)
    await reckon(year)
    await book(year)

    await pay(year, lender)

    assert {loan: str(due.amount) for loan, due in lender.owed.items()} == {
        "lon_1": "0.00",
        "lon_2": "7,841.00",
    }
    assert lender.held == ["lon_1", "lon_2"]
    assert [await year.balance(f"sav_{name}") for name in ("amina", "otieno", "njeri")] == [
        "859.00",
        "0.00",
        "1,159.00",
    ]
    # Who has no savings account to pay from gets it where they have one.
    assert await year.balance("dep_juma") == "13,159.00"
    assert await divided(year) == {
        "mbr_amina": (30_000, 0, 85_900),
        "mbr_otieno": (10_000, 105_900, 0),
        "mbr_njeri": (0, 0, 115_900),
        "mbr_juma": (0, 0, 0),
    }
    await year.assert_books_agree()


async def test_without_lending_what_was_for_loans_stays_on_savings(year: Branch) -> None:
    await choose(year, "mbr_amina", Payout.LOANS)
    await declare(year)
    await reckon(year)
    await book(year)

    await pay(year)

    assert await year.balance("sav_amina") == "1,159.00"
    assert (await divided(year))["mbr_amina"] == (0, 0, 115_900)


async def test_a_choice_is_kept_until_another_and_is_no_stranger_s(year: Branch) -> None:
    async with year.database.reading() as session:
        assert await dividend_store.choice(session, "mbr_amina") is Payout.SAVINGS

    await choose(year, "mbr_amina", Payout.SHARES)
    await choose(year, "mbr_amina", Payout.LOANS)

    async with year.database.reading() as session:
        assert await dividend_store.choice(session, "mbr_amina") is Payout.LOANS
    with pytest.raises(UnknownMember):
        await choose(year, "mbr_stranger", Payout.LOANS)


async def test_a_year_is_paid_from_its_day_on_once_it_is_booked(year: Branch) -> None:
    async def to_pay(on: date) -> int | None:
        async with year.database.reading() as session:
            return await dividend_store.year_to_pay(session, on=on)

    await declare(year)
    await reckon(year)
    assert await to_pay(MEETING) is None
    await book(year)

    assert await to_pay(date(2026, 3, 27)) is None
    assert await to_pay(MEETING) == await to_pay(date(2026, 6, 1)) == YEAR
    await pay(year)
    assert await to_pay(MEETING) is None


async def divided(branch: Branch) -> dict[str, tuple[int, int, int]]:
    """What went to arrears, loans and savings, by member."""
    async with branch.database.reading() as session:
        rows = await session.rows("SELECT * FROM dividend_member WHERE year = $1", YEAR)
    return {row["member_id"]: (row["to_arrears"], row["to_loans"], row["to_savings"]) for row in rows}
