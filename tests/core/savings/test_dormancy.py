"""Are accounts that nobody uses warned of, put to sleep, and looked at only when it matters?"""

from datetime import date
from fractions import Fraction

from core.savings.interest_terms import InterestTerms
from core.savings.model import AccountStatus, SavingsProduct
from core.savings.products import USUAL_PRODUCTS, Catalogue, ProductTerms
from core.savings.service import dormancy, interest
from tests.core.savings.branch import Branch, noon

OPENED = date(2025, 1, 10)


async def look(branch: Branch, on: date, products: Catalogue = USUAL_PRODUCTS) -> int:
    async with branch.database.unit_of_work() as session:
        return await dormancy.mark_quiet_accounts(
            session, ids=branch.ids, on=on, now=noon(on), products=products
        )


async def test_a_quiet_account_is_warned_of_and_then_sleeps(branch: Branch) -> None:
    amina = await branch.member("amina")
    await branch.account("acc_a", amina, on=OPENED, holding="100.00")

    assert await look(branch, date(2025, 10, 9)) == 0
    assert await look(branch, date(2025, 10, 10)) == 1
    assert await look(branch, date(2025, 10, 10)) == 0
    assert await branch.notices() == [(amina, "account_quiet")]
    assert await look(branch, date(2026, 1, 10)) == 1

    assert (await branch.find("acc_a")).status is AccountStatus.DORMANT
    assert (await branch.notices())[-1] == (amina, "account_dormant")
    assert await look(branch, date(2027, 1, 10)) == 0


async def test_a_movement_by_the_member_starts_the_months_again_and_interest_does_not(
    branch: Branch,
) -> None:
    amina = await branch.member("amina")
    earning = ProductTerms(SavingsProduct.SAVINGS, InterestTerms(), percent=Fraction(6))
    products = USUAL_PRODUCTS.with_terms(earning)
    await branch.account("acc_a", amina, on=OPENED, holding="10,000.00", products=products)
    await branch.pay_in("acc_a", "1.00", on=date(2025, 6, 1))
    for month in range(2, 13):
        on = date(2025, month, 1)
        async with branch.database.unit_of_work() as session:
            await interest.post_interest(session, on=on, now=noon(on), products=products)

    assert await look(branch, date(2025, 10, 10), products) == 1
    assert await branch.notices() == []
    assert await look(branch, date(2026, 3, 1), products) == 1
    assert await branch.notices() == [(amina, "account_quiet")]


async def test_a_posting_dated_back_does_not_hide_a_later_use(branch: Branch) -> None:
    amina = await branch.member("amina")
    await branch.account("acc_a", amina, on=OPENED)
    await branch.pay_in("acc_a", "100.00", on=date(2025, 12, 31))
    await branch.pay_in("acc_a", "1.00", on=date(2025, 1, 20))

    assert await look(branch, date(2026, 1, 10)) == 1

    assert (await branch.find("acc_a")).status is AccountStatus.ACTIVE
    assert await branch.notices() == []


async def test_an_empty_account_sleeps_without_a_message(branch: Branch) -> None:
    amina = await branch.member("amina")
    await branch.account("acc_a", amina, on=OPENED)

    assert await look(branch, date(2026, 2, 1)) == 1

    assert (await branch.find("acc_a")).status is AccountStatus.DORMANT
    assert await branch.notices() == []


async def test_a_product_that_may_rest_is_never_looked_at(branch: Branch) -> None:
    amina = await branch.member("amina")
    await branch.account("acc_d", amina, SavingsProduct.DEPOSITS, on=OPENED, holding="100.00")

    assert await look(branch, date(2035, 1, 1)) == 0


async def test_terms_may_warn_of_nothing_or_have_become_patient(branch: Branch) -> None:
    amina, otieno = await branch.member("amina"), await branch.member("otieno")
    unwarned = USUAL_PRODUCTS.with_terms(ProductTerms(SavingsProduct.SAVINGS, None, warned_after_months=None))
    patient = USUAL_PRODUCTS.with_terms(
        ProductTerms(SavingsProduct.SAVINGS, None, dormant_after_months=None, warned_after_months=None)
    )
    await branch.account("acc_a", amina, on=OPENED)
    await branch.account("acc_o", otieno, on=date(2025, 3, 1))

    assert await look(branch, date(2025, 12, 1), unwarned) == 2
    assert await look(branch, date(2026, 1, 10), patient) == 1

    assert (await branch.find("acc_a")).status is AccountStatus.ACTIVE
    assert await look(branch, date(2026, 3, 1), unwarned) == 1
    assert (await branch.find("acc_o")).status is AccountStatus.DORMANT
