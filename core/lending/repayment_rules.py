"""By which rules of the product does a loan run once it is paid out? Data that combine freely, kept with the loan."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from core.errors import ContradictoryTerms
from core.lending.events import PaymentKind
from core.lending.model import Portion
from core.lending.orders import PENALTY_FEE_INTEREST_PRINCIPAL, Order, leaves_out


class EventOrder(StrEnum):
    """In which order events take effect; events of one day in order of entry."""

    BY_EFFECTIVE_DATE = "by_effective_date"
    """Each on its own date; a charge on its due date, or on its day of entry when that is earlier."""

    SCHEDULE_THEN_CHARGES_THEN_MONEY = "schedule_then_charges_then_money"
    """First what makes the schedule, then all charges, then payments by date."""


class TrancheRule(StrEnum):
    """What a later disbursement does to the schedule."""

    WHOLE_SCHEDULE = "whole_schedule"
    """All rows are computed again from the total; its down payment stands before rows of the same date."""

    LATER_ROWS = "later_rows"
    """It is spread over the rows due after it; its down payment stands behind rows of the same date."""


class ReopenedOn(StrEnum):
    """On which row an amount is due again after a chargeback or refund; behind the last one on a row of its own."""

    NEXT_DUE = "next_due"
    """The first row due on or after the day."""

    RUNNING = "running"
    """The row that runs on the day: begun, and due after it; on the last due date the last row."""


class RepaymentInterest(StrEnum):
    """Which interest a payment meets, and so what clears the loan early."""

    SCHEDULED = "scheduled"
    """The interest of the schedule, which never changes; what no pass of the order reaches lapses."""

    BY_DAY = "by_day"
    """Interest follows the principal from day to day, to the day of the payment."""

    BY_DAY_TO_PERIOD_END = "by_day_to_period_end"
    """The same, but the running period is charged to its end."""


class AfterWriteOff(StrEnum):
    """What happens to interest by day once a loan is written off."""

    REGULAR = "regular"
    """It goes on as scheduled."""

    ZERO_INTEREST = "zero_interest"
    """No interest from that day on."""


@dataclass(frozen=True, slots=True)
class RepaymentRules:
    """How payments, charges, tranches and chargebacks act. A value of its own, so that terms need not know it.

    Raises ContradictoryTerms for interest by day under an order that leaves some of it out: it can't lapse.
    """

    order: Order = PENALTY_FEE_INTEREST_PRINCIPAL
    orders: Mapping[PaymentKind, Order] = field(default_factory=dict)
    """Where a kind of payment has an order of its own."""
    event_order: EventOrder = EventOrder.BY_EFFECTIVE_DATE
    tranche: TrancheRule = TrancheRule.LATER_ROWS
    reopens: tuple[Portion, ...] = (Portion.PRINCIPAL,)
    """In which order a chargeback makes due again what the payment had paid; the last takes the rest."""
    reopened_on: ReopenedOn = ReopenedOn.NEXT_DUE
    interest: RepaymentInterest = RepaymentInterest.SCHEDULED
    overdue_principal_earns: bool = True
    """With interest by day: principal that is not paid on its due date goes on earning."""
    after_write_off: AfterWriteOff = AfterWriteOff.REGULAR

    def __post_init__(self) -> None:
        left_out = leaves_out(self.order)
        if self.is_by_day and left_out:
            raise ContradictoryTerms("order_leaves_out", given=left_out[0], limit=self.interest)

    def order_for(self, kind: PaymentKind) -> Order:
        """The order by which this kind of payment is divided."""
        return self.orders.get(kind, self.order)

    @property
    def is_by_day(self) -> bool:
        return self.interest is not RepaymentInterest.SCHEDULED
