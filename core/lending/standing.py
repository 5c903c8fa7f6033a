"""How does a loan stand on a day? Arrears, class, provision, expected loss and default as one record; pure.

Day-close computes the same for all loans in one statement (`standing_store.age_loans`); a test holds the two against
each other. What must be remembered from day to day (the held bucket, the last late day, what was owing at default)
is taken from the standing before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.lending.arrears import USUAL_ARREARS, Arrears, ArrearsRules, DueRow, Pause, arrears
from core.lending.classification import (
    CURE_INSTALMENTS,
    SASRA_BANDS,
    ClassBand,
    LoanClass,
    Renegotiation,
    classify,
    is_uncured,
    kept_instalments,
    required_provision,
)
from core.lending.impairment import USUAL_IMPAIRMENT, ImpairmentBand, Stage, expected_loss, impairment_band
from core.lending.in_duplum import Default
from core.money import Money


@dataclass(frozen=True, slots=True)
class RiskRules:
    """The society's bands: classes with their provisions, stages with their losses, and when a loan is cured."""

    classes: tuple[ClassBand, ...] = SASRA_BANDS
    impairment: tuple[ImpairmentBand, ...] = USUAL_IMPAIRMENT
    cure_instalments: int = CURE_INSTALMENTS


USUAL_RISK = RiskRules()


@dataclass(frozen=True, slots=True)
class RiskStanding:
    """A loan on a day, both figures for its loss side by side."""

    aged_on: date
    arrears: Arrears
    outstanding: Money
    """Principal still owed; sums tie to the loans in the ledger."""
    loan_class: LoanClass
    is_uncured: bool
    """Renegotiated, with too few kept instalments since."""
    provision: Money
    stage: Stage
    expected_loss: Money
    last_late_on: date | None = None
    defaulted_on: date | None = None
    """The day it became non-performing; gone once it performs again."""
    default: Default | None = None


@dataclass(frozen=True, slots=True)
class Renegotiated:
    """That a loan was rescheduled on a day, and the class it had before."""

    on: date
    class_before: LoanClass


def risk_standing(
    rows: Sequence[DueRow],
    on: date,
    *,
    rules: ArrearsRules = USUAL_ARREARS,
    risk: RiskRules = USUAL_RISK,
    pauses: Sequence[Pause] = (),
    renegotiated: Renegotiated | None = None,
    before: RiskStanding | None = None,
) -> RiskStanding:
    """How a loan stands on a day, from all its rows as they are then and its standing before."""
    late = arrears(rows, on, rules, pauses=pauses, held_bucket=before.arrears.bucket if before else None)
    last_late_on = on if late.since is not None else (before.last_late_on if before else None)
    renegotiation = _renegotiation(rows, on, renegotiated, last_late_on)
    uncured = is_uncured(renegotiation, cure_instalments=risk.cure_instalments)
    loan_class = classify(
        late.days_past_due, renegotiation, bands=risk.classes, cure_instalments=risk.cure_instalments
    )
    outstanding = sum((row.unpaid.principal for row in rows), start=Money.zero(rules.tolerance.currency))
    band = impairment_band(late.days_past_due, risk.impairment, is_uncured=uncured)
    defaulted_on, default = _default(loan_class, late, outstanding, on, before)
    return RiskStanding(
        aged_on=on,
        arrears=late,
        outstanding=outstanding,
        loan_class=loan_class,
        is_uncured=uncured,
        provision=required_provision(outstanding, loan_class, risk.classes),
        stage=band.stage,
        expected_loss=expected_loss(outstanding, band),
        last_late_on=last_late_on,
        defaulted_on=defaulted_on,
        default=default,
    )


def _renegotiation(
    rows: Sequence[DueRow], on: date, renegotiated: Renegotiated | None, last_late_on: date | None
) -> Renegotiation | None:
    if renegotiated is None:
        return None
    due_dates = [row.due_on for row in rows]
    kept = kept_instalments(due_dates, since=renegotiated.on, last_late_on=last_late_on, on=on)
    return Renegotiation(renegotiated.on, renegotiated.class_before, kept)


def _default(
    loan_class: LoanClass, late: Arrears, outstanding: Money, on: date, before: RiskStanding | None
) -> tuple[date | None, Default | None]:
    """Kept from the day the loan turned non-performing until it performs again."""
    if before is not None and before.defaulted_on is not None:
        is_over = loan_class is LoanClass.PERFORMING
        return (None, None) if is_over else (before.defaulted_on, before.default)
    if not loan_class.is_non_performing:
        return None, None
    unpaid = late.overdue.interest + late.overdue.penalties
    return on, Default(principal=outstanding, interest_unpaid=unpaid)
