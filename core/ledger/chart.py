"""Which accounts do the books have? The chart of a savings society as data, and how own accounts are named under it."""

from dataclasses import replace
from enum import StrEnum

from core.ledger.account import AccountKind, AccountTerms, IncomeKind, Liquidity, ReturnLine
from core.money import Currency

HOME_CURRENCY = Currency.KES
"""The currency in which the society reports."""


class Gl(StrEnum):
    """Codes of the chart of accounts."""

    CASH_AND_BANK = "1000"
    CASH_IN_HAND = "1005"
    BANK = "1010"
    MPESA_PAYBILL = "1020"
    MPESA_UTILITY = "1025"
    MONEY_IN_TRANSIT = "1030"
    LOANS_TO_MEMBERS = "1100"
    LOAN_PRINCIPAL = "1110"
    INTEREST_DUE = "1120"
    FEES_DUE = "1130"
    PENALTIES_DUE = "1140"
    LOAN_LOSS_ALLOWANCE = "1190"
    INTEREST_IN_SUSPENSE = "1195"
    RECEIVABLES = "1200"
    PREPAYMENTS = "1210"
    TAX_RECOVERABLE = "1220"
    DEFERRED_TAX_ASSETS = "1230"
    RETIREMENT_BENEFIT_ASSETS = "1240"
    OTHER_RECEIVABLES = "1290"
    INVESTMENTS = "1300"
    GOVERNMENT_SECURITIES = "1310"
    PLACEMENTS = "1320"
    PAPER_AND_BONDS = "1330"
    COLLECTIVE_SCHEMES = "1340"
    DERIVATIVES = "1350"
    SUBSIDIARIES = "1360"
    SHARES_HELD = "1370"
    PROPERTY = "1400"
    INVESTMENT_PROPERTY = "1410"
    EQUIPMENT = "1420"
    ACCUMULATED_DEPRECIATION = "1425"
    PREPAID_LEASES = "1430"
    INTANGIBLES = "1440"
    OTHER_ASSETS = "1490"
    CURRENCY_POSITIONS = "1900"
    POSITION = "1910"
    POSITION_COST = "1920"
    POSITION_REVALUATION = "1930"
    MEMBERS_MONEY = "2000"
    MEMBER_SAVINGS = "2010"
    MEMBER_DEPOSITS = "2020"
    TERM_DEPOSITS = "2030"
    WELFARE_FUND = "2050"
    INTEREST_PAYABLE = "2060"
    SUSPENSE = "2090"
    PAYABLES = "2100"
    PAYOUTS_HELD = "2110"
    WITHHOLDING_TAX = "2120"
    EXCISE_DUTY = "2130"
    INSURANCE_PAYABLE = "2140"
    DIVIDENDS_PAYABLE = "2150"
    INCOME_TAX_PAYABLE = "2160"
    DEFERRED_TAX_LIABILITIES = "2170"
    RETIREMENT_BENEFIT_LIABILITIES = "2180"
    OTHER_PAYABLES = "2190"
    BORROWINGS = "2200"
    EXTERNAL_BORROWING = "2210"
    MEMBERS_CAPITAL = "3000"
    SHARE_CAPITAL = "3010"
    GRANTS = "3020"
    RESERVES = "3100"
    RETAINED_EARNINGS = "3110"
    STATUTORY_RESERVE = "3120"
    LOAN_LOSS_RESERVE = "3130"
    REVALUATION_RESERVE = "3140"
    PROPOSED_DIVIDEND = "3150"
    OTHER_RESERVES = "3160"
    OPENING_BALANCES = "3900"
    LOAN_INCOME = "4000"
    INTEREST_INCOME = "4010"
    LOAN_FEES = "4020"
    LOAN_PENALTIES = "4030"
    INVESTMENT_INCOME = "4100"
    GOVERNMENT_INCOME = "4110"
    PLACEMENT_INCOME = "4120"
    BOND_INCOME = "4130"
    SCHEME_INCOME = "4140"
    SUBSIDIARY_INCOME = "4160"
    SHARE_INCOME = "4170"
    OTHER_INCOME_HEADING = "4200"
    ACCOUNT_FEES = "4210"
    LOANS_RECOVERED = "4220"
    OTHER_INCOME = "4230"
    EXCHANGE_GAIN = "4240"
    UNREALISED_EXCHANGE_GAIN = "4250"
    DONATIONS = "4290"
    FINANCIAL_EXPENSE = "5000"
    INTEREST_ON_DEPOSITS = "5010"
    COST_OF_BORROWING = "5020"
    PROVIDER_CHARGES = "5040"
    EXCHANGE_LOSS = "5050"
    UNREALISED_EXCHANGE_LOSS = "5060"
    LOAN_LOSSES = "5100"
    LOAN_LOSS_EXPENSE = "5110"
    LOANS_WRITTEN_OFF = "5120"
    OPERATING_EXPENSE = "5200"
    PERSONNEL = "5210"
    GOVERNANCE = "5220"
    MARKETING = "5230"
    DEPRECIATION = "5240"
    ADMINISTRATION = "5260"
    CASH_SHORTAGES = "5270"
    TAXATION = "5400"
    INCOME_TAX = "5410"


def _heading(code: Gl, name: str, kind: AccountKind, *under: AccountTerms) -> tuple[AccountTerms, ...]:
    """A heading and the accounts under it."""
    own = AccountTerms(code, name, kind, heading=True, hot=True)
    return (own, *(replace(terms, parent=code) for terms in under))


def _account(
    code: Gl,
    name: str,
    kind: AccountKind,
    line: ReturnLine,
    liquidity: Liquidity | None = None,
    income_kind: IncomeKind | None = None,
) -> AccountTerms:
    return AccountTerms(code, name, kind, hot=True, line=line, liquidity=liquidity, income_kind=income_kind)


_ASSET, _LIABILITY, _EQUITY = AccountKind.ASSET, AccountKind.LIABILITY, AccountKind.EQUITY
_SHORT = Liquidity.SHORT_TERM_LIABILITY
CHART: tuple[AccountTerms, ...] = (
    *_heading(
        Gl.CASH_AND_BANK,
        "Cash and bank",
        _ASSET,
        _account(Gl.CASH_IN_HAND, "Cash in hand", _ASSET, ReturnLine.CASH_IN_HAND, Liquidity.CASH),
        _account(Gl.BANK, "Bank", _ASSET, ReturnLine.CASH_AT_BANK, Liquidity.BANK),
        _account(Gl.MPESA_PAYBILL, "M-Pesa paybill", _ASSET, ReturnLine.CASH_AT_BANK, Liquidity.BANK),
        _account(Gl.MPESA_UTILITY, "M-Pesa utility float", _ASSET, ReturnLine.CASH_AT_BANK, Liquidity.BANK),
        _account(
            Gl.MONEY_IN_TRANSIT,
            "Money between our own accounts",
            _ASSET,
            ReturnLine.CASH_AT_BANK,
            Liquidity.BANK,
        ),
    ),
    *_heading(
        Gl.LOANS_TO_MEMBERS,
        "Loans and what members owe on them",
        _ASSET,
        _account(Gl.LOAN_PRINCIPAL, "Loans to members", _ASSET, ReturnLine.GROSS_LOANS),
        _account(Gl.INTEREST_DUE, "Interest due from members", _ASSET, ReturnLine.GROSS_LOANS),
        _account(Gl.FEES_DUE, "Fees due from members", _ASSET, ReturnLine.GROSS_LOANS),
        _account(Gl.PENALTIES_DUE, "Penalties due from members", _ASSET, ReturnLine.GROSS_LOANS),
        _account(Gl.LOAN_LOSS_ALLOWANCE, "Allowance for loan losses", _ASSET, ReturnLine.LOAN_LOSS_ALLOWANCE),
        _account(Gl.INTEREST_IN_SUSPENSE, "Interest in suspense", _ASSET, ReturnLine.LOAN_LOSS_ALLOWANCE),
    ),
    *_heading(
        Gl.RECEIVABLES,
        "Receivables and prepayments",
        _ASSET,
        _account(Gl.PREPAYMENTS, "Prepayments", _ASSET, ReturnLine.PREPAYMENTS),
        _account(Gl.TAX_RECOVERABLE, "Tax recoverable", _ASSET, ReturnLine.TAX_RECOVERABLE),
        _account(Gl.DEFERRED_TAX_ASSETS, "Deferred tax assets", _ASSET, ReturnLine.DEFERRED_TAX_ASSETS),
        _account(
            Gl.RETIREMENT_BENEFIT_ASSETS,
            "Retirement benefit assets",
            _ASSET,
            ReturnLine.RETIREMENT_BENEFIT_ASSETS,
        ),
        _account(Gl.OTHER_RECEIVABLES, "Other receivables", _ASSET, ReturnLine.OTHER_ASSETS),
    ),
    *_heading(
        Gl.INVESTMENTS,
        "Investments",
        _ASSET,
        _account(
            Gl.GOVERNMENT_SECURITIES,
            "Government securities",
            _ASSET,
            ReturnLine.GOVERNMENT_SECURITIES,
            Liquidity.GOVERNMENT,
        ),
        _account(
            Gl.PLACEMENTS,
            "Placements with other institutions",
            _ASSET,
            ReturnLine.PLACEMENTS,
            Liquidity.INSTITUTIONS,
        ),
        _account(Gl.PAPER_AND_BONDS, "Commercial paper and bonds", _ASSET, ReturnLine.PAPER_AND_BONDS),
        _account(
            Gl.COLLECTIVE_SCHEMES, "Collective investment schemes", _ASSET, ReturnLine.COLLECTIVE_SCHEMES
        ),
        _account(Gl.DERIVATIVES, "Derivatives", _ASSET, ReturnLine.DERIVATIVES),
        _account(Gl.SUBSIDIARIES, "Subsidiaries", _ASSET, ReturnLine.SUBSIDIARIES),
        _account(Gl.SHARES_HELD, "Shares held in others", _ASSET, ReturnLine.SHARES_HELD),
    ),
    *_heading(
        Gl.PROPERTY,
        "Property and other assets",
        _ASSET,
        _account(Gl.INVESTMENT_PROPERTY, "Investment property", _ASSET, ReturnLine.INVESTMENT_PROPERTY),
        _account(Gl.EQUIPMENT, "Property and equipment", _ASSET, ReturnLine.EQUIPMENT),
        _account(Gl.ACCUMULATED_DEPRECIATION, "Accumulated depreciation", _ASSET, ReturnLine.EQUIPMENT),
        _account(Gl.PREPAID_LEASES, "Prepaid leases", _ASSET, ReturnLine.PREPAID_LEASES),
        _account(Gl.INTANGIBLES, "Intangible assets", _ASSET, ReturnLine.INTANGIBLES),
        _account(Gl.OTHER_ASSETS, "Other assets", _ASSET, ReturnLine.OTHER_ASSETS),
    ),
    *_heading(Gl.CURRENCY_POSITIONS, "Positions in other currencies", _ASSET),
    *_heading(
        Gl.MEMBERS_MONEY,
        "Members' savings and deposits",
        _LIABILITY,
        _account(Gl.MEMBER_SAVINGS, "Members' savings", _LIABILITY, ReturnLine.SAVINGS_DEPOSITS, _SHORT),
        _account(Gl.MEMBER_DEPOSITS, "Members' deposits", _LIABILITY, ReturnLine.NON_WITHDRAWABLE_DEPOSITS),
        _account(Gl.TERM_DEPOSITS, "Members' fixed deposits", _LIABILITY, ReturnLine.TERM_DEPOSITS, _SHORT),
        _account(Gl.WELFARE_FUND, "Welfare fund", _LIABILITY, ReturnLine.OTHER_PAYABLES, _SHORT),
        _account(
            Gl.INTEREST_PAYABLE, "Interest payable to members", _LIABILITY, ReturnLine.OTHER_PAYABLES, _SHORT
        ),
        _account(Gl.SUSPENSE, "Receipts not yet matched", _LIABILITY, ReturnLine.OTHER_PAYABLES, _SHORT),
    ),
    *_heading(
        Gl.PAYABLES,
        "Payables",
        _LIABILITY,
        _account(Gl.PAYOUTS_HELD, "Payouts on their way", _LIABILITY, ReturnLine.OTHER_PAYABLES, _SHORT),
        _account(Gl.WITHHOLDING_TAX, "Withholding tax payable", _LIABILITY, ReturnLine.TAX_PAYABLE, _SHORT),
        _account(Gl.EXCISE_DUTY, "Excise duty payable", _LIABILITY, ReturnLine.TAX_PAYABLE, _SHORT),
        _account(
            Gl.INSURANCE_PAYABLE, "Insurance premiums payable", _LIABILITY, ReturnLine.OTHER_PAYABLES, _SHORT
        ),
        _account(
            Gl.DIVIDENDS_PAYABLE,
            "Dividends and interest declared, payable",
            _LIABILITY,
            ReturnLine.DIVIDENDS_PAYABLE,
            _SHORT,
        ),
        _account(Gl.INCOME_TAX_PAYABLE, "Income tax payable", _LIABILITY, ReturnLine.TAX_PAYABLE, _SHORT),
        _account(
            Gl.DEFERRED_TAX_LIABILITIES,
            "Deferred tax liabilities",
            _LIABILITY,
            ReturnLine.DEFERRED_TAX_LIABILITIES,
        ),
        _account(
            Gl.RETIREMENT_BENEFIT_LIABILITIES,
            "Retirement benefit liabilities",
            _LIABILITY,
            ReturnLine.RETIREMENT_BENEFIT_LIABILITIES,
        ),
        _account(Gl.OTHER_PAYABLES, "Other payables", _LIABILITY, ReturnLine.OTHER_PAYABLES, _SHORT),
    ),
    *_heading(
        Gl.BORROWINGS,
        "Borrowings",
        _LIABILITY,
        _account(Gl.EXTERNAL_BORROWING, "External borrowing", _LIABILITY, ReturnLine.EXTERNAL_BORROWING),
    ),
    *_heading(
        Gl.MEMBERS_CAPITAL,
        "Members' capital",
        _EQUITY,
        _account(Gl.SHARE_CAPITAL, "Share capital", _EQUITY, ReturnLine.SHARE_CAPITAL),
        _account(Gl.GRANTS, "Capital grants", _EQUITY, ReturnLine.GRANTS),
    ),
    *_heading(
        Gl.RESERVES,
        "Reserves",
        _EQUITY,
        _account(Gl.RETAINED_EARNINGS, "Retained earnings", _EQUITY, ReturnLine.RETAINED_EARNINGS),
        _account(Gl.STATUTORY_RESERVE, "Statutory reserve", _EQUITY, ReturnLine.STATUTORY_RESERVE),
        _account(Gl.LOAN_LOSS_RESERVE, "Regulatory loan-loss reserve", _EQUITY, ReturnLine.OTHER_RESERVES),
        _account(Gl.REVALUATION_RESERVE, "Revaluation reserve", _EQUITY, ReturnLine.REVALUATION_RESERVE),
        _account(Gl.PROPOSED_DIVIDEND, "Proposed dividend", _EQUITY, ReturnLine.PROPOSED_DIVIDEND),
        _account(Gl.OTHER_RESERVES, "Other reserves", _EQUITY, ReturnLine.OTHER_RESERVES),
        _account(Gl.OPENING_BALANCES, "Balances taken over", _EQUITY, ReturnLine.ADJUSTMENTS),
    ),
    *_heading(
        Gl.LOAN_INCOME,
        "Income from loans",
        AccountKind.INCOME,
        _account(
            Gl.INTEREST_INCOME,
            "Interest on loans",
            AccountKind.INCOME,
            ReturnLine.INTEREST_ON_LOANS,
            income_kind=IncomeKind.INTEREST,
        ),
        _account(
            Gl.LOAN_FEES,
            "Fees on loans",
            AccountKind.INCOME,
            ReturnLine.FEES_ON_LOANS,
            income_kind=IncomeKind.FEE,
        ),
        _account(
            Gl.LOAN_PENALTIES,
            "Penalties on loans",
            AccountKind.INCOME,
            ReturnLine.FEES_ON_LOANS,
            income_kind=IncomeKind.PENALTY,
        ),
    ),
    *_heading(
        Gl.INVESTMENT_INCOME,
        "Income from investments",
        AccountKind.INCOME,
        _account(
            Gl.GOVERNMENT_INCOME,
            "Income from government securities",
            AccountKind.INCOME,
            ReturnLine.INCOME_FROM_GOVERNMENT,
            income_kind=IncomeKind.INVESTMENT,
        ),
        _account(
            Gl.PLACEMENT_INCOME,
            "Income from placements",
            AccountKind.INCOME,
            ReturnLine.INCOME_FROM_PLACEMENTS,
            income_kind=IncomeKind.INVESTMENT,
        ),
        _account(
            Gl.BOND_INCOME,
            "Income from commercial paper and bonds",
            AccountKind.INCOME,
            ReturnLine.INCOME_FROM_PAPER_AND_BONDS,
            income_kind=IncomeKind.INVESTMENT,
        ),
        _account(
            Gl.SCHEME_INCOME,
            "Income from collective schemes",
            AccountKind.INCOME,
            ReturnLine.INCOME_FROM_SCHEMES,
            income_kind=IncomeKind.INVESTMENT,
        ),
        _account(
            Gl.SUBSIDIARY_INCOME,
            "Income from subsidiaries",
            AccountKind.INCOME,
            ReturnLine.INCOME_FROM_SUBSIDIARIES,
            income_kind=IncomeKind.INVESTMENT,
        ),
        _account(
            Gl.SHARE_INCOME,
            "Dividends from shares held",
            AccountKind.INCOME,
            ReturnLine.INCOME_FROM_SHARES,
            income_kind=IncomeKind.INVESTMENT,
        ),
    ),
    *_heading(
        Gl.OTHER_INCOME_HEADING,
        "Other income",
        AccountKind.INCOME,
        _account(
            Gl.ACCOUNT_FEES,
            "Fees on members' accounts",
            AccountKind.INCOME,
            ReturnLine.OTHER_INCOME,
            income_kind=IncomeKind.FEE,
        ),
        _account(
            Gl.LOANS_RECOVERED,
            "Recovered of loans written off",
            AccountKind.INCOME,
            ReturnLine.LOANS_RECOVERED,
            income_kind=IncomeKind.LOAN_LOSS,
        ),
        _account(
            Gl.OTHER_INCOME,
            "Other income",
            AccountKind.INCOME,
            ReturnLine.OTHER_INCOME,
            income_kind=IncomeKind.OTHER,
        ),
        _account(
            Gl.EXCHANGE_GAIN,
            "Exchange gains, realised",
            AccountKind.INCOME,
            ReturnLine.OTHER_INCOME,
            income_kind=IncomeKind.EXCHANGE,
        ),
        _account(
            Gl.UNREALISED_EXCHANGE_GAIN,
            "Exchange gains, unrealised",
            AccountKind.INCOME,
            ReturnLine.OTHER_INCOME,
            income_kind=IncomeKind.EXCHANGE,
        ),
        _account(
            Gl.DONATIONS, "Donations", AccountKind.INCOME, ReturnLine.DONATIONS, income_kind=IncomeKind.OTHER
        ),
    ),
    *_heading(
        Gl.FINANCIAL_EXPENSE,
        "Financial expense",
        AccountKind.EXPENSE,
        _account(
            Gl.INTEREST_ON_DEPOSITS,
            "Interest on members' savings and deposits",
            AccountKind.EXPENSE,
            ReturnLine.INTEREST_ON_DEPOSITS,
            income_kind=IncomeKind.INTEREST,
        ),
        _account(
            Gl.COST_OF_BORROWING,
            "Cost of external borrowing",
            AccountKind.EXPENSE,
            ReturnLine.COST_OF_BORROWING,
            income_kind=IncomeKind.INTEREST,
        ),
        _account(
            Gl.PROVIDER_CHARGES,
            "Bank and mobile money charges",
            AccountKind.EXPENSE,
            ReturnLine.FEES_PAID,
            income_kind=IncomeKind.FEE,
        ),
        _account(
            Gl.EXCHANGE_LOSS,
            "Exchange losses, realised",
            AccountKind.EXPENSE,
            ReturnLine.OTHER_FINANCIAL_EXPENSE,
            income_kind=IncomeKind.EXCHANGE,
        ),
        _account(
            Gl.UNREALISED_EXCHANGE_LOSS,
            "Exchange losses, unrealised",
            AccountKind.EXPENSE,
            ReturnLine.OTHER_FINANCIAL_EXPENSE,
            income_kind=IncomeKind.EXCHANGE,
        ),
    ),
    *_heading(
        Gl.LOAN_LOSSES,
        "Loan losses",
        AccountKind.EXPENSE,
        _account(
            Gl.LOAN_LOSS_EXPENSE,
            "Provision for loan losses",
            AccountKind.EXPENSE,
            ReturnLine.LOAN_LOSS_PROVISION,
            income_kind=IncomeKind.LOAN_LOSS,
        ),
        _account(
            Gl.LOANS_WRITTEN_OFF,
            "Loans written off beyond the allowance",
            AccountKind.EXPENSE,
            ReturnLine.LOAN_LOSS_PROVISION,
            income_kind=IncomeKind.LOAN_LOSS,
        ),
    ),
    *_heading(
        Gl.OPERATING_EXPENSE,
        "Operating expense",
        AccountKind.EXPENSE,
        _account(
            Gl.PERSONNEL,
            "Personnel",
            AccountKind.EXPENSE,
            ReturnLine.PERSONNEL,
            income_kind=IncomeKind.OPERATING,
        ),
        _account(
            Gl.GOVERNANCE,
            "Governance",
            AccountKind.EXPENSE,
            ReturnLine.GOVERNANCE,
            income_kind=IncomeKind.OPERATING,
        ),
        _account(
            Gl.MARKETING,
            "Marketing",
            AccountKind.EXPENSE,
            ReturnLine.MARKETING,
            income_kind=IncomeKind.OPERATING,
        ),
        _account(
            Gl.DEPRECIATION,
            "Depreciation",
            AccountKind.EXPENSE,
            ReturnLine.DEPRECIATION,
            income_kind=IncomeKind.OPERATING,
        ),
        _account(
            Gl.ADMINISTRATION,
            "Administration",
            AccountKind.EXPENSE,
            ReturnLine.ADMINISTRATION,
            income_kind=IncomeKind.OPERATING,
        ),
        _account(
            Gl.CASH_SHORTAGES,
            "Cash shortages",
            AccountKind.EXPENSE,
            ReturnLine.ADMINISTRATION,
            income_kind=IncomeKind.OPERATING,
        ),
    ),
    *_heading(
        Gl.TAXATION,
        "Taxation",
        AccountKind.EXPENSE,
        _account(
            Gl.INCOME_TAX,
            "Income tax",
            AccountKind.EXPENSE,
            ReturnLine.INCOME_TAX,
            income_kind=IncomeKind.TAX,
        ),
    ),
)

_BY_CODE = {terms.code: terms for terms in CHART}


def chart_terms(code: str) -> AccountTerms:
    """The chart account of a code, whichever product or currency it is narrowed to. Raises KeyError.

    >>> chart_terms("1120.development").name
    'Interest due from members'
    """
    return _BY_CODE[code.partition(".")[0]]


def of_product(code: Gl, product: str, name: str) -> AccountTerms:
    """The control account of one product under a chart account, such as `1120.development`."""
    terms = chart_terms(code)
    return replace(terms, code=product_code(code, product), name=f"{terms.name}, {name}", parent=code)


def product_code(code: Gl, product: str) -> str:
    """The code of `of_product`, for a posting."""
    return f"{code}.{product}"


def in_currency(terms: AccountTerms, currency: Currency) -> AccountTerms:
    """The same account kept in another currency, such as `1010.USD`."""
    if currency is HOME_CURRENCY:
        return terms
    return replace(
        terms,
        code=code_in(terms.code, currency),
        name=f"{terms.name}, {currency}",
        currency=currency,
    )


def code_in(code: str, currency: Currency) -> str:
    """The code of `in_currency`, for a posting; the plain code in the home currency."""
    return code if currency is HOME_CURRENCY else f"{code}.{currency}"


def position_accounts(currency: Currency) -> tuple[AccountTerms, AccountTerms, AccountTerms]:
    """What a foreign currency needs: our position in it, what that cost at home, and the gain not yet realised.

    The position is what we hold net, in that currency; the other two are kept in the home currency.
    """
    return (
        _position(Gl.POSITION, f"Position in {currency}", currency, currency),
        _position(Gl.POSITION_COST, f"Cost of the position in {currency}", currency, HOME_CURRENCY),
        _position(
            Gl.POSITION_REVALUATION, f"Revaluation of the position in {currency}", currency, HOME_CURRENCY
        ),
    )


def _position(code: Gl, name: str, of: Currency, kept_in: Currency) -> AccountTerms:
    return AccountTerms(
        code=product_code(code, of),
        name=name,
        kind=_LIABILITY if code is Gl.POSITION else _ASSET,
        currency=kept_in,
        parent=Gl.CURRENCY_POSITIONS,
        hot=True,
        line=ReturnLine.ADJUSTMENTS,
    )


def chart_in(currency: Currency) -> tuple[AccountTerms, ...]:
    """The chart in another currency: every account that takes postings, and those of the position in it."""
    if currency is HOME_CURRENCY:
        return CHART
    kept = (in_currency(terms, currency) for terms in CHART if not terms.heading)
    return (*kept, *position_accounts(currency))


def own_account(parent: str, owner_id: str, name: str, currency: Currency = HOME_CURRENCY) -> AccountTerms:
    """A member's or loan's own account under a control account, such as `2010:acc_…`; never below zero."""
    control = code_in(parent, currency)
    return AccountTerms(
        code=own_code(control, owner_id),
        name=name,
        kind=chart_terms(parent).kind,
        currency=currency,
        parent=control,
        minimum=0,
    )


def own_code(parent: str, owner_id: str) -> str:
    """The code of `own_account`, for a posting; `parent` is the control account of its product and currency."""
    return f"{parent}:{owner_id}"
