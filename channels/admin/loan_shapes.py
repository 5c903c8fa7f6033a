"""How does a running loan look to staff? What was agreed, its rows, its log, and what clears it."""

from datetime import date, datetime

import msgspec
from pydantic import BaseModel

from channels.admin.schemas import Amount
from core.lending.event_store import Entry
from core.lending.record import written_event
from core.lending.rows import Parts, Row
from core.lending.running import Running
from core.lending.service.repay import RepaymentResult


class PartsShown(BaseModel):
    """An amount by what it is for."""

    penalty: Amount
    fee: Amount
    interest: Amount
    principal: Amount
    total: Amount

    @classmethod
    def of(cls, running: Running, parts: Parts) -> "PartsShown":
        def shown(minor: int) -> Amount:
            return Amount.of(running.money(minor))

        return cls(
            penalty=shown(parts.penalty),
            fee=shown(parts.fee),
            interest=shown(parts.interest),
            principal=shown(parts.principal),
            total=shown(parts.total),
        )


class RowShown(BaseModel):
    """One row of the schedule as it stands."""

    number: int
    kind: str
    due_on: date
    due: PartsShown
    paid: PartsShown
    waived: PartsShown

    @classmethod
    def of(cls, running: Running, number: int, row: Row) -> "RowShown":
        return cls(
            number=number,
            kind=row.kind,
            due_on=row.due_on,
            due=PartsShown.of(running, row.due),
            paid=PartsShown.of(running, row.paid),
            waived=PartsShown.of(running, row.waived),
        )


class EventShown(BaseModel):
    """A line of the loan's log."""

    number: int
    kind: str
    entered_on: date
    event_at: datetime
    amount: Amount
    excess: Amount
    parts: PartsShown
    facts: dict[str, object]
    journal: str | None
    by: str
    reversed_by: int | None

    @classmethod
    def of(cls, running: Running, entry: Entry) -> "EventShown":
        kind, body = written_event(entry.event.what)
        return cls(
            number=entry.event.number,
            kind=kind,
            entered_on=entry.event.entered_on,
            event_at=entry.event_at,
            amount=Amount.of(running.money(entry.amount)),
            excess=Amount.of(running.money(entry.excess)),
            parts=PartsShown.of(running, entry.parts),
            facts=msgspec.json.decode(body, type=dict[str, object]),
            journal=entry.journal,
            by=entry.actor,
            reversed_by=entry.reversed_by,
        )


class LoanShown(BaseModel):
    """A loan with all that was agreed, all that happened, and what it asks today."""

    id: str
    number: str
    member_id: str
    product: str
    status: str
    principal: Amount
    instalments: int
    disbursed_on: date
    paid_to: str
    paid_out: Amount | None
    outstanding: PartsShown
    to_clear: PartsShown
    rows: list[RowShown]
    events: list[EventShown]

    @classmethod
    def of(cls, running: Running, today: date) -> "LoanShown":
        loan = running.loan
        return cls(
            id=loan.loan_id,
            number=loan.number,
            member_id=loan.member_id,
            product=loan.product.code,
            status=loan.status,
            principal=Amount.of(loan.principal),
            instalments=loan.terms.instalments,
            disbursed_on=loan.disbursed_on,
            paid_to=loan.paid_to,
            paid_out=None if loan.paid_out is None else Amount.of(loan.paid_out),
            outstanding=PartsShown.of(running, running.state.outstanding),
            to_clear=PartsShown.of(running, running.to_clear(today)),
            rows=[
                RowShown.of(running, number, row) for number, row in enumerate(running.state.rows, start=1)
            ],
            events=[EventShown.of(running, entry) for entry in running.entries],
        )


class RepaymentShown(BaseModel):
    """What a repayment did. `excess` went to the member's savings."""

    loan_id: str
    status: str
    paid: Amount
    excess: Amount
    to_clear: Amount

    @classmethod
    def of(cls, result: RepaymentResult) -> "RepaymentShown":
        return cls(
            loan_id=result.loan.loan_id,
            status=result.loan.status,
            paid=Amount.of(result.paid),
            excess=Amount.of(result.excess),
            to_clear=Amount.of(result.to_clear),
        )
