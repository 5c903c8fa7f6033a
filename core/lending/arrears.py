"""How late is a loan? Days past due, delinquent days and bucket from its rows and a day; pure.

A day's arrears are what fell due before that day and is not paid. What is overdue for no more than a tolerance is
none. Days past due count from the row at which the overdue amount passes the tolerance; delinquent days leave out
the product's grace and the days on which ageing was paused. Rules and figures follow Apache Fineract's loan
delinquency, fineract-doc, "Delinquency" and "Pause delinquency".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from core.clock import NAIROBI
from core.money import Currency, Money

_DAY_MINUTES = 24 * 60
_GRACE_MINUTES_MOST = 12 * 60
_NOTHING = Money.zero()


@dataclass(frozen=True, slots=True)
class CutOff:
    """Until when does a payment count for its day? Minutes after midnight in Nairobi, and minutes of grace.

    The "60-minute rule": a repayment whose event time is at most the grace minutes after the cut-off of the due
    date is on time. Raises ValueError for a cut-off outside the day or more than half a day of grace.
    """

    minutes: int = _DAY_MINUTES
    grace_minutes: int = 60

    def __post_init__(self) -> None:
        if not (0 < self.minutes <= _DAY_MINUTES and 0 <= self.grace_minutes <= _GRACE_MINUTES_MOST):
            raise ValueError(f"no cut-off: {self.minutes} minutes, {self.grace_minutes} of grace")

    def deadline(self, day: date) -> datetime:
        """The last moment at which a payment counts for this day."""
        return datetime.combine(day, time.min, NAIROBI) + self._length

    def counts_on(self, event_at: datetime) -> date:
        """The day a payment counts for: the first one whose deadline it meets."""
        shifted = event_at.astimezone(NAIROBI) - self._length
        is_midnight = shifted.time() == time.min
        return shifted.date() if is_midnight else shifted.date() + timedelta(days=1)

    def is_on_time(self, due_on: date, event_at: datetime) -> bool:
        """Whether a payment at this moment is on time for what is due on that day."""
        return event_at <= self.deadline(due_on)

    @property
    def _length(self) -> timedelta:
        return timedelta(minutes=self.minutes + self.grace_minutes)


@dataclass(frozen=True, slots=True)
class Bucket:
    """A range of delinquent days, both ends included; the last one has no end."""

    name: str
    from_days: int
    to_days: int | None = None

    def holds(self, days: int) -> bool:
        return self.from_days <= days and (self.to_days is None or days <= self.to_days)


USUAL_BUCKETS = (
    Bucket("1-30", 1, 30),
    Bucket("31-60", 31, 60),
    Bucket("61-90", 61, 90),
    Bucket("91-180", 91, 180),
    Bucket("181-360", 181, 360),
    Bucket("over 360", 361),
)


@dataclass(frozen=True, slots=True)
class ArrearsRules:
    """What a product says about being late. Raises ValueError where buckets overlap or stand out of order."""

    cut_off: CutOff = CutOff()
    tolerance: Money = Money(100)  # noqa: RUF009 (an immutable value)
    """Overdue amounts up to this are none; one shilling is what a Kenyan core ignores."""
    ageing_grace_days: int = 0
    """Days past due that do not make a loan delinquent."""
    buckets: tuple[Bucket, ...] = USUAL_BUCKETS

    def __post_init__(self) -> None:
        if self.ageing_grace_days < 0 or self.tolerance < Money.zero(self.tolerance.currency):
            raise ValueError(f"below zero: {self.ageing_grace_days} days, {self.tolerance}")
        for before, after in pairwise(self.buckets):
            if before.to_days is None or after.from_days <= before.to_days:
                raise ValueError(f"buckets overlap: {before.name}, {after.name}")

    def bucket_of(self, delinquent_days: int) -> str | None:
        """The name of the bucket for so many delinquent days; None below the first."""
        return next((bucket.name for bucket in self.buckets if bucket.holds(delinquent_days)), None)


USUAL_ARREARS = ArrearsRules()


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch in which a loan does not age: from a day to an end day, or to the day on which it was resumed.

    The end day itself ages again; the bucket is held through it. Raises ValueError where it ends before it starts.
    """

    starts_on: date
    ends_on: date

    def __post_init__(self) -> None:
        if self.ends_on < self.starts_on:
            raise ValueError(f"a pause ends before it starts: {self.starts_on} to {self.ends_on}")

    def is_active(self, on: date) -> bool:
        return self.starts_on <= on <= self.ends_on

    def days_between(self, since: date, on: date) -> int:
        """How many of the days from `since` to before `on` were paused."""
        return max(0, (min(self.ends_on, on) - max(self.starts_on, since)).days)


@dataclass(frozen=True, slots=True)
class Portions:
    """An amount by what it is owed for."""

    principal: Money = _NOTHING
    interest: Money = _NOTHING
    fees: Money = _NOTHING
    penalties: Money = _NOTHING

    @classmethod
    def nothing(cls, currency: Currency) -> "Portions":
        zero = Money.zero(currency)
        return cls(zero, zero, zero, zero)

    @property
    def total(self) -> Money:
        return self.principal + self.interest + self.fees + self.penalties

    def __add__(self, other: "Portions") -> "Portions":
        return Portions(
            self.principal + other.principal,
            self.interest + other.interest,
            self.fees + other.fees,
            self.penalties + other.penalties,
        )


@dataclass(frozen=True, slots=True)
class Reopened:
    """Money that a payment had settled and a chargeback made due again, on the day of the chargeback."""

    on: date
    amount: Money


@dataclass(frozen=True, slots=True)
class DueRow:
    """One row of a loan as arrears see it. `reopened` are the chargebacks that belong to this row, oldest first."""

    number: int
    due_on: date
    unpaid: Portions
    paid: Money = _NOTHING
    reopened: tuple[Reopened, ...] = ()

    def overdue(self, on: date) -> "Portions | None":
        """What of this row is overdue on a day: all that is unpaid after its due date, else what was reopened."""
        if self.due_on < on:
            return self.unpaid if self.unpaid.total else None
        missing = self._reopened_unpaid(on)
        if not missing:
            return None
        return replace(Portions.nothing(missing.currency), principal=missing)

    def overdue_since(self, on: date) -> date:
        """Since when: the chargeback that what was paid no longer covers, else the due date."""
        nothing = Money.zero(self.paid.currency)
        left = self.paid
        for each in self.reopened:
            if each.on >= min(on, self.due_on + timedelta(days=1)):
                break
            left -= each.amount
            if left < nothing:
                return each.on
        return self.due_on

    def _reopened_unpaid(self, on: date) -> Money:
        nothing = Money.zero(self.paid.currency)
        called = sum((each.amount for each in self.reopened if each.on < on), start=nothing)
        return min(max(nothing, called - self.paid), self.unpaid.total)


@dataclass(frozen=True, slots=True)
class Arrears:
    """How late a loan is on a day. Nothing overdue: no dates, no days, no bucket."""

    overdue: Portions
    since: date | None = None
    """From when days past due count: a due date, or the day of a chargeback."""
    days_past_due: int = 0
    delinquent_since: date | None = None
    delinquent_days: int = 0
    bucket: str | None = None


def arrears(
    rows: Iterable[DueRow],
    on: date,
    rules: ArrearsRules = USUAL_ARREARS,
    *,
    pauses: Sequence[Pause] = (),
    held_bucket: str | None = None,
) -> Arrears:
    """How late a loan is at the end of a business day, from its rows as they stand then.

    While a pause is active the bucket stays what it was, `held_bucket`.
    """
    overdue, since = _overdue(rows, on, rules)
    if since is None:
        return Arrears(Portions.nothing(rules.tolerance.currency))
    days = _delinquent_days(since, on, rules.ageing_grace_days, pauses)
    is_paused = any(pause.is_active(on) for pause in pauses)
    return Arrears(
        overdue=overdue,
        since=since,
        days_past_due=(on - since).days,
        delinquent_since=since + timedelta(days=rules.ageing_grace_days),
        delinquent_days=days,
        bucket=held_bucket if is_paused else rules.bucket_of(days),
    )


def instalment_buckets(
    rows: Iterable[DueRow],
    on: date,
    rules: ArrearsRules,
    *,
    loan: Arrears,
    pauses: Sequence[Pause] = (),
    held_buckets: Mapping[int, str] | None = None,
) -> dict[int, str]:
    """The bucket of each overdue row by number, where the product ages its rows too.

    A row ages from its own date without the grace, but only once the loan itself is delinquent; while a pause is
    active rows keep `held_buckets`.
    """
    if loan.bucket is None:
        return {}
    late = [row for row in rows if row.overdue(on) is not None]
    if any(pause.is_active(on) for pause in pauses):
        held = held_buckets or {}
        return {row.number: held[row.number] for row in late if row.number in held}
    days = {row.number: _delinquent_days(row.overdue_since(on), on, 0, pauses) for row in late}
    buckets = {number: rules.bucket_of(each) for number, each in days.items()}
    return {number: bucket for number, bucket in buckets.items() if bucket is not None}


def _overdue(rows: Iterable[DueRow], on: date, rules: ArrearsRules) -> tuple[Portions, date | None]:
    """What is overdue, and since when it is more than the tolerance; never, where it is not."""
    late = [(row.overdue_since(on), parts) for row in rows if (parts := row.overdue(on)) is not None]
    late.sort(key=lambda each: each[0])
    total, since = Portions.nothing(rules.tolerance.currency), None
    for day, parts in late:
        total += parts
        if since is None and total.total > rules.tolerance:
            since = day
    return total, since


def _delinquent_days(since: date, on: date, grace_days: int, pauses: Sequence[Pause]) -> int:
    paused = sum(pause.days_between(since, on) for pause in pauses)
    return max(0, (on - since).days - grace_days - paused)
