"""What does a year earn each member on shares and deposits? By months, as it was declared after the year. Pure.

Interest = rate x (opening x 12/12 + each month's net movement x its weight/12); the two weightings in use differ
by one month.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from core.errors import ContradictorySavingsTerms
from core.money import Currency, Money
from core.savings.interest import Movement, rounded
from core.savings.interest_terms import Rounding
from core.savings.withholding import Residence, TaxedPayment, WithholdingRates

_MONTHS = 12
_LAST_DAY = 31


class Weighting(StrEnum):
    """From when on a month's deposits count."""

    FROM_NEXT_MONTH = "from_next_month"
    """January weighs 11 twelfths, December none."""

    FROM_SAME_MONTH = "from_same_month"
    """January weighs 12 twelfths, December one."""


class ShareTreatment(StrEnum):
    """Which shares earn the dividend."""

    WEIGHTED = "weighted"
    """Each month's, by weight, as deposits."""

    YEAR_END = "year_end"
    """What is held at the end of the year, wholly."""


@dataclass(frozen=True, slots=True)
class DividendRules:
    """What the meeting decided for one year. Percent of a whole year. Raises ContradictorySavingsTerms."""

    year: int
    share_percent: Fraction
    deposit_percent: Fraction
    weighting: Weighting = Weighting.FROM_NEXT_MONTH
    share_treatment: ShareTreatment = ShareTreatment.WEIGHTED
    last_day_counted: int = _LAST_DAY
    """What comes in later in a month counts as the next month's."""
    minimum_deposits: int = 0
    """In minor units; who has less at the year's end earns no interest on deposits."""
    active_only: bool = True
    """Members who have left or are blocked earn nothing."""

    def __post_init__(self) -> None:
        if self.share_percent < 0 or self.deposit_percent < 0:
            raise ContradictorySavingsTerms(
                what="percent", value=str(min(self.share_percent, self.deposit_percent))
            )
        if not 1 <= self.last_day_counted <= _LAST_DAY:
            raise ContradictorySavingsTerms(what="last_day_counted", value=str(self.last_day_counted))

    def month_of(self, day: date) -> int:
        """The month a movement counts in: 1 to 12, and 13 for what came too late in December."""
        return day.month + (1 if day.day > self.last_day_counted else 0)

    def weight(self, month: int) -> int:
        """Twelfths of a year; month 0 is what was brought into it."""
        if month == 0:
            return _MONTHS
        months_left = _MONTHS - month
        return max(months_left + (1 if self.weighting is Weighting.FROM_SAME_MONTH else 0), 0)


@dataclass(frozen=True, slots=True)
class YearOfBalance:
    """One account through the year: what was brought into it, and its movements."""

    opening: int
    movements: Sequence[Movement]

    @property
    def closing(self) -> int:
        return self.opening + sum(move.change for move in self.movements)


@dataclass(frozen=True, slots=True)
class ProgressionRow:
    """One month of one member, 0 for what was brought into the year and 13 for late December. Rows add up."""

    month: int
    weight: int
    deposits: Money
    """The month's net movement."""
    shares: Money
    dividend: Money
    interest: Money
    tax: Money

    @property
    def net(self) -> Money:
        return self.dividend + self.interest - self.tax


@dataclass(frozen=True, slots=True)
class MemberDividend:
    """What a member earned in the year, with the months that it is made of."""

    rows: tuple[ProgressionRow, ...]
    dividend: Money
    interest: Money
    dividend_tax: Money
    interest_tax: Money

    @property
    def gross(self) -> Money:
        return self.dividend + self.interest

    @property
    def tax(self) -> Money:
        return self.dividend_tax + self.interest_tax

    @property
    def net(self) -> Money:
        return self.gross - self.tax


def member_dividend(
    rules: DividendRules,
    *,
    deposits: YearOfBalance,
    shares: YearOfBalance,
    residence: Residence,
    rates: WithholdingRates,
    paid_on: date,
    currency: Currency = Currency.KES,
) -> MemberDividend:
    """One member's year. Rounded half up to the minor unit on the running total, so that months add up to it.

    Tax of each kind is rounded half up on the year's total of that kind.
    """
    net_deposits, net_shares = _by_month(rules, deposits), _by_month(rules, shares)
    earns = deposits.closing >= rules.minimum_deposits
    interest = _running(
        (net_deposits[month] * rules.weight(month) for month in net_deposits),
        rules.deposit_percent if earns else Fraction(0),
    )
    if rules.share_treatment is ShareTreatment.YEAR_END:
        parts: Iterable[int] = (shares.closing * _MONTHS if month == _MONTHS else 0 for month in net_shares)
    else:
        parts = (net_shares[month] * rules.weight(month) for month in net_shares)
    dividend = _running(parts, rules.share_percent)

    def tax_on(payment: TaxedPayment, running: Sequence[int]) -> list[int]:
        return [
            rates.withheld(Money(minor, currency), payment, residence, on=paid_on).minor for minor in running
        ]

    dividend_tax = tax_on(TaxedPayment.DIVIDEND, dividend)
    interest_tax = tax_on(TaxedPayment.DEPOSIT_INTEREST, interest)
    columns = zip(
        net_deposits,
        _steps(dividend),
        _steps(interest),
        _steps([a + b for a, b in zip(dividend_tax, interest_tax, strict=True)]),
        strict=True,
    )
    rows = tuple(
        ProgressionRow(
            month=month,
            weight=rules.weight(month),
            deposits=Money(net_deposits[month], currency),
            shares=Money(net_shares[month], currency),
            dividend=Money(of_shares, currency),
            interest=Money(of_deposits, currency),
            tax=Money(tax, currency),
        )
        for month, of_shares, of_deposits, tax in columns
    )
    return MemberDividend(
        rows,
        Money(dividend[-1], currency),
        Money(interest[-1], currency),
        Money(dividend_tax[-1], currency),
        Money(interest_tax[-1], currency),
    )


def _by_month(rules: DividendRules, year: YearOfBalance) -> Mapping[int, int]:
    nets = dict.fromkeys(range(_MONTHS + 2), 0)
    nets[0] = year.opening
    for move in year.movements:
        nets[rules.month_of(move.on)] += move.change
    return nets


def _running(weighted: Iterable[int], percent: Fraction) -> list[int]:
    """The year's earnings up to and including each month, rounded."""
    total, running = 0, []
    for part in weighted:
        total += part
        running.append(rounded(Fraction(total, _MONTHS) * percent / 100, Rounding.HALF_UP))
    return running


def _steps(running: Sequence[int]) -> list[int]:
    return [now - before for before, now in zip([0, *running], running, strict=False)]


class Payout(StrEnum):
    """Where a member wants what the year earned."""

    SAVINGS = "savings"
    DEPOSITS = "deposits"
    SHARES = "shares"
    """Capitalised: as many whole shares as the percentage buys, the rest to savings."""
    LOANS = "loans"
    """Paid ahead on their loans, the oldest first; what these don't take stays on savings."""
    MPESA = "mpesa"
    """Held as a payout until M-Pesa has taken it."""


@dataclass(frozen=True, slots=True)
class PayoutPlan:
    """How one member's net is divided. Parts of nothing are left out by the posting."""

    arrears: Money
    """Goes to savings first, from where what is overdue on loans is taken."""
    shares: Money
    deposits: Money
    savings: Money
    loans: Money
    """Goes to savings first too, from where it is paid on loans."""
    mpesa: Money


@dataclass(frozen=True, slots=True)
class Capitalisation:
    """How much of the payout becomes shares where a member asks for it, or the rules do for all."""

    percent: int = 100
    least: int = 0
    """In minor units: a net payout below this is not capitalised."""


def payout_plan(
    net: Money, payout: Payout, *, arrears: Money, share_price: Money, capitalise: Capitalisation
) -> PayoutPlan:
    """Arrears first, then the member's choice. The parts add up to `net`."""
    nothing = Money.zero(net.currency)
    to_arrears = min(net, arrears)
    left = net - to_arrears
    shares = nothing
    if payout is Payout.SHARES and left.minor >= capitalise.least:
        wanted = left.minor * capitalise.percent // 100
        shares = Money(wanted - wanted % share_price.minor, net.currency)
    rest = left - shares
    return PayoutPlan(
        arrears=to_arrears,
        shares=shares,
        deposits=rest if payout is Payout.DEPOSITS else nothing,
        savings=rest if payout in {Payout.SAVINGS, Payout.SHARES} else nothing,
        loans=rest if payout is Payout.LOANS else nothing,
        mpesa=rest if payout is Payout.MPESA else nothing,
    )
