"""What is a share, and how many must a member keep?"""

from dataclasses import dataclass

from core.errors import InvalidAmount, NotWholeShares
from core.money import Money


@dataclass(frozen=True, slots=True)
class ShareRules:
    """The society's shares. By-laws set both."""

    price: Money
    minimum: Money
    """Of share capital, kept while a member."""

    def whole(self, amount: Money) -> Money:
        """The amount, if it is some number of whole shares. Raises InvalidAmount, NotWholeShares."""
        if amount.minor <= 0:
            raise InvalidAmount(text=str(amount))
        if (amount + Money.zero(self.price.currency)).minor % self.price.minor:
            raise NotWholeShares(price_minor=self.price.minor)
        return amount


# A share of KES 100 and KES 5,000 of them to begin with: the demo's; real societies ask between 1,000 and 30,000.
USUAL_SHARES = ShareRules(price=Money(10_000), minimum=Money(500_000))


@dataclass(frozen=True, slots=True)
class ShareAccount:
    """A member's share capital as it stands."""

    account_id: str
    member_id: str
    ledger_code: str
    balance: Money
    available: Money
    """Less what is held."""
