"""A loan of four instalments of 100.00 and short words for what happens to it."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

from core.lending.events import (
    ChargeAdded,
    Disbursement,
    Happening,
    LoanEvent,
    Payment,
    PaymentKind,
)
from core.lending.loan_state import LoanState
from core.lending.model import Portion
from core.lending.repayment_rules import RepaymentInterest, RepaymentRules
from core.lending.replay import replay
from core.lending.terms import Terms
from core.money import Money

PAID_OUT = date(2026, 1, 1)
TODAY = date(2026, 12, 31)
TERMS = Terms(principal=Money.parse("400"), annual_rate=Fraction(0), instalments=4)
"""100.00 on the first of February, March, April and May."""
AT_A_PRICE = replace(TERMS, annual_rate=Fraction(12, 100))
RULES = RepaymentRules()
BY_DAY = RepaymentRules(interest=RepaymentInterest.BY_DAY)


def kes(text: str) -> Money:
    return Money.parse(text)


def log_of(*happenings: Happening) -> tuple[LoanEvent, ...]:
    """The loan is paid out as number 1; the rest is entered on its last day."""
    first = LoanEvent(1, PAID_OUT, Disbursement(PAID_OUT, TERMS.principal))
    return (first, *(LoanEvent(number, TODAY, what) for number, what in enumerate(happenings, start=2)))


def after(*happenings: Happening, terms: Terms = TERMS, rules: RepaymentRules = RULES) -> LoanState:
    return replay(terms, rules, log_of(*happenings), as_of=TODAY)


def paid(day: date, amount: str, kind: PaymentKind = PaymentKind.REPAYMENT) -> Payment:
    return Payment(day, kes(amount), kind)


def still_open(state: LoanState) -> list[str]:
    return [state.money(row.outstanding).plain() for row in state.rows]


def fee(day: date, amount: str) -> ChargeAdded:
    return ChargeAdded(day, Portion.FEE, kes(amount), "ledger fee")


FEB, MARCH, APRIL, MAY = (date(2026, month, 1) for month in (2, 3, 4, 5))
