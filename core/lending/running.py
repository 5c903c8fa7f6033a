"""How is a stored loan read, and changed by one more event?

The log is replayed, and the rows are written as it left them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from core.clock import business_date
from core.db.engine import ReadSession, WriteSession
from core.errors import AmountTooLarge, DatesOutOfOrder, LoanNotRunning, UnknownLoan
from core.ledger.product_accounts import LoanAccounts, loan_accounts
from core.lending import event_store, store
from core.lending.booked import Position, Recognised, position, recognised
from core.lending.by_day import asked_on
from core.lending.event_store import Entry
from core.lending.events import ChargeAdded, Happening, LoanEvent, Payment
from core.lending.lifecycle import LoanStatus
from core.lending.loan import Loan
from core.lending.loan_state import LoanState
from core.lending.paying import clearing_parts
from core.lending.replay import followed_by, replay, takes_effect_last
from core.lending.rows import NOTHING, Parts
from core.lending.splits import Split, as_record, split_between, splits
from core.money import Currency, Money


@dataclass(frozen=True, slots=True)
class Running:
    """A stored loan with its log, and how both leave it on a business date."""

    loan: Loan
    entries: tuple[Entry, ...]
    state: LoanState
    booked: tuple[Recognised, ...]

    @property
    def events(self) -> tuple[LoanEvent, ...]:
        return tuple(entry.event for entry in self.entries)

    @property
    def next_number(self) -> int:
        return self.entries[-1].event.number + 1 if self.entries else 1

    @property
    def currency(self) -> Currency:
        return self.loan.principal.currency

    @property
    def accounts(self) -> LoanAccounts:
        """Where it is booked."""
        usual = loan_accounts(self.loan.product.code, self.currency)
        return replace(usual, principal=self.loan.principal_code, interest_due=self.loan.interest_code)

    @property
    def position(self) -> Position:
        return position(self.state, self.booked)

    def to_clear(self, on: date) -> Parts:
        """What a payment of that day has to be to leave nothing unpaid."""
        loan = self.loan
        asked = asked_on(self.state, loan.terms, loan.rules, on=on)
        return clearing_parts(asked, on=on, order=loan.rules.order)

    def money(self, minor: int) -> Money:
        return Money(minor, self.currency)

    def entry(self, number: int) -> Entry | None:
        """The line of the log with this number."""
        return next((entry for entry in self.entries if entry.event.number == number), None)


@dataclass(frozen=True, slots=True)
class Change:
    """One more event on a running loan: how it stands after it, and what that moves in the books."""

    before: Running
    event: LoanEvent
    state: LoanState
    booked: tuple[Recognised, ...]

    @property
    def moved(self) -> Position:
        """What changes on its product's accounts; what a loan written off brings in is booked as recovered."""
        before, after = self.before.state, self.state
        if before.written_off_on is not None and after.written_off_on is not None:
            return Position()
        return position(self.state, self.booked).less(self.before.position)

    @property
    def parts(self) -> Parts:
        """How the event itself is divided."""
        line = self.state.transaction(self.event.number)
        return NOTHING if line is None else line.parts

    @property
    def amount(self) -> int:
        """What the event itself moved."""
        line = self.state.transaction(self.event.number)
        return 0 if line is None else line.amount

    @property
    def status(self) -> LoanStatus:
        """How far the loan has come by this."""
        if not self.state.disbursed:
            return LoanStatus.CANCELLED
        if not self.state.outstanding.total:
            return LoanStatus.CLOSED
        return LoanStatus.ACTIVE if self.state.written_off_on is None else LoanStatus.WRITTEN_OFF


async def read_loan(session: ReadSession, loan_id: str, *, on: date) -> Running:
    """A loan as it stands on a business date. Raises UnknownLoan."""
    loan = await store.find(session, loan_id)
    if loan is None:
        raise UnknownLoan(loan=loan_id)
    return await _with_log(session, loan, on)


async def lock_loan(session: WriteSession, loan_id: str, *, on: date) -> Running:
    """The same, held for this transaction. Raises UnknownLoan."""
    loan = await store.lock(session, loan_id)
    if loan is None:
        raise UnknownLoan(loan=loan_id)
    return await _with_log(session, loan, on)


def changed(
    running: Running,
    what: Happening,
    *,
    entered_on: date,
    income: Mapping[int, Recognised] | None = None,
) -> Change:
    """The loan after one more event; nothing is written. Raises what `replay` raises.

    `income` comes with the event, by row; see `booked.recognised`. A fee is income when it is charged.
    """
    loan = running.loan
    event = LoanEvent(running.next_number, entered_on, what)
    state = followed_by(running.state, loan.terms, loan.rules, running.events, event, as_of=entered_on)
    brought = _fees_charged(running.state, state) if isinstance(what, ChargeAdded) else income
    return Change(running, event, state, recognised(state, running.booked, income=brought))


def _fees_charged(before: LoanState, after: LoanState) -> dict[int, Recognised]:
    charged = {}
    for place, row in enumerate(after.rows):
        earlier = before.rows[place].due.fee if place < len(before.rows) else 0
        charged[place + 1] = Recognised(fees=row.due.fee - earlier)
    return charged


def refuse_unless_running(running: Running, *, on: date, today: date) -> None:
    """Nothing happens to a loan that is not paid out, is undone, or ahead of its day.

    Raises LoanNotRunning, DatesOutOfOrder.
    """
    if running.loan.status not in {LoanStatus.ACTIVE, LoanStatus.WRITTEN_OFF}:
        raise LoanNotRunning(loan=running.loan.loan_id, status=running.loan.status)
    if on > today:
        raise DatesOutOfOrder(first=on, second=today)


def refuse_overpaying(change: Change, amount: Money) -> None:
    """Raises AmountTooLarge where the event leaves more than nothing over."""
    over = change.state.overpaid - change.before.state.overpaid
    if over > 0:
        most = change.before.money(amount.minor - over)
        raise AmountTooLarge(amount=amount.plain(), limit=most.plain())


def refuse_unless_paid_out(running: Running) -> None:
    """Raises LoanNotRunning for a loan whose money never arrived, or nobody knows yet."""
    if running.loan.status in {LoanStatus.DISBURSING, LoanStatus.CANCELLED}:
        raise LoanNotRunning(loan=running.loan.loan_id, status=running.loan.status)


async def move(session: WriteSession, running: Running, to: LoanStatus, *, on: date) -> Running:
    """Bring a locked loan to another state without an event of its own."""
    await store.move(session, running.loan, to, on=on)
    return replace(running, loan=replace(running.loan, status=to))


async def save(
    session: WriteSession,
    change: Change,
    *,
    now: datetime,
    actor: str,
    amount: Money | None = None,
    excess: Money | None = None,
    journal: str | None = None,
    payment_id: str | None = None,
    key: str | None = None,
) -> Running:
    """Write an event of a locked loan with what it left; the journal is posted already. The loan as it is now."""
    before, loan = change.before, change.before.loan
    made, moved = _splits(change)
    entry = Entry(
        event=change.event,
        event_at=now,
        actor=actor,
        amount=0 if amount is None else amount.minor,
        excess=0 if excess is None else excess.minor,
        parts=change.parts,
        rows=tuple(as_record(made, _early(change))),
        journal=journal,
        payment_id=payment_id,
        key=key,
    )
    await store.save_rows(session, loan.loan_id, change.state, change.booked)
    await event_store.append(session, loan.loan_id, entry)
    for number, split in moved.items():
        await _divide_anew(session, before, number, split)
    if loan.status is not change.status and loan.status is not LoanStatus.DISBURSING:
        await store.move(session, loan, change.status, on=business_date(now))
        loan = replace(loan, status=change.status)
    return Running(loan, (*before.entries, entry), change.state, change.booked)


async def _with_log(session: ReadSession, loan: Loan, on: date) -> Running:
    entries = await event_store.log(session, loan.loan_id)
    events = [entry.event for entry in entries]
    state = replay(loan.terms, loan.rules, events, as_of=on)
    return Running(loan, entries, state, await store.booked(session, loan.loan_id))


def _splits(change: Change) -> tuple[Split, Mapping[int, Split]]:
    """How the new event is divided over the rows, and earlier payments that are divided otherwise by it."""
    before, loan = change.before, change.before.loan
    if takes_effect_last(before.events, change.event, loan.rules.event_order):
        is_payment = isinstance(change.event.what, Payment)
        return (split_between(before.state, change.state) if is_payment else {}), {}
    every = splits(loan.terms, loan.rules, (*before.events, change.event))
    own = every.pop(change.event.number, {})
    known = {entry.event.number: _split_of(entry.rows) for entry in before.entries}
    return own, {number: split for number, split in every.items() if known[number] != split}


def _split_of(rows: Sequence[Mapping[str, int]]) -> Split:
    return {
        row["instalment"]: Parts(
            row.get("penalties", 0), row.get("fees", 0), row["interest"], row["principal"]
        )
        for row in rows
    }


def _early(change: Change) -> dict[int, Recognised]:
    """Income that the event itself brought, by row."""
    before = change.before.booked
    early = {}
    for place, now in enumerate(change.booked):
        was = before[place] if place < len(before) else Recognised()
        early[place + 1] = Recognised(max(0, now.interest - was.interest), max(0, now.fees - was.fees))
    return early


async def _divide_anew(session: WriteSession, before: Running, number: int, split: Split) -> None:
    entry = before.entry(number)
    if entry is None:
        raise AssertionError(f"{before.loan.loan_id} has no event {number}")
    early = {
        row: Recognised(min(known.interest, split[row].interest), min(known.fees, split[row].fee))
        for row, known in entry.early.items()
        if row in split
    }
    total = NOTHING
    for parts in split.values():
        total = total.plus(parts)
    await event_store.divide_anew(session, before.loan.loan_id, number, total, as_record(split, early))
