"""How much of the money lent is at risk? PAR 1, 30, 60 and 90 of a portfolio; pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from core.money import Currency, Money

PAR_DAYS = (1, 30, 60, 90)
"""PAR 1 counts loans from the first day late, the others loans that are later than so many days."""

LoanAtDays: TypeAlias = tuple[int, Money]
"""A loan's days past due and the principal it still owes."""


@dataclass(frozen=True, slots=True)
class PortfolioAtRisk:
    """The principal owed on loans that are late by a number of days, against all principal owed."""

    at_risk: Money
    portfolio: Money

    @property
    def ratio(self) -> Fraction:
        """Zero for a portfolio of nothing."""
        return Fraction(self.at_risk.minor, self.portfolio.minor) if self.portfolio else Fraction(0)

    @property
    def percent(self) -> str:
        """With two decimals, half up.

        >>> PortfolioAtRisk(Money(450_000_000), Money(6_870_000_000)).percent
        '6.55'
        """
        hundredths = (self.ratio * 10_000 + Fraction(1, 2)).__floor__()
        return f"{hundredths // 100}.{hundredths % 100:02}"


def portfolio_at_risk(
    loans: Iterable[LoanAtDays], *, days: int, currency: Currency = Currency.KES
) -> PortfolioAtRisk:
    """PAR of so many days. PAR 30 is the balance of loans over 30 days late; PAR 1 of all that are late at all."""
    late_from = 1 if days == 1 else days + 1
    at_risk = portfolio = Money.zero(currency)
    for days_late, outstanding in loans:
        portfolio += outstanding
        if days_late >= late_from:
            at_risk += outstanding
    return PortfolioAtRisk(at_risk, portfolio)
