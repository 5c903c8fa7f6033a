"""What does an order that failed cost, and when is its fee let go?"""

from datetime import date

from core.ledger.chart import Gl
from core.savings.model import SavingsProduct
from tests.core.savings.branch import Branch
from tests.core.savings.order_terms import terms
from tests.core.savings.test_standing_orders import order, run, saved

__all__ = ["saved"]


async def test_a_run_that_failed_costs_a_fee_once_with_excise_on_it(saved: Branch) -> None:
    await order(saved, wanted=terms("1,500.00"))

    for day in (5, 6):
        await run(saved, date(2026, 3, day))
        assert await saved.balance("acc_a") == "1,000.00"
    for day in (7, 7, 8):
        await run(saved, date(2026, 3, day))

    assert await saved.balance("acc_a") == "940.00"
    assert await saved.in_books("4210.savings") == "50.00"
    assert await saved.in_books(Gl.EXCISE_DUTY) == "10.00"
    await saved.assert_books_agree()


async def test_a_fee_that_is_not_there_is_let_go(saved: Branch) -> None:
    await saved.account("acc_poor", "mbr_amina", SavingsProduct.FOSA, holding="100.00")
    for number in (1, 2):
        await order(saved, f"sto_{number}", wanted=terms("1,500.00"), source_id="acc_poor")

    for day in (5, 6, 7):
        await run(saved, date(2026, 3, day))

    assert await saved.balance("acc_poor") == "40.00"
    await saved.assert_books_agree()
