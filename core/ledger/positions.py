"""What does an exchange do to the society's position in a currency? Cost at the average, gain realised; pure.

A position is what the society holds net in a foreign currency; below zero where it owes. Its cost is what it took at
home to get there. An exchange that enlarges it adds what was paid to the cost; one that makes it smaller releases
cost in proportion, and what was got above that is a gain realised. One that turns it does first the one, then the
other.
"""

from dataclasses import dataclass

from core.money import Money


@dataclass(frozen=True, slots=True)
class Position:
    """So much held in a currency, and its cost at home; both below zero for a debt."""

    held: Money
    cost: Money

    def cost_moved(self, bought: Money, home_paid: Money) -> Money:
        """By how much the cost rises when so much is bought (below zero: sold) for so much at home.

        The difference to `home_paid` is a gain realised. Rounded half up to the home minor unit; what closes the
        position in full releases all of its cost.

        >>> from core.money import Currency
        >>> dollars = Position(Money(10_000, Currency.USD), Money(1_300_000))
        >>> dollars.cost_moved(Money(-4_000, Currency.USD), Money(-530_000))
        Money(minor=-520000, currency=<Currency.KES: 'KES'>)
        """
        closes = self.held.minor * bought.minor < 0
        if not closes:
            return home_paid
        if abs(bought.minor) <= abs(self.held.minor):
            return self.cost.portion(bought.minor, self.held.minor)
        beyond = self.held.minor + bought.minor
        return -self.cost + home_paid.portion(beyond, bought.minor)
