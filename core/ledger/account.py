"""What is an account of the books? Its kind, its side, and the tags by which a return or a ratio finds it."""

from dataclasses import dataclass
from enum import StrEnum

from core.money import Currency


class Side(StrEnum):
    """The two sides of an entry."""

    DEBIT = "D"
    CREDIT = "C"

    @property
    def opposite(self) -> "Side":
        return Side.CREDIT if self is Side.DEBIT else Side.DEBIT


class AccountKind(StrEnum):
    """What an account measures, and with it the side on which it grows."""

    ASSET = "asset"
    """What the society has or is owed; grows by debits."""

    LIABILITY = "liability"
    """What the society owes, members' money above all; grows by credits."""

    EQUITY = "equity"
    """What belongs to the members as owners: shares and reserves; grows by credits."""

    INCOME = "income"
    """What was earned; grows by credits."""

    EXPENSE = "expense"
    """What was spent; grows by debits."""

    @property
    def normal_side(self) -> Side:
        return Side.DEBIT if self in {AccountKind.ASSET, AccountKind.EXPENSE} else Side.CREDIT


class ReturnLine(StrEnum):
    """A line of SASRA's statement of financial position (2G) or of comprehensive income (2F).

    The numbers before the point are the forms'; those behind it, where the form prints only captions, count the
    captions in their order. 7.2 and 7.3 are what a deposit-taking society adds.
    """

    CASH_IN_HAND = "2G.1.1"
    CASH_AT_BANK = "2G.1.2"
    PREPAYMENTS = "2G.2"
    GOVERNMENT_SECURITIES = "2G.3.1"
    PLACEMENTS = "2G.3.2"
    PAPER_AND_BONDS = "2G.3.3"
    COLLECTIVE_SCHEMES = "2G.3.4"
    DERIVATIVES = "2G.3.5"
    SUBSIDIARIES = "2G.3.6"
    SHARES_HELD = "2G.3.7"
    GROSS_LOANS = "2G.4.1"
    LOAN_LOSS_ALLOWANCE = "2G.4.2"
    TAX_RECOVERABLE = "2G.5.1"
    DEFERRED_TAX_ASSETS = "2G.5.2"
    RETIREMENT_BENEFIT_ASSETS = "2G.5.3"
    INVESTMENT_PROPERTY = "2G.6.1"
    EQUIPMENT = "2G.6.2"
    PREPAID_LEASES = "2G.6.3"
    INTANGIBLES = "2G.6.4"
    OTHER_ASSETS = "2G.6.5"
    NON_WITHDRAWABLE_DEPOSITS = "2G.7.1"
    SAVINGS_DEPOSITS = "2G.7.2"
    TERM_DEPOSITS = "2G.7.3"
    TAX_PAYABLE = "2G.8.1"
    DIVIDENDS_PAYABLE = "2G.8.2"
    DEFERRED_TAX_LIABILITIES = "2G.8.3"
    RETIREMENT_BENEFIT_LIABILITIES = "2G.8.4"
    OTHER_PAYABLES = "2G.8.5"
    EXTERNAL_BORROWING = "2G.8.6"
    SHARE_CAPITAL = "2G.9"
    GRANTS = "2G.10"
    RETAINED_EARNINGS = "2G.11.1"
    CURRENT_YEAR_SURPLUS = "2G.11.2"
    STATUTORY_RESERVE = "2G.12.1"
    OTHER_RESERVES = "2G.12.2"
    REVALUATION_RESERVE = "2G.12.3"
    PROPOSED_DIVIDEND = "2G.12.4"
    ADJUSTMENTS = "2G.12.5"
    INTEREST_ON_LOANS = "2F.2.1"
    FEES_ON_LOANS = "2F.2.2"
    INCOME_FROM_GOVERNMENT = "2F.3.1"
    INCOME_FROM_PLACEMENTS = "2F.3.2"
    INCOME_FROM_PAPER_AND_BONDS = "2F.3.3"
    INCOME_FROM_SCHEMES = "2F.3.4"
    INCOME_FROM_DERIVATIVES = "2F.3.5"
    INCOME_FROM_SUBSIDIARIES = "2F.3.6"
    INCOME_FROM_SHARES = "2F.3.7"
    INTEREST_ON_DEPOSITS = "2F.4.1"
    COST_OF_BORROWING = "2F.4.2"
    DIVIDEND_EXPENSE = "2F.4.3"
    OTHER_FINANCIAL_EXPENSE = "2F.4.4"
    FEES_PAID = "2F.4.5"
    LOAN_LOSS_PROVISION = "2F.6.1"
    LOANS_RECOVERED = "2F.6.2"
    PERSONNEL = "2F.7.1"
    GOVERNANCE = "2F.7.2"
    MARKETING = "2F.7.3"
    DEPRECIATION = "2F.7.4"
    ADMINISTRATION = "2F.7.6"
    OTHER_INCOME = "2F.9"
    INCOME_TAX = "2F.11"
    DONATIONS = "2F.13"


class Liquidity(StrEnum):
    """What an account is to the liquidity statement, form 2B."""

    CASH = "cash"
    """Notes and coin."""

    BANK = "bank"
    """Balances at banks and on mobile money that can be drawn today."""

    INSTITUTIONS = "institutions"
    """Balances with other societies and non-bank institutions."""

    GOVERNMENT = "government"
    """Treasury bills and bonds."""

    SHORT_TERM_LIABILITY = "short_term_liability"
    """What may be asked for within 91 days: the denominator."""


class IncomeKind(StrEnum):
    """What was earned or spent, as taxes and ratios ask: excise duty is on fees and never on interest."""

    INTEREST = "interest"
    FEE = "fee"
    PENALTY = "penalty"
    INVESTMENT = "investment"
    EXCHANGE = "exchange"
    LOAN_LOSS = "loan_loss"
    OPERATING = "operating"
    TAX = "tax"
    OTHER = "other"


class ByHand(StrEnum):
    """Whether staff may post to an account by hand."""

    OPEN = "open"
    """The accountant's own: nothing but the books says what it holds."""

    OWN_ACCOUNTS = "own_accounts"
    """Only to a member's account under it; on the control account the money would be nobody's."""

    CLOSED = "closed"
    """Never: loans, receipts, payouts and the like say elsewhere, one by one, what it holds."""


@dataclass(frozen=True, slots=True)
class AccountTerms:
    """How one ledger account behaves. `minimum` is the least balance in minor units, None for no floor."""

    code: str
    name: str
    kind: AccountKind
    currency: Currency = Currency.KES
    parent: str | None = None
    """The heading of a chart account; the chart account of somebody's own."""
    hot: bool = False
    """Takes postings from everybody at once: no row lock, no floor, balance from snapshot plus later entries."""
    minimum: int | None = None
    heading: bool = False
    """Only sums up in reports; nothing is posted to it."""
    line: ReturnLine | None = None
    liquidity: Liquidity | None = None
    income_kind: IncomeKind | None = None
    by_hand: ByHand = ByHand.OPEN
    """A rule of the chart, not kept with the account."""
