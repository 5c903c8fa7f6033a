"""What do savings earn, and who asks for another rate? A second person agrees under /approvals."""

from datetime import date, datetime
from fractions import Fraction
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from channels.admin.approvals import Approval
from channels.admin.desk import Desk
from channels.admin.doors import needs
from channels.admin.schemas import Said
from channels.admin.writing import Write
from core.db.engine import WriteSession
from core.savings import interest_store
from core.savings.dated import DatedPercent
from core.savings.model import SavingsProduct
from core.savings.products import USUAL_PRODUCTS
from core.savings.saving_actions import SET_INTEREST_RATE, InterestRate
from core.staff import checking
from core.staff.model import SignedIn
from core.staff.permissions import Permission

router = APIRouter(prefix="/savings/rates", tags=["savings"])

_PERCENT = r"^\d{1,2}(\.\d{1,4})?$"


class RateSaid(Said):
    """What a product earns from a day on, percent a year; today or later."""

    product: SavingsProduct
    since: date
    percent: str = Field(pattern=_PERCENT, examples=["5.5"])
    overdraft_percent: str = Field(default="0", pattern=_PERCENT)
    reason: str = Field(min_length=3, max_length=500, examples=["board minute 14/2026"])


class DatedRate(BaseModel):
    """Percent a year; `since` is null for the product's own rate, which holds until the board's first."""

    since: date | None
    percent: str

    @classmethod
    def of(cls, row: DatedPercent) -> "DatedRate":
        since = None if row.since == date.min else row.since
        return cls(since=since, percent=decimal_percent(row.percent))


class ProductRates(BaseModel):
    """All rates of one product, the oldest first. A deposit for an agreed time keeps the rate it was opened at."""

    product: str
    earns: list[DatedRate]
    overdraft: list[DatedRate]


class Rates(BaseModel):
    """Every product's rates."""

    items: list[ProductRates]


def decimal_percent(percent: Fraction) -> str:
    """Such as `5.5`; every rate was entered as a decimal of at most four places.

    >>> decimal_percent(Fraction(11, 2)), decimal_percent(Fraction(10))
    ('5.5', '10')
    """
    ten_thousandths = round(percent * 10_000)
    whole, part = divmod(ten_thousandths, 10_000)
    return f"{whole}.{part:04}".rstrip("0").rstrip(".")


@router.get("")
async def interest_rates(_: Annotated[SignedIn, needs(Permission.MEMBERS_READ)], desk: Desk) -> Rates:
    """What each product earns over time."""
    async with desk.database.reading() as session:
        known = await interest_store.rates(session, USUAL_PRODUCTS)
    return Rates(
        items=[
            ProductRates(
                product=product,
                earns=[DatedRate.of(row) for row in rates.credit.rows],
                overdraft=[DatedRate.of(row) for row in rates.overdraft.rows],
            )
            for product, rates in known.items()
        ]
    )


@router.post("", response_model=Approval, status_code=202)
async def set_rate(
    said: RateSaid, who: Annotated[SignedIn, needs(Permission.SAVINGS_TERMS)], write: Write
) -> Response:
    """Ask for a rate that holds from a day on; days that are over keep theirs."""

    async def work(session: WriteSession, now: datetime) -> Approval:
        facts = InterestRate(
            product=said.product,
            since=said.since,
            percent=said.percent,
            overdraft_percent=said.overdraft_percent,
            reason=said.reason,
        )
        request = await checking.propose(session, now, write.desk.ids, SET_INTEREST_RATE, facts, who)
        return Approval.of(request, now)

    return await write.answer(who, work, status=202)
