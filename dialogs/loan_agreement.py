"""What does a member read and agree to when they borrow? The cost of a loan as values, slots and one text.

The same text stands on the screen and, word for word, in the record of what was agreed.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from core.lending.applications.disclosure import Figures
from core.money import Money
from dialogs.catalogue import Catalogue
from dialogs.slots import LOAN_MONEY, CountSlot, Slot, TextSlot
from dialogs.values import Row, Values, money, number, text

AGREEMENT_KEY: Final = "applications.offer.text"
AGREEMENT_VERSION: Final = 1
"""Raised whenever the sentences of that text change."""


COST_SLOTS: Final[Mapping[str, Slot]] = MappingProxyType(
    {
        "borrowed": LOAN_MONEY,
        "fees": LOAN_MONEY,
        "net": LOAN_MONEY,
        "instalment": LOAN_MONEY,
        "months": CountSlot(120),
        "last": LOAN_MONEY,
        "interest": LOAN_MONEY,
        "total": LOAN_MONEY,
        "apr": TextSlot(6),
    }
)
"""What the texts about a cost may hold."""


def cost_values(figures: Figures) -> Row:
    """The figures as a conversation keeps them."""
    return {
        "borrowed": figures.principal.minor,
        "fees": figures.charges.minor,
        "net": figures.received.minor,
        "instalment": figures.instalment.minor,
        "months": figures.instalments,
        "last": figures.last_instalment.minor,
        "interest": figures.interest.minor,
        "total": figures.to_pay.minor,
        "apr": figures.apr,
    }


def cost_of_values(values: Values) -> Figures:
    """The figures that were kept, and so were shown."""
    interest, fees = money(values, "interest"), money(values, "fees")
    return Figures(
        principal=money(values, "borrowed"),
        received=money(values, "net"),
        instalment=money(values, "instalment"),
        last_instalment=money(values, "last"),
        instalments=number(values, "months"),
        interest=interest,
        charges=fees,
        to_pay=money(values, "total"),
        cost=Money(interest.minor + fees.minor, interest.currency),
        apr=text(values, "apr"),
    )


def agreement_text(catalogue: Catalogue, language: str, figures: Figures) -> str:
    """What the member reads, in their language."""
    return catalogue[language].fill(AGREEMENT_KEY, cost_values(figures), COST_SLOTS)
