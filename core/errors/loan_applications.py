"""What do we refuse on the way from a wish to a loan?"""

from dataclasses import dataclass
from typing import ClassVar

from core.errors.tree import Refusal


@dataclass(eq=False)
class LoanAboveLimit(Refusal):
    """The member may borrow less than that. `rule` binds, and `number` is the figure it went by, as plain text."""

    rule: str
    number: str
    limit_minor: int
    asked_minor: int
    code: ClassVar[str] = "lending.above_limit"


@dataclass(eq=False)
class LoanBelowLeast(Refusal):
    """The product isn't lent in such small amounts. Minor units."""

    least_minor: int
    asked_minor: int
    code: ClassVar[str] = "lending.below_least"


@dataclass(eq=False)
class LoanTermNotOffered(Refusal):
    """The product isn't repaid in so many instalments."""

    least: int
    most: int
    asked: int
    code: ClassVar[str] = "lending.term_not_offered"


@dataclass(eq=False)
class PurposeNotLentFor(Refusal):
    """The product isn't lent for this purpose."""

    product: str
    purpose: str
    code: ClassVar[str] = "lending.purpose_not_lent_for"


@dataclass(eq=False)
class UnknownLoanProduct(Refusal):
    """There is no such product."""

    product: str
    code: ClassVar[str] = "lending.unknown_product"


@dataclass(eq=False)
class ApplicationAlreadyOpen(Refusal):
    """The member has applied for this product, and the application goes on."""

    product: str
    code: ClassVar[str] = "lending.application_already_open"


@dataclass(eq=False)
class UnknownApplication(Refusal):
    """There is no such application, or it is somebody else's."""

    code: ClassVar[str] = "lending.unknown_application"


@dataclass(eq=False)
class ApplicationNotOpen(Refusal):
    """The application isn't, or is no longer, where this can be done: `state` says how it stands."""

    state: str
    code: ClassVar[str] = "lending.application_not_open"


@dataclass(eq=False)
class SomebodyElseDecides(Refusal):
    """The person may not decide on this, `because` they appraised_it, wrote_it_down or it is above_their_limit."""

    because: str
    code: ClassVar[str] = "lending.somebody_else_decides"


@dataclass(eq=False)
class VotedAlready(Refusal):
    """The person said otherwise before; a vote stands."""

    code: ClassVar[str] = "lending.voted_already"


@dataclass(eq=False)
class DisclosureChanged(Refusal):
    """The figures that were shown aren't those of the terms on offer."""

    code: ClassVar[str] = "lending.disclosure_changed"


@dataclass(eq=False)
class NotFullySecured(Refusal):
    """Deposits, guarantors and collateral don't secure the loan yet. Minor units."""

    missing_minor: int
    guarantors_missing: int
    code: ClassVar[str] = "lending.not_fully_secured"


@dataclass(eq=False)
class UnknownCollateral(Refusal):
    """No such thing is held as collateral."""

    code: ClassVar[str] = "lending.unknown_collateral"


@dataclass(eq=False)
class CollateralTaken(Refusal):
    """This thing secures a loan already."""

    reference: str
    code: ClassVar[str] = "lending.collateral_taken"
