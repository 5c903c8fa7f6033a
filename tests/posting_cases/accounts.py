"""Whose accounts are in the cases, and on which day everything happens."""

from datetime import date, datetime, time

from core.clock import NAIROBI
from core.ledger.account import AccountTerms
from core.ledger.chart import CHART, Gl, chart_in, own_account
from core.ledger.product_accounts import (
    loan_accounts,
    loan_product_terms,
    savings_accounts,
    savings_product_terms,
)
from core.money import Currency, Money

DAY = date(2026, 3, 31)
AT = datetime.combine(DAY, time(12), NAIROBI)

LOANS = loan_accounts("development")
SAVINGS = savings_accounts("savings")
TERM = savings_accounts("fixed", Gl.TERM_DEPOSITS)

AMINA_SAVINGS = own_account(SAVINGS.balance, "amina", "Savings, Amina")
OTIENO_SAVINGS = own_account(SAVINGS.balance, "otieno", "Savings, Otieno")
AMINA_DEPOSITS = own_account(Gl.MEMBER_DEPOSITS, "amina", "Deposits, Amina")
AMINA_SHARES = own_account(Gl.SHARE_CAPITAL, "amina", "Shares, Amina")
OTIENO_SHARES = own_account(Gl.SHARE_CAPITAL, "otieno", "Shares, Otieno")
AMINA_LOAN = own_account(LOANS.principal, "LN-00001", "Principal, Amina's loan")
AMINA_OLD_LOAN = own_account(LOANS.principal, "LN-00000", "Principal, Amina's old loan")
AMINA_FIXED = own_account(TERM.balance, "amina", "Fixed deposit, Amina")

ACCOUNTS: tuple[AccountTerms, ...] = (
    *CHART,
    *chart_in(Currency.USD),
    *loan_product_terms("development", "development"),
    *savings_product_terms("savings", "savings"),
    *savings_product_terms("fixed", "fixed deposit", Gl.TERM_DEPOSITS),
    AMINA_SAVINGS,
    OTIENO_SAVINGS,
    AMINA_DEPOSITS,
    AMINA_SHARES,
    OTIENO_SHARES,
    AMINA_LOAN,
    AMINA_OLD_LOAN,
    AMINA_FIXED,
)


def kes(amount: str) -> Money:
    """Shillings, below zero with a minus."""
    return -Money.parse(amount[1:]) if amount.startswith("-") else Money.parse(amount)


def usd(amount: str) -> Money:
    return Money.parse(amount, Currency.USD)
