"""How does a member pay a loan by M-Pesa? Choose the loan and the amount, confirm the figures, answer the prompt.

The payment's id is minted when the figures are shown and kept with them, so that however often the answer
arrives, or the call drops and goes on, it is one payment. Whole shillings are asked for: cents are rounded up
and the excess goes to the member's savings.
"""

from core.errors import NoLoanToRepay, RepaymentOutOfRange
from core.money import Money
from core.phone import Msisdn
from dialogs.desk import Desk, LoanOwed
from dialogs.flow import (
    STAY,
    Act,
    Ask,
    Choice,
    Confirm,
    Effect,
    End,
    Flow,
    Load,
    Option,
    Outcome,
    Rows,
    Show,
    Variant,
    Visit,
)
from dialogs.inputs import AmountReader
from dialogs.slots import CENTS, MASKED_PHONE, MONEY, PRODUCT
from dialogs.values import Row, money, text

LEAST = Money(100)
"""The least we take, 1.00, unless less than that clears the loan: the prompt knows no cents."""


async def _choose_loan(desk: Desk, visit: Visit) -> Outcome:
    loans = await desk.loans(visit.member_id)
    if not loans:
        return Outcome("no_loan")
    if len(loans) == 1:
        return Outcome("only_one", _figures(loans[0]))
    return Outcome(STAY, {"loans": [_figures(loan) for loan in loans]})


async def _read_figures(desk: Desk, visit: Visit) -> Outcome:
    return Outcome(STAY, _figures(await _loan(desk, visit)))


async def _draw_up(desk: Desk, visit: Visit) -> Outcome:
    """The figures to confirm, held against what is owed now."""
    loan, amount = await _loan(desk, visit), money(visit.values, "amount")
    least = min(LEAST, loan.to_clear)
    if not least <= amount <= loan.to_clear:
        raise RepaymentOutOfRange(minimum_minor=least.minor, maximum_minor=loan.to_clear.minor)
    collected = amount.rounded_up_to_major()
    return Outcome(
        STAY,
        {
            "collected": collected.minor,
            "excess": (collected - amount).minor,
            "phone": Msisdn(visit.phone).masked,
            "payment_id": visit.values.get("payment_id") or desk.new_payment_id(),
        },
    )


async def _pay(desk: Desk, visit: Visit) -> Outcome:
    started = await desk.repay_by_mpesa(
        payment_id=text(visit.values, "payment_id"),
        member_id=visit.member_id,
        loan_id=text(visit.values, "loan_id"),
        amount=money(visit.values, "amount"),
        channel=visit.channel,
    )
    return Outcome("prompted", {"collected": started.collected.minor})


async def _loan(desk: Desk, visit: Visit) -> LoanOwed:
    loan_id = text(visit.values, "loan_id")
    for loan in await desk.loans(visit.member_id):
        if loan.loan_id == loan_id:
            return loan
    raise NoLoanToRepay


def _figures(loan: LoanOwed) -> Row:
    least = min(LEAST, loan.to_clear)
    return {
        "loan_id": loan.loan_id,
        "product": loan.product,
        "due": loan.due_now.minor if least <= loan.due_now <= loan.to_clear else 0,
        "clear": loan.to_clear.minor,
        "least": least.minor,
    }


REPAY = Flow(
    "repay",
    slots={
        "product": PRODUCT,
        "due": MONEY,
        "clear": MONEY,
        "least": MONEY,
        "collected": MONEY,
        "excess": CENTS,
        "phone": MASKED_PHONE,
    },
    states=(
        Choice(
            "loan",
            load=Load(_choose_loan, gives=("loans",), outcomes=("no_loan", "only_one")),
            rows=Rows(of="loans", most=6, chosen="chosen"),
            on={"chosen": "amount", "only_one": "amount", "no_loan": "no_loan"},
        ),
        Choice(
            "amount",
            load=Load(_read_figures, gives=("due", "clear", "least", "product")),
            options=(
                Option("1", "due", to="confirm", needs="due", gives={"amount": "due"}),
                Option("2", "clear", to="confirm", gives={"amount": "clear"}),
                Option("3", "other", to="other"),
            ),
            otherwise=AmountReader(least="least", most="clear"),
            on={"given": "confirm", "lending.no_loan": "refused"},
            worth_resuming=True,
        ),
        Ask(
            "other",
            reader=AmountReader(least="least", most="clear"),
            on={"given": "confirm"},
        ),
        Confirm(
            "confirm",
            load=Load(_draw_up, gives=("collected", "excess", "phone")),
            act=Act(_pay, outcomes=("prompted",), effect=Effect.COLLECT, tracks="payment_id"),
            figures=("collected", "phone"),
            variants=(Variant("rounded", needs="excess"),),
            on={
                "no": "amount",
                "prompted": "prompted",
                "lending.repayment_out_of_range": "amount",
                "lending.no_loan": "refused",
                "payments.in_progress": "refused",
            },
            worth_resuming=True,
        ),
        End("prompted"),
        Show("no_loan"),
        Show("refused", tells=True),
    ),
)
