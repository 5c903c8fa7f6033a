"""Which accounts does a product post to? One value per product, made from the chart and its code."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.ledger.account import AccountTerms
from core.ledger.chart import HOME_CURRENCY, Gl, code_in, in_currency, of_product, product_code
from core.money import Currency


@dataclass(frozen=True, slots=True)
class LoanAccounts:
    """Codes for one loan product in one currency; a society that books otherwise replaces single ones."""

    principal: str
    """Control account over the loans' own accounts."""
    interest_due: str
    fees_due: str
    penalties_due: str
    interest_in_suspense: str
    allowance: str
    interest_income: str
    fee_income: str
    penalty_income: str
    loss_expense: str
    """Provisions, up and down."""
    written_off: str
    """What a write-off finds no allowance for."""
    recovered: str
    excise: str
    insurance: str


@dataclass(frozen=True, slots=True)
class SavingsAccounts:
    """Codes for one savings, deposit or share product in one currency."""

    balance: str
    """Control account over the members' own accounts."""
    interest_expense: str
    interest_payable: str
    """Accrued and not yet posted to members."""
    fee_income: str
    overdraft_income: str
    withholding: str
    excise: str


_LOAN_CONTROLS = (
    Gl.LOAN_PRINCIPAL,
    Gl.INTEREST_DUE,
    Gl.FEES_DUE,
    Gl.PENALTIES_DUE,
    Gl.INTEREST_IN_SUSPENSE,
    Gl.LOAN_LOSS_ALLOWANCE,
    Gl.INTEREST_INCOME,
    Gl.LOAN_FEES,
    Gl.LOAN_PENALTIES,
    Gl.LOAN_LOSS_EXPENSE,
    Gl.LOANS_WRITTEN_OFF,
    Gl.LOANS_RECOVERED,
)
_SAVINGS_CONTROLS = (Gl.INTEREST_ON_DEPOSITS, Gl.INTEREST_PAYABLE, Gl.ACCOUNT_FEES)


def loan_accounts(product: str, currency: Currency = HOME_CURRENCY) -> LoanAccounts:
    """The accounts of a loan product by its code; taxes and premiums are shared by all products.

    >>> loan_accounts("development").interest_due
    '1120.development'
    """

    def of(code: Gl) -> str:
        return code_in(product_code(code, product), currency)

    return LoanAccounts(
        principal=of(Gl.LOAN_PRINCIPAL),
        interest_due=of(Gl.INTEREST_DUE),
        fees_due=of(Gl.FEES_DUE),
        penalties_due=of(Gl.PENALTIES_DUE),
        interest_in_suspense=of(Gl.INTEREST_IN_SUSPENSE),
        allowance=of(Gl.LOAN_LOSS_ALLOWANCE),
        interest_income=of(Gl.INTEREST_INCOME),
        fee_income=of(Gl.LOAN_FEES),
        penalty_income=of(Gl.LOAN_PENALTIES),
        loss_expense=of(Gl.LOAN_LOSS_EXPENSE),
        written_off=of(Gl.LOANS_WRITTEN_OFF),
        recovered=of(Gl.LOANS_RECOVERED),
        excise=code_in(Gl.EXCISE_DUTY, currency),
        insurance=code_in(Gl.INSURANCE_PAYABLE, currency),
    )


def savings_accounts(
    product: str, balance: Gl = Gl.MEMBER_SAVINGS, currency: Currency = HOME_CURRENCY
) -> SavingsAccounts:
    """The accounts of a savings product by its code, its balances under `balance` of the chart.

    `balance` is MEMBER_SAVINGS, MEMBER_DEPOSITS, TERM_DEPOSITS or SHARE_CAPITAL.

    >>> savings_accounts("holiday").balance
    '2010.holiday'
    """

    def of(code: Gl) -> str:
        return code_in(product_code(code, product), currency)

    return SavingsAccounts(
        balance=of(balance),
        interest_expense=of(Gl.INTEREST_ON_DEPOSITS),
        interest_payable=of(Gl.INTEREST_PAYABLE),
        fee_income=of(Gl.ACCOUNT_FEES),
        overdraft_income=code_in(Gl.INTEREST_INCOME, currency),
        withholding=code_in(Gl.WITHHOLDING_TAX, currency),
        excise=code_in(Gl.EXCISE_DUTY, currency),
    )


def loan_product_terms(
    product: str, name: str, currency: Currency = HOME_CURRENCY
) -> tuple[AccountTerms, ...]:
    """The control accounts to open before a loan product is used."""
    return _opened(_LOAN_CONTROLS, product, name, currency)


def savings_product_terms(
    product: str, name: str, balance: Gl = Gl.MEMBER_SAVINGS, currency: Currency = HOME_CURRENCY
) -> tuple[AccountTerms, ...]:
    """The control accounts to open before a savings product is used."""
    return _opened((balance, *_SAVINGS_CONTROLS), product, name, currency)


def _opened(codes: Iterable[Gl], product: str, name: str, currency: Currency) -> tuple[AccountTerms, ...]:
    return tuple(in_currency(of_product(code, product, name), currency) for code in codes)
