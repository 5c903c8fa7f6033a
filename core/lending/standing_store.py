"""All SQL of how loans stand: ageing, pauses, renegotiations, and the totals that returns are made of."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

import asyncpg

from core.db.engine import ReadSession, WriteSession
from core.errors import NoPauseToResume, PauseOverlaps
from core.lending.ageing_sql import ACCRUED_SINCE_DEFAULT, AGE_LOANS
from core.lending.arrears import Arrears, Portions
from core.lending.classification import ClassTotal, LoanClass
from core.lending.impairment import Stage
from core.lending.in_duplum import Default, in_duplum_room
from core.lending.policies import POLICIES, LendingPolicy
from core.lending.portfolio import PAR_DAYS, PortfolioAtRisk
from core.lending.standing import USUAL_RISK, RiskRules, RiskStanding
from core.money import Currency, Money

_STANDING = """SELECT s.*, l.currency FROM loan_standing s JOIN loan l ON l.id = s.loan_id"""


async def age_loans(
    session: WriteSession,
    *,
    on: date,
    paid_through: date | None = None,
    policies: Mapping[str, LendingPolicy] = POLICIES,
    risk: RiskRules = USUAL_RISK,
) -> int:
    """Write how every running loan stands on a business day, in one statement; the number of loans aged.

    Payments count up to each product's deadline (cut-off and grace) of `paid_through`, by default of the day
    itself. A loan that isn't running any more loses its standing. The same day again gives the same.
    """
    await session.execute(
        """DELETE FROM loan_standing s USING loan l WHERE l.id = s.loan_id AND l.status <> 'active'"""
    )
    await session.execute(
        AGE_LOANS,
        on,
        *deadlines_of(policies.values(), paid_through or on),
        *_buckets_of(policies.values()),
        *_bands_of(risk),
    )
    row = await session.row("SELECT count(*) AS aged FROM loan_standing WHERE aged_on = $1", on)
    return int(row["aged"]) if row else 0


async def standing(session: ReadSession, loan_id: str) -> RiskStanding | None:
    """How a loan stood when it was last aged; None before that or once it isn't running."""
    row = await session.row(f"{_STANDING} WHERE s.loan_id = $1", loan_id)
    return None if row is None else _standing(row)


async def class_totals(session: ReadSession, *, currency: Currency = Currency.KES) -> list[ClassTotal]:
    """Accounts and principal by class, renegotiated loans apart, as they were last aged: what Form 4 is made of."""
    rows = await session.rows(
        """SELECT s.loan_class, n.loan_id IS NOT NULL AS is_renegotiated, count(*) AS accounts,
                  sum(s.outstanding)::bigint AS outstanding
             FROM loan_standing s JOIN loan l ON l.id = s.loan_id
             LEFT JOIN (SELECT DISTINCT loan_id FROM loan_renegotiation) n ON n.loan_id = s.loan_id
            WHERE l.currency = $1 GROUP BY 1, 2""",
        currency,
    )
    return [
        ClassTotal(
            loan_class=LoanClass(row["loan_class"]),
            accounts=row["accounts"],
            outstanding=Money(row["outstanding"], currency),
            is_renegotiated=row["is_renegotiated"],
        )
        for row in rows
    ]


async def portfolios_at_risk(
    session: ReadSession, *, currency: Currency = Currency.KES
) -> dict[int, PortfolioAtRisk]:
    """PAR 1, 30, 60 and 90 by their days, as loans were last aged."""
    row = await session.row(
        """SELECT coalesce(sum(outstanding), 0)::bigint AS portfolio,
                  coalesce(sum(outstanding) FILTER (WHERE days_past_due >= 1), 0)::bigint AS par_1,
                  coalesce(sum(outstanding) FILTER (WHERE days_past_due > 30), 0)::bigint AS par_30,
                  coalesce(sum(outstanding) FILTER (WHERE days_past_due > 60), 0)::bigint AS par_60,
                  coalesce(sum(outstanding) FILTER (WHERE days_past_due > 90), 0)::bigint AS par_90
             FROM loan_standing s JOIN loan l ON l.id = s.loan_id WHERE l.currency = $1""",
        currency,
    )
    if row is None:
        raise AssertionError("a sum has a row")
    portfolio = Money(row["portfolio"], currency)
    return {days: PortfolioAtRisk(Money(row[f"par_{days}"], currency), portfolio) for days in PAR_DAYS}


async def losses(session: ReadSession, product: str) -> tuple[Money, Money]:
    """The provision the regulator requires and the loss expected on all loans of a product, as last aged."""
    row = await session.row(
        """SELECT coalesce(sum(s.provision), 0)::bigint AS provision,
                  coalesce(sum(s.expected_loss), 0)::bigint AS expected,
                  coalesce(min(l.currency), $2) AS currency
             FROM loan_standing s JOIN loan l ON l.id = s.loan_id WHERE l.product = $1""",
        product,
        Currency.KES,
    )
    if row is None:
        raise AssertionError("a sum has a row")
    currency = Currency(row["currency"])
    return Money(row["provision"], currency), Money(row["expected"], currency)


async def in_duplum_rooms(session: ReadSession, *, on: date) -> dict[str, Money]:
    """Of every loan that went bad, how much more interest and penalty it may be charged as a day begins."""
    rows = await session.rows(
        f"""SELECT s.loan_id, l.currency, s.defaulted_on, s.principal_at_default, s.interest_at_default,
                   {ACCRUED_SINCE_DEFAULT} AS accrued_since
              FROM loan_standing s JOIN loan l ON l.id = s.loan_id WHERE s.defaulted_on IS NOT NULL""",
        on,
    )
    return {row["loan_id"]: room for row in rows if (room := room_of(row)) is not None}


async def pause_ageing(
    session: WriteSession,
    *,
    loan_id: str,
    starts_on: date,
    ends_on: date,
    reason: str,
    paused_by: str,
    now: datetime,
) -> None:
    """A loan doesn't age from one day to before another. Raises PauseOverlaps, ValueError for days out of order."""
    if ends_on < starts_on:
        raise ValueError(f"a pause ends before it starts: {starts_on} to {ends_on}")
    await session.row("SELECT id FROM loan WHERE id = $1 FOR UPDATE", loan_id)
    other = await session.row(
        """SELECT starts_on, ends_on FROM ageing_pause
            WHERE loan_id = $1 AND starts_on <= $3 AND ends_on >= $2 ORDER BY starts_on LIMIT 1""",
        loan_id,
        starts_on,
        ends_on,
    )
    if other is not None:
        raise PauseOverlaps(starts_on=other["starts_on"], ends_on=other["ends_on"])
    await session.execute(
        """INSERT INTO ageing_pause (loan_id, starts_on, ends_on, reason, paused_by, paused_at)
           VALUES ($1, $2, $3, $4, $5, $6)""",
        loan_id,
        starts_on,
        ends_on,
        reason,
        paused_by,
        now,
    )


async def resume_ageing(session: WriteSession, *, loan_id: str, on: date) -> None:
    """The pause that is running ends on this day, which ages again. Raises NoPauseToResume."""
    row = await session.row(
        """UPDATE ageing_pause SET ends_on = $2
            WHERE loan_id = $1 AND starts_on <= $2 AND ends_on > $2 RETURNING id""",
        loan_id,
        on,
    )
    if row is None:
        raise NoPauseToResume(on=on)


async def note_renegotiation(session: WriteSession, *, loan_id: str, on: date) -> None:
    """A loan was rescheduled: its class of now is kept until enough instalments are; the same day again is one.

    A loan that was never aged was performing.
    """
    await session.execute(
        """INSERT INTO loan_renegotiation (loan_id, renegotiated_on, class_before)
           SELECT $1, $2, coalesce((SELECT loan_class FROM loan_standing WHERE loan_id = $1), $3)
           ON CONFLICT DO NOTHING""",
        loan_id,
        on,
        LoanClass.PERFORMING,
    )


def deadlines_of(policies: Iterable[LendingPolicy], paid_through: date) -> Sequence[object]:
    """The columns of the relation `rule`: parameters 2 to 5 of statements with `INSTALMENTS_AS_OF`."""
    listed = list(policies)
    return (
        [policy.product for policy in listed],
        [policy.arrears.cut_off.deadline(paid_through) for policy in listed],
        [policy.arrears.tolerance.minor for policy in listed],
        [policy.arrears.ageing_grace_days for policy in listed],
    )


def _buckets_of(policies: Iterable[LendingPolicy]) -> Sequence[object]:
    """The columns of the relation `bucket`."""
    buckets = [(policy.product, bucket) for policy in policies for bucket in policy.arrears.buckets]
    return (
        [product for product, _ in buckets],
        [bucket.name for _, bucket in buckets],
        [bucket.from_days for _, bucket in buckets],
        [bucket.to_days for _, bucket in buckets],
    )


def _bands_of(risk: RiskRules) -> Sequence[object]:
    """The columns of the relations `band` and `loss`, shares as whole numerators and denominators."""
    return (
        [band.loan_class for band in risk.classes],
        [band.from_days for band in risk.classes],
        [band.provision.numerator for band in risk.classes],
        [band.provision.denominator for band in risk.classes],
        [int(band.stage) for band in risk.impairment],
        [band.from_days for band in risk.impairment],
        [band.loss_rate.numerator for band in risk.impairment],
        [band.loss_rate.denominator for band in risk.impairment],
        risk.cure_instalments,
    )


def room_of(row: asyncpg.Record) -> Money | None:
    """What in duplum leaves of a row with a default and `accrued_since`; None where the loan has not gone bad."""
    currency = Currency(row["currency"])
    default = _default(row, currency)
    if default is None:
        return None
    return in_duplum_room(default, accrued_since=Money(row["accrued_since"], currency))


def _default(row: asyncpg.Record, currency: Currency) -> Default | None:
    if row["defaulted_on"] is None:
        return None
    return Default(
        principal=Money(row["principal_at_default"], currency),
        interest_unpaid=Money(row["interest_at_default"], currency),
    )


def _standing(row: asyncpg.Record) -> RiskStanding:
    currency = Currency(row["currency"])

    def money(name: str) -> Money:
        return Money(row[name], currency)

    return RiskStanding(
        aged_on=row["aged_on"],
        arrears=_arrears(row, currency),
        outstanding=money("outstanding"),
        loan_class=LoanClass(row["loan_class"]),
        is_uncured=row["is_uncured"],
        provision=money("provision"),
        stage=Stage(row["stage"]),
        expected_loss=money("expected_loss"),
        last_late_on=row["last_late_on"],
        defaulted_on=row["defaulted_on"],
        default=_default(row, currency),
    )


def _arrears(row: asyncpg.Record, currency: Currency) -> Arrears:
    parts = ("overdue_principal", "overdue_interest", "overdue_fees", "overdue_penalties")
    return Arrears(
        overdue=Portions(*(Money(row[part], currency) for part in parts)),
        since=row["overdue_since"],
        days_past_due=row["days_past_due"],
        delinquent_since=row["delinquent_since"],
        delinquent_days=row["delinquent_days"],
        bucket=row["bucket"],
    )
