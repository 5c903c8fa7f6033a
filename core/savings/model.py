"""Which savings may a member hold?"""

from enum import StrEnum

from core.ledger.chart import Gl


class SavingsProduct(StrEnum):
    """The savings products, by what a member may do with the money."""

    SAVINGS = "savings"
    """Withdrawable at any time; also takes what is overpaid."""

    DEPOSITS = "deposits"
    """Not withdrawable while a member; the base of the loan limit."""

    @property
    def parent(self) -> Gl:
        """The chart account under which the members' own accounts stand."""
        return Gl.MEMBER_SAVINGS if self is SavingsProduct.SAVINGS else Gl.MEMBER_DEPOSITS
