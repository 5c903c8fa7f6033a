"""How are terms, rules and events kept in the database? As JSON that reads back as the same value, exactly.

Every convention is said by name, so that a loan is read as agreed; a term that is added later has its default in
loans made before it. Rates are exact: "3/25" is 12 % a year.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

import msgspec

from core.lending.events import (
    BalanceRefund,
    ChargeAdded,
    Chargeback,
    ChargeWaived,
    Disbursement,
    DisbursementUndone,
    Happening,
    InterestPause,
    Payment,
    PercentOfLoan,
    ReAge,
    ReAmortise,
    Reschedule,
    Reversal,
    WriteOff,
)
from core.lending.model import Portion
from core.money import Money

_Value = TypeVar("_Value")


class EventKind(StrEnum):
    """What happened, as the log names it."""

    DISBURSEMENT = "disbursement"
    PAYMENT = "payment"
    CHARGE_ADDED = "charge_added"
    CHARGE_WAIVED = "charge_waived"
    CHARGEBACK = "chargeback"
    BALANCE_REFUND = "balance_refund"
    WRITE_OFF = "write_off"
    RE_AGE = "re_age"
    RE_AMORTISE = "re_amortise"
    RESCHEDULE = "reschedule"
    INTEREST_PAUSE = "interest_pause"
    REVERSAL = "reversal"
    DISBURSEMENT_UNDONE = "disbursement_undone"


_TYPES: dict[EventKind, type[Happening]] = {
    EventKind.DISBURSEMENT: Disbursement,
    EventKind.PAYMENT: Payment,
    EventKind.CHARGE_ADDED: ChargeAdded,
    EventKind.CHARGE_WAIVED: ChargeWaived,
    EventKind.CHARGEBACK: Chargeback,
    EventKind.BALANCE_REFUND: BalanceRefund,
    EventKind.WRITE_OFF: WriteOff,
    EventKind.RE_AGE: ReAge,
    EventKind.RE_AMORTISE: ReAmortise,
    EventKind.RESCHEDULE: Reschedule,
    EventKind.INTEREST_PAUSE: InterestPause,
    EventKind.REVERSAL: Reversal,
    EventKind.DISBURSEMENT_UNDONE: DisbursementUndone,
}
_KINDS = {kind_of: name for name, kind_of in _TYPES.items()}


@dataclass(frozen=True, slots=True)
class _ChargeRecord:
    """A charge with its amount or its rate apart: JSON does not tell which of two values is meant."""

    due_on: date
    portion: Portion
    name: str = ""
    amount: Money | None = None
    rate: Fraction | None = None
    row_due_on: date | None = None


def written(value: object) -> str:
    """A frozen value of lending as JSON: amounts in minor units, rates as fractions such as `3/25`, days as ISO."""
    return msgspec.json.encode(value, enc_hook=_plain).decode()


def read(kind: type[_Value], record: str) -> _Value:
    """The value that `written` wrote; it checks itself again.

    Raises ValueError for anything else, ContradictoryTerms for impossible terms.
    """
    return msgspec.json.decode(record, type=kind, dec_hook=_exact)


def written_event(what: Happening) -> tuple[EventKind, str]:
    """The kind of an event and its JSON."""
    kind = _KINDS[type(what)]
    if not isinstance(what, ChargeAdded):
        return kind, written(what)
    amount = what.amount if isinstance(what.amount, Money) else None
    rate = what.amount.rate if isinstance(what.amount, PercentOfLoan) else None
    return kind, written(_ChargeRecord(what.due_on, what.portion, what.name, amount, rate, what.row_due_on))


def read_event(kind: EventKind, record: str) -> Happening:
    """The event that `written_event` wrote. Raises ValueError for anything else."""
    if kind is not EventKind.CHARGE_ADDED:
        return read(_TYPES[kind], record)
    charge = read(_ChargeRecord, record)
    if (charge.amount is None) == (charge.rate is None):
        raise ValueError(f"a charge is an amount or a rate: {record}")
    amount = charge.amount if charge.rate is None else PercentOfLoan(charge.rate)
    if amount is None:
        raise AssertionError("one of both is there")
    return ChargeAdded(charge.due_on, charge.portion, amount, charge.name, charge.row_due_on)


def _plain(value: object) -> str:
    if isinstance(value, Fraction):
        return str(value)
    raise NotImplementedError(type(value))


def _exact(kind: type, record: object) -> object:
    if kind is not Fraction:
        raise NotImplementedError(kind)
    if not isinstance(record, str):
        raise TypeError(f"a rate is written as text, such as 3/25: {record!r}")
    return Fraction(record)
