"""Which rates does an account earn by? Its own agreed one, else the board's dated ones, else the product's. Pure."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from core.savings.dated import DatedPercent, PercentHistory
from core.savings.interest_terms import Rates
from core.savings.products import ProductTerms


def product_rates(
    terms: ProductTerms, credit: Iterable[DatedPercent], overdraft: Iterable[DatedPercent]
) -> Rates:
    """The product's rates from the beginning, and those set later from their days on."""
    return Rates(
        PercentHistory.of((DatedPercent(date.min, terms.percent), *credit)),
        PercentHistory.of((DatedPercent(date.min, terms.overdraft_percent), *overdraft)),
    )


def account_rates(rates: Rates, agreed: Fraction | None) -> Rates:
    """What one account earns; a rate agreed for it alone holds through all changes."""
    return rates if agreed is None else Rates(PercentHistory.always(agreed), rates.overdraft)
