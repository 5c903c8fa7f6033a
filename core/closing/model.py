"""What is the end of a business day made of? The steps in their order by name, and how far a day has come."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class StepName(StrEnum):
    """The steps of a day's end. The order is that of `core.day_close.STEPS`; names stay in the record for ever."""

    TERM_DEPOSITS = "term_deposits"
    """Fixed deposits whose time is over end or are renewed."""

    DIVIDENDS = "dividends"
    """Members are paid what a year earned on shares and deposits, once its day has come."""

    STANDING_ORDERS = "standing_orders"
    """Members' own orders are carried out."""

    INTEREST = "interest"
    """Loan interest of the day is taken to income, straight by day."""

    FEES = "fees"
    """Fees of instalments that fall due are taken to income."""

    SWEEPS = "sweeps"
    """What is due on loans is taken from the borrowers' transaction accounts."""

    ARREARS = "arrears"
    """How late each loan is, its class, its stage and what it may lose."""

    SUSPENSE = "suspense"
    """Unpaid interest on loans that stopped performing leaves income, and comes back with them."""

    PROVISIONS = "provisions"
    """The allowance for losses, and the reserve the regulator asks above it."""

    PENALTIES = "penalties"
    """Penalties that begin with the next day."""

    SAVINGS_INTEREST = "savings_interest"
    """Interest that savings have earned is posted where a period ends."""

    GOALS = "goals"
    """Members whose savings reached their goal are told."""

    DORMANCY = "dormancy"
    """Accounts that nobody uses are warned about, then let sleep."""

    HOLDS = "holds"
    """Holds whose last day is over release their money."""

    GUARANTEES = "guarantees"
    """Requests to guarantors that nobody answered expire, and applications that nobody went on with."""

    PROMISES = "promises"
    """Who promised to pay by this day and did not is told so."""

    REMINDERS = "reminders"
    """Members hear in the morning what is due soon, today, or late."""

    MONTH_END = "month_end"
    """On a month's last day: what savings have earned and not been paid is booked."""

    SNAPSHOTS = "snapshots"
    """Balances of the accounts that everybody posts to are carried forward."""


@dataclass(frozen=True, slots=True)
class StepState:
    """How far one step of one day has come. `cursor` is where it goes on; what it did is `done`."""

    step: StepName
    cursor: str
    done: int
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class DayState:
    """How far the end of a day has come."""

    business_date: date
    started_at: datetime
    finished_at: datetime | None
    steps: tuple[StepState, ...]
