"""Is what breaking a deposit pays told as it is then paid?"""

from datetime import date

import pytest

from core.errors import NotATermDeposit, UnknownSavingsAccount
from core.money import Money
from core.savings.service.break_quote import BreakQuote, quote_break
from core.savings.service.term_deposits import break_term, open_fixed_deposit
from core.savings.term_deposits import AtMaturity
from tests.core.savings.branch import Branch, noon


@pytest.fixture
async def fixed(branch: Branch) -> Branch:
    amina = await branch.member("amina")
    await branch.account("acc_a", amina, holding="100,000.00")
    async with branch.database.unit_of_work() as session:
        await open_fixed_deposit(
            session,
            account_id="acc_fixed",
            member_id=amina,
            source_id="acc_a",
            amount=Money(73_000_00),
            months=12,
            at_maturity=AtMaturity.PAY_OUT,
            now=noon(date(2026, 1, 15)),
        )
    return branch


async def quoted(branch: Branch, *, on: date, member: str = "mbr_amina") -> BreakQuote:
    async with branch.database.unit_of_work() as session:
        return await quote_break(session, account_id="acc_fixed", member_id=member, now=noon(on))


async def test_what_is_quoted_is_what_is_paid(fixed: Branch) -> None:
    day = date(2026, 7, 15)
    quote = await quoted(fixed, on=day)

    async with fixed.database.unit_of_work() as session:
        paid = await break_term(
            session, ids=fixed.ids, account_id="acc_fixed", member_id="mbr_amina", now=noon(day)
        )

    assert quote.paid == paid
    assert quote.lost > Money(0)
    with pytest.raises(NotATermDeposit):
        await quoted(fixed, on=day)


async def test_another_member_s_deposit_is_not_quoted(fixed: Branch) -> None:
    other = await fixed.member("otieno")

    with pytest.raises(UnknownSavingsAccount):
        await quoted(fixed, on=date(2026, 7, 15), member=other)
