"""Which accounts do the books have? The chart of a savings society as data, and how own accounts are named under it."""

from dataclasses import replace

from core.ledger.account import AccountKind, AccountTerms, ByHand, IncomeKind, Liquidity, ReturnLine
from core.ledger.codes import Gl
from core.money import Currency

__all__ = [
    "CHART",
    "HOME_CURRENCY",
    "Gl",
    "chart_in",
    "chart_terms",
    "code_in",
    "in_currency",
    "of_product",
    "own_account",
    "own_code",
    "position_accounts",
    "product_code",
    "takes_hand_postings",
]

HOME_CURRENCY = Currency.KES
"""The currency in which the society reports."""

_L, _Q, _I = ReturnLine, Liquidity, IncomeKind
_CLOSED, _OWN = ByHand.CLOSED, ByHand.OWN_ACCOUNTS
_SHORT = Liquidity.SHORT_TERM_LIABILITY
_KINDS = dict(zip("12345", AccountKind, strict=True))


def _kind(code: str) -> AccountKind:
    """By the first digit: 1 assets, 2 liabilities, 3 equity, 4 income, 5 expense."""
    return _KINDS[code[0]]


def _heading(code: Gl, name: str, *under: AccountTerms) -> tuple[AccountTerms, ...]:
    """A heading and the accounts under it."""
    own = AccountTerms(code, name, _kind(code), heading=True)
    return (own, *(replace(terms, parent=code) for terms in under))


def _account(
    code: Gl,
    name: str,
    line: ReturnLine,
    liquidity: Liquidity | None = None,
    *,
    income: IncomeKind | None = None,
    by_hand: ByHand = ByHand.OPEN,
) -> AccountTerms:
    return AccountTerms(
        code,
        name,
        _kind(code),
        hot=True,
        line=line,
        liquidity=liquidity,
        income_kind=income,
        by_hand=by_hand,
    )


CHART: tuple[AccountTerms, ...] = (
    *_heading(
        Gl.CASH_AND_BANK,
        "Cash and bank",
        _account(Gl.CASH_IN_HAND, "Cash in hand", _L.CASH_IN_HAND, _Q.CASH),
        _account(Gl.BANK, "Bank", _L.CASH_AT_BANK, _Q.BANK),
        _account(Gl.MPESA_PAYBILL, "M-Pesa paybill", _L.CASH_AT_BANK, _Q.BANK),
        _account(Gl.MPESA_UTILITY, "M-Pesa utility float", _L.CASH_AT_BANK, _Q.BANK),
        _account(Gl.MONEY_IN_TRANSIT, "Money between our own accounts", _L.CASH_AT_BANK, _Q.BANK),
    ),
    *_heading(
        Gl.LOANS_TO_MEMBERS,
        "Loans and what members owe on them",
        _account(Gl.LOAN_PRINCIPAL, "Loans to members", _L.GROSS_LOANS, by_hand=_CLOSED),
        _account(Gl.INTEREST_DUE, "Interest due from members", _L.GROSS_LOANS, by_hand=_CLOSED),
        _account(Gl.FEES_DUE, "Fees due from members", _L.GROSS_LOANS, by_hand=_CLOSED),
        _account(Gl.PENALTIES_DUE, "Penalties due from members", _L.GROSS_LOANS, by_hand=_CLOSED),
        _account(
            Gl.LOAN_LOSS_ALLOWANCE, "Allowance for loan losses", _L.LOAN_LOSS_ALLOWANCE, by_hand=_CLOSED
        ),
        _account(Gl.INTEREST_IN_SUSPENSE, "Interest in suspense", _L.LOAN_LOSS_ALLOWANCE, by_hand=_CLOSED),
    ),
    *_heading(
        Gl.RECEIVABLES,
        "Receivables and prepayments",
        _account(Gl.PREPAYMENTS, "Prepayments", _L.PREPAYMENTS),
        _account(Gl.TAX_RECOVERABLE, "Tax recoverable", _L.TAX_RECOVERABLE),
        _account(Gl.DEFERRED_TAX_ASSETS, "Deferred tax assets", _L.DEFERRED_TAX_ASSETS),
        _account(Gl.RETIREMENT_BENEFIT_ASSETS, "Retirement benefit assets", _L.RETIREMENT_BENEFIT_ASSETS),
        _account(Gl.OTHER_RECEIVABLES, "Other receivables", _L.OTHER_ASSETS),
    ),
    *_heading(
        Gl.INVESTMENTS,
        "Investments",
        _account(Gl.GOVERNMENT_SECURITIES, "Government securities", _L.GOVERNMENT_SECURITIES, _Q.GOVERNMENT),
        _account(Gl.PLACEMENTS, "Placements with other institutions", _L.PLACEMENTS, _Q.INSTITUTIONS),
        _account(Gl.PAPER_AND_BONDS, "Commercial paper and bonds", _L.PAPER_AND_BONDS),
        _account(Gl.COLLECTIVE_SCHEMES, "Collective investment schemes", _L.COLLECTIVE_SCHEMES),
        _account(Gl.DERIVATIVES, "Derivatives", _L.DERIVATIVES),
        _account(Gl.SUBSIDIARIES, "Subsidiaries", _L.SUBSIDIARIES),
        _account(Gl.SHARES_HELD, "Shares held in others", _L.SHARES_HELD),
    ),
    *_heading(
        Gl.PROPERTY,
        "Property and other assets",
        _account(Gl.INVESTMENT_PROPERTY, "Investment property", _L.INVESTMENT_PROPERTY),
        _account(Gl.EQUIPMENT, "Property and equipment", _L.EQUIPMENT),
        _account(Gl.ACCUMULATED_DEPRECIATION, "Accumulated depreciation", _L.EQUIPMENT),
        _account(Gl.PREPAID_LEASES, "Prepaid leases", _L.PREPAID_LEASES),
        _account(Gl.INTANGIBLES, "Intangible assets", _L.INTANGIBLES),
        _account(Gl.OTHER_ASSETS, "Other assets", _L.OTHER_ASSETS),
    ),
    *_heading(Gl.CURRENCY_POSITIONS, "Positions in other currencies"),
    *_heading(
        Gl.MEMBERS_MONEY,
        "Members' savings and deposits",
        _account(Gl.MEMBER_SAVINGS, "Members' savings", _L.SAVINGS_DEPOSITS, _SHORT, by_hand=_OWN),
        _account(Gl.MEMBER_DEPOSITS, "Members' deposits", _L.NON_WITHDRAWABLE_DEPOSITS, by_hand=_OWN),
        _account(Gl.TERM_DEPOSITS, "Members' fixed deposits", _L.TERM_DEPOSITS, _SHORT, by_hand=_CLOSED),
        _account(Gl.WELFARE_FUND, "Welfare fund", _L.OTHER_PAYABLES, _SHORT),
        _account(
            Gl.INTEREST_PAYABLE, "Interest payable to members", _L.OTHER_PAYABLES, _SHORT, by_hand=_CLOSED
        ),
        _account(Gl.SUSPENSE, "Receipts not yet matched", _L.OTHER_PAYABLES, _SHORT, by_hand=_CLOSED),
    ),
    *_heading(
        Gl.PAYABLES,
        "Payables",
        _account(Gl.PAYOUTS_HELD, "Payouts on their way", _L.OTHER_PAYABLES, _SHORT, by_hand=_CLOSED),
        _account(Gl.WITHHOLDING_TAX, "Withholding tax payable", _L.TAX_PAYABLE, _SHORT),
        _account(Gl.EXCISE_DUTY, "Excise duty payable", _L.TAX_PAYABLE, _SHORT),
        _account(Gl.INSURANCE_PAYABLE, "Insurance premiums payable", _L.OTHER_PAYABLES, _SHORT),
        _account(
            Gl.DIVIDENDS_PAYABLE,
            "Dividends and interest declared, payable",
            _L.DIVIDENDS_PAYABLE,
            _SHORT,
            by_hand=_CLOSED,
        ),
        _account(Gl.INCOME_TAX_PAYABLE, "Income tax payable", _L.TAX_PAYABLE, _SHORT),
        _account(Gl.DEFERRED_TAX_LIABILITIES, "Deferred tax liabilities", _L.DEFERRED_TAX_LIABILITIES),
        _account(
            Gl.RETIREMENT_BENEFIT_LIABILITIES,
            "Retirement benefit liabilities",
            _L.RETIREMENT_BENEFIT_LIABILITIES,
        ),
        _account(Gl.OTHER_PAYABLES, "Other payables", _L.OTHER_PAYABLES, _SHORT),
    ),
    *_heading(
        Gl.BORROWINGS,
        "Borrowings",
        _account(Gl.EXTERNAL_BORROWING, "External borrowing", _L.EXTERNAL_BORROWING),
    ),
    *_heading(
        Gl.MEMBERS_CAPITAL,
        "Members' capital",
        _account(Gl.SHARE_CAPITAL, "Share capital", _L.SHARE_CAPITAL, by_hand=_OWN),
        _account(Gl.GRANTS, "Capital grants", _L.GRANTS),
    ),
    *_heading(
        Gl.RESERVES,
        "Reserves",
        _account(Gl.RETAINED_EARNINGS, "Retained earnings", _L.RETAINED_EARNINGS),
        _account(Gl.STATUTORY_RESERVE, "Statutory reserve", _L.STATUTORY_RESERVE),
        _account(Gl.LOAN_LOSS_RESERVE, "Regulatory loan-loss reserve", _L.OTHER_RESERVES, by_hand=_CLOSED),
        _account(Gl.REVALUATION_RESERVE, "Revaluation reserve", _L.REVALUATION_RESERVE),
        _account(Gl.PROPOSED_DIVIDEND, "Proposed dividend", _L.PROPOSED_DIVIDEND, by_hand=_CLOSED),
        _account(Gl.OTHER_RESERVES, "Other reserves", _L.OTHER_RESERVES),
        _account(Gl.OPENING_BALANCES, "Balances taken over", _L.ADJUSTMENTS),
    ),
    *_heading(
        Gl.LOAN_INCOME,
        "Income from loans",
        _account(Gl.INTEREST_INCOME, "Interest on loans", _L.INTEREST_ON_LOANS, income=_I.INTEREST),
        _account(Gl.LOAN_FEES, "Fees on loans", _L.FEES_ON_LOANS, income=_I.FEE),
        _account(Gl.LOAN_PENALTIES, "Penalties on loans", _L.FEES_ON_LOANS, income=_I.PENALTY),
    ),
    *_heading(
        Gl.INVESTMENT_INCOME,
        "Income from investments",
        _account(
            Gl.GOVERNMENT_INCOME,
            "Income from government securities",
            _L.INCOME_FROM_GOVERNMENT,
            income=_I.INVESTMENT,
        ),
        _account(
            Gl.PLACEMENT_INCOME, "Income from placements", _L.INCOME_FROM_PLACEMENTS, income=_I.INVESTMENT
        ),
        _account(
            Gl.BOND_INCOME,
            "Income from commercial paper and bonds",
            _L.INCOME_FROM_PAPER_AND_BONDS,
            income=_I.INVESTMENT,
        ),
        _account(
            Gl.SCHEME_INCOME, "Income from collective schemes", _L.INCOME_FROM_SCHEMES, income=_I.INVESTMENT
        ),
        _account(
            Gl.SUBSIDIARY_INCOME,
            "Income from subsidiaries",
            _L.INCOME_FROM_SUBSIDIARIES,
            income=_I.INVESTMENT,
        ),
        _account(Gl.SHARE_INCOME, "Dividends from shares held", _L.INCOME_FROM_SHARES, income=_I.INVESTMENT),
    ),
    *_heading(
        Gl.OTHER_INCOME_HEADING,
        "Other income",
        _account(Gl.ACCOUNT_FEES, "Fees on members' accounts", _L.OTHER_INCOME, income=_I.FEE),
        _account(
            Gl.LOANS_RECOVERED, "Recovered of loans written off", _L.LOANS_RECOVERED, income=_I.LOAN_LOSS
        ),
        _account(Gl.OTHER_INCOME, "Other income", _L.OTHER_INCOME, income=_I.OTHER),
        _account(Gl.EXCHANGE_GAIN, "Exchange gains, realised", _L.OTHER_INCOME, income=_I.EXCHANGE),
        _account(
            Gl.UNREALISED_EXCHANGE_GAIN, "Exchange gains, unrealised", _L.OTHER_INCOME, income=_I.EXCHANGE
        ),
        _account(Gl.DONATIONS, "Donations", _L.DONATIONS, income=_I.OTHER),
    ),
    *_heading(
        Gl.FINANCIAL_EXPENSE,
        "Financial expense",
        _account(
            Gl.INTEREST_ON_DEPOSITS,
            "Interest on members' savings and deposits",
            _L.INTEREST_ON_DEPOSITS,
            income=_I.INTEREST,
        ),
        _account(
            Gl.COST_OF_BORROWING, "Cost of external borrowing", _L.COST_OF_BORROWING, income=_I.INTEREST
        ),
        _account(Gl.PROVIDER_CHARGES, "Bank and mobile money charges", _L.FEES_PAID, income=_I.FEE),
        _account(
            Gl.EXCHANGE_LOSS, "Exchange losses, realised", _L.OTHER_FINANCIAL_EXPENSE, income=_I.EXCHANGE
        ),
        _account(
            Gl.UNREALISED_EXCHANGE_LOSS,
            "Exchange losses, unrealised",
            _L.OTHER_FINANCIAL_EXPENSE,
            income=_I.EXCHANGE,
        ),
    ),
    *_heading(
        Gl.LOAN_LOSSES,
        "Loan losses",
        _account(
            Gl.LOAN_LOSS_EXPENSE, "Provision for loan losses", _L.LOAN_LOSS_PROVISION, income=_I.LOAN_LOSS
        ),
        _account(
            Gl.LOANS_WRITTEN_OFF,
            "Loans written off beyond the allowance",
            _L.LOAN_LOSS_PROVISION,
            income=_I.LOAN_LOSS,
        ),
    ),
    *_heading(
        Gl.OPERATING_EXPENSE,
        "Operating expense",
        _account(Gl.PERSONNEL, "Personnel", _L.PERSONNEL, income=_I.OPERATING),
        _account(Gl.GOVERNANCE, "Governance", _L.GOVERNANCE, income=_I.OPERATING),
        _account(Gl.MARKETING, "Marketing", _L.MARKETING, income=_I.OPERATING),
        _account(Gl.DEPRECIATION, "Depreciation", _L.DEPRECIATION, income=_I.OPERATING),
        _account(Gl.ADMINISTRATION, "Administration", _L.ADMINISTRATION, income=_I.OPERATING),
        _account(Gl.CASH_SHORTAGES, "Cash shortages", _L.ADMINISTRATION, income=_I.OPERATING),
    ),
    *_heading(
        Gl.TAXATION,
        "Taxation",
        _account(Gl.INCOME_TAX, "Income tax", _L.INCOME_TAX, income=_I.TAX),
    ),
)

_BY_CODE = {terms.code: terms for terms in CHART}
_POSITIONS = frozenset({Gl.POSITION, Gl.POSITION_COST, Gl.POSITION_REVALUATION})


def chart_terms(code: str) -> AccountTerms:
    """The chart account of a code, whichever product or currency it is narrowed to. Raises KeyError.

    >>> chart_terms("1120.development").name
    'Interest due from members'
    """
    return _BY_CODE[code.partition(".")[0]]


def takes_hand_postings(code: str) -> bool:
    """Whether staff may post to the account of this code by hand.

    >>> [takes_hand_postings(code) for code in ("5260", "2010:acc_1", "2010.holiday:acc_1", "1010.USD")]
    [True, True, True, True]
    >>> [takes_hand_postings(code) for code in ("2010", "2010.holiday", "1110:lon_1", "2090.USD", "1910.USD")]
    [False, False, False, False, False]
    """
    control, _, owner = code.partition(":")
    plain = control.partition(".")[0]
    if plain in _POSITIONS:
        return False
    terms = _BY_CODE.get(plain)
    # What the chart doesn't know is no account of ours, or the society's own addition to it.
    rule = terms.by_hand if terms else ByHand.OPEN
    return rule is ByHand.OPEN or (rule is ByHand.OWN_ACCOUNTS and bool(owner))


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
        kind=_kind(code),
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
