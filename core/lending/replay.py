"""How does a loan stand after all that happened to it? Its events in their order, replayed from nothing.

So a late entry, a reversal or a back-dated payment needs no special care: the later splits follow from the order.
A plain payment at the end of the log may be applied to the state before it (`followed_by`): it is the same.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import reduce

from core.errors import (
    AmountNotPositive,
    AmountTooLarge,
    BeforeDisbursement,
    ChargebackTooLarge,
    CurrencyMismatch,
    DatesOutOfOrder,
    NotReversible,
    UnknownLoanEvent,
)
from core.lending.by_day import asked_on, noted, runs_by_day, seen_from, with_new_rate
from core.lending.events import (
    BalanceRefund,
    ChargeAdded,
    Chargeback,
    ChargeWaived,
    Disbursement,
    DisbursementUndone,
    InterestPause,
    LoanEvent,
    Payment,
    PercentOfLoan,
    ReAge,
    ReAmortise,
    Reschedule,
    Reversal,
    WriteOff,
)
from core.lending.loan_charges import add_charge, waive_charge
from core.lending.loan_state import LoanState, Transaction, TransactionKind
from core.lending.paying import pay, pay_from_overpayment
from core.lending.reopening import parts_reopened, reopen
from core.lending.repayment_rules import AfterWriteOff, EventOrder, RepaymentRules
from core.lending.restructure import re_age, re_amortise, reschedule
from core.lending.rows import Parts, Row, RowKind
from core.lending.terms import Terms
from core.lending.tranches import disburse
from core.money import Money

AMOUNT_MAX_MINOR = 2**63 - 1
"""What a BIGINT column holds."""


def replay(terms: Terms, rules: RepaymentRules, events: Sequence[LoanEvent], *, as_of: date) -> LoanState:
    """The loan after these events, given in order of entry, seen from a business date.

    Raises AmountNotPositive, AmountTooLarge, CurrencyMismatch, BeforeDisbursement, NotReversible,
    UnknownLoanEvent, DatesOutOfOrder, NoInstalmentDue, ContradictoryTerms.
    """
    for event in events:
        refuse_bad_amount(event, terms)
    nothing = LoanState(currency=terms.principal.currency)
    ordered = in_order(standing_events(events), rules.event_order)
    replayed = reduce(lambda state, event: _apply(state, terms, rules, event), ordered, nothing)
    return seen_from(replayed, terms, rules, on=as_of)


def followed_by(
    state: LoanState,
    terms: Terms,
    rules: RepaymentRules,
    earlier: Sequence[LoanEvent],
    event: LoanEvent,
    *,
    as_of: date,
) -> LoanState:
    """The state after one more event: at once where nothing earlier takes effect after it, else by replay.

    Raises as `replay` does.
    """
    refuse_bad_amount(event, terms)
    plain = isinstance(event.what, Payment | ChargeAdded)
    if plain and takes_effect_last(earlier, event, rules.event_order):
        return seen_from(_apply(state, terms, rules, event), terms, rules, on=as_of)
    return replay(terms, rules, (*earlier, event), as_of=as_of)


def steps(
    terms: Terms, rules: RepaymentRules, events: Sequence[LoanEvent]
) -> Iterator[tuple[LoanEvent, LoanState, LoanState]]:
    """Each event that stands as it takes effect, with the loan before and after it. Raises as `replay` does."""
    state = LoanState(currency=terms.principal.currency)
    for event in in_order(standing_events(events), rules.event_order):
        after = _apply(state, terms, rules, event)
        yield event, state, after
        state = after


def takes_effect_last(earlier: Sequence[LoanEvent], event: LoanEvent, order: EventOrder) -> bool:
    """Whether an event takes effect behind all that stand so far."""
    key = _place(event, order)
    return all(_place(one, order) < key for one in standing_events(earlier))


def standing_events(events: Sequence[LoanEvent]) -> tuple[LoanEvent, ...]:
    """Those that were neither reversed nor undone, in order of entry.

    Raises NotReversible for what is reversed twice, is a reversal itself or was charged back; UnknownLoanEvent
    for what isn't there; DatesOutOfOrder for numbers or days of entry that go back.
    """
    standing: dict[int, LoanEvent] = {}
    gone: set[int] = set()
    last: LoanEvent | None = None
    for event in events:
        _refuse_going_back(last, event)
        last = event
        if isinstance(event.what, Reversal):
            _reverse(standing, gone, event.what.of, {one.number: one for one in events})
            gone.add(event.number)
        elif isinstance(event.what, DisbursementUndone):
            _undo_last_disbursement(standing, gone)
        else:
            standing[event.number] = event
    return tuple(standing.values())


def in_order(events: Iterable[LoanEvent], order: EventOrder) -> list[LoanEvent]:
    """As they take effect; on one day in order of entry. Pauses of interest shape the loan from its beginning."""
    every = list(events)
    dated = [event for event in every if not isinstance(event.what, InterestPause)]
    dated.sort(key=lambda event: _place(event, order))
    pauses = [event for event in every if isinstance(event.what, InterestPause)]
    return [*dated[:1], *pauses, *dated[1:]]


def effective_on(event: LoanEvent) -> date:
    """The day from which an event counts: its own, also where it was entered later.

    A charge counts from its due date, or from its entry where that is earlier; re-ageing likewise.
    """
    what = event.what
    if isinstance(what, ChargeAdded):
        return min(what.due_on, event.entered_on)
    if isinstance(what, ReAge):
        return min(what.starts_on, event.entered_on)
    if isinstance(what, InterestPause):
        return what.first
    return event.entered_on if isinstance(what, Reversal | DisbursementUndone) else what.on


def refuse_bad_amount(event: LoanEvent, terms: Terms) -> None:
    """Raises AmountNotPositive, AmountTooLarge or CurrencyMismatch where the event's amount can't be meant."""
    amount = getattr(event.what, "amount", None)
    if isinstance(amount, PercentOfLoan):
        if amount.rate <= 0:
            raise AmountNotPositive(amount=str(amount.rate))
        return
    if not isinstance(amount, Money):
        return
    if amount.currency is not terms.principal.currency:
        raise CurrencyMismatch(left=terms.principal.currency, right=amount.currency)
    if amount.minor <= 0:
        raise AmountNotPositive(amount=amount.plain())
    if amount.minor > AMOUNT_MAX_MINOR:
        raise AmountTooLarge(amount=amount.plain(), limit=Money(AMOUNT_MAX_MINOR, amount.currency).plain())


def _refuse_going_back(last: LoanEvent | None, event: LoanEvent) -> None:
    if last is not None and (event.number <= last.number or event.entered_on < last.entered_on):
        raise DatesOutOfOrder(first=last.entered_on, second=event.entered_on)


def _reverse(
    standing: dict[int, LoanEvent], gone: set[int], number: int, every: dict[int, LoanEvent]
) -> None:
    if number not in standing:
        known = every.get(number)
        if number in gone and known is not None:
            is_reversal = isinstance(known.what, Reversal)
            raise NotReversible(event=number, because="is_reversal" if is_reversal else "already_reversed")
        raise UnknownLoanEvent(event=number)
    if any(isinstance(one.what, Chargeback) and one.what.payment == number for one in standing.values()):
        raise NotReversible(event=number, because="charged_back")
    del standing[number]
    gone.add(number)


def _undo_last_disbursement(standing: dict[int, LoanEvent], gone: set[int]) -> None:
    """The tranche, and payments dated on or after it and entered after it, go."""
    tranche = next((one for one in reversed(standing.values()) if isinstance(one.what, Disbursement)), None)
    if tranche is None:
        raise UnknownLoanEvent(event=0)
    since = effective_on(tranche)
    for one in tuple(standing.values()):
        is_later_payment = isinstance(one.what, Payment) and one.number > tranche.number
        if one is tranche or (is_later_payment and effective_on(one) >= since):
            del standing[one.number]
            gone.add(one.number)


_SCHEDULE_EVENTS = (Disbursement, Reschedule)


def _place(event: LoanEvent, order: EventOrder) -> tuple[int, date, int]:
    stage = 0
    if order is EventOrder.SCHEDULE_THEN_CHARGES_THEN_MONEY and not isinstance(event.what, _SCHEDULE_EVENTS):
        stage = 1 if isinstance(event.what, ChargeAdded) else 2
    return stage, effective_on(event), event.number


def _apply(state: LoanState, terms: Terms, rules: RepaymentRules, event: LoanEvent) -> LoanState:
    """One event; where interest runs by day, the rows are looked at again."""
    on = effective_on(event)
    if isinstance(event.what, InterestPause) and state.disbursed:
        on = state.disbursed[0][0]
    if not isinstance(event.what, Disbursement):
        _refuse_before_disbursement(state, on)
    after = _happened(state, terms, rules, event, on)
    if not rules.is_by_day:
        return after
    return seen_from(noted(state, after, rules, on=on), terms, rules, on=on)


def _happened(state: LoanState, terms: Terms, rules: RepaymentRules, event: LoanEvent, on: date) -> LoanState:
    match event.what:
        case Disbursement() as paid_out:
            return _disburse(state, terms, rules, event.number, paid_out)
        case Payment() as payment:
            return pay(
                asked_on(state, terms, rules, on=on),
                event=event.number,
                on=on,
                amount=payment.amount.minor,
                kind=payment.kind,
                order=rules.order_for(payment.kind),
            )
        case Chargeback() | BalanceRefund() as again:
            return _reopen(state, rules, event.number, again)
        case WriteOff():
            return _write_off(seen_from(state, terms, rules, on=on), rules, event.number, on)
        case ChargeAdded() as charge:
            return add_charge(state, charge, event=event.number, on=on, mode=terms.rounding.mode)
        case ChargeWaived() as waiver:
            return _waive(state, event.number, waiver)
        case _:
            return _restructure(state, terms, rules, event, on)


def _restructure(
    state: LoanState, terms: Terms, rules: RepaymentRules, event: LoanEvent, on: date
) -> LoanState:
    match event.what:
        case Reschedule() as change:
            return _reschedule(state, terms, rules, change, on)
        case ReAge() as change:
            return _planned_anew(re_age(state, terms, change, event=event.number, on=on))
        case ReAmortise():
            return _planned_anew(re_amortise(state, terms.rounding, event=event.number, on=on))
        case InterestPause() as pause:
            if pause.last < pause.first:
                raise DatesOutOfOrder(first=pause.first, second=pause.last)
            return replace(state, pauses=(*state.pauses, pause))
        case _:
            raise AssertionError(f"reversals are no events of their own: {event}")


def _planned_anew(state: LoanState) -> LoanState:
    """What rows ask after their principal was moved is what is agreed from now on."""
    plan = tuple(
        Row(row.kind, row.starts_on, row.due_on, row.due.minus(row.reopened), is_moved=row.is_moved)
        for row in state.rows
        if row.kind is RowKind.INSTALMENT
    )
    return replace(state, plan=plan)


def _reschedule(
    state: LoanState, terms: Terms, rules: RepaymentRules, change: Reschedule, on: date
) -> LoanState:
    """The same change to the rows and to the plan; with interest by day a new rate is spread over what is left."""
    moved = reschedule(state, terms, change, on=on)
    if runs_by_day(state, terms, rules) and change.annual_rate is not None:
        changed = replace(state, rates=moved.rates)
        return with_new_rate(changed, terms, rules, change.from_due, on=on)
    return replace(moved, plan=reschedule(replace(state, rows=state.plan), terms, change, on=on).rows)


def _refuse_before_disbursement(state: LoanState, on: date) -> None:
    if not state.disbursed:
        raise BeforeDisbursement(on=on, disbursed_on=None)
    first = min(day for day, _ in state.disbursed)
    if on < first:
        raise BeforeDisbursement(on=on, disbursed_on=first)


def _disburse(
    state: LoanState, terms: Terms, rules: RepaymentRules, number: int, what: Disbursement
) -> LoanState:
    """A member who is overpaid has the new debt paid from that at once; earlier splits stay."""
    amount = what.amount.minor
    lent = disburse(state, terms, rules.tranche, what)
    planned = disburse(replace(state, rows=state.plan), terms, rules.tranche, what).rows
    lent = replace(lent, plan=tuple(row for row in planned if row.kind is RowKind.INSTALMENT))
    lent = lent.noting(Transaction(number, what.on, TransactionKind.DISBURSEMENT.value, amount))
    if not lent.overpaid:
        return lent
    asked = asked_on(lent, terms, rules, on=what.on)
    return pay_from_overpayment(asked, on=what.on, at_most=amount, order=rules.order)


def _reopen(
    state: LoanState, rules: RepaymentRules, number: int, what: Chargeback | BalanceRefund
) -> LoanState:
    amount = what.amount.minor
    parts = Parts(principal=amount)
    kind = TransactionKind.BALANCE_REFUND
    if isinstance(what, Chargeback):
        kind = TransactionKind.CHARGEBACK
        payment = state.transaction(what.payment)
        if payment is None:
            raise UnknownLoanEvent(event=what.payment)
        if amount > payment.amount:
            raise ChargebackTooLarge(asked=what.amount.plain(), paid=state.money(payment.amount).plain())
        parts = parts_reopened(amount, payment.parts, rules.reopens)
    return reopen(
        state, parts, event=number, on=what.on, kind=kind, order=rules.order, where=rules.reopened_on
    )


def _write_off(state: LoanState, rules: RepaymentRules, number: int, on: date) -> LoanState:
    parts = state.outstanding
    written_off = replace(state, written_off_on=on)
    if rules.after_write_off is AfterWriteOff.ZERO_INTEREST:
        pause = InterestPause(on + timedelta(days=1), date.max)
        written_off = replace(written_off, pauses=(*state.pauses, pause))
    return written_off.noting(
        Transaction(number, on, TransactionKind.WRITE_OFF.value, parts.total, parts=parts)
    )


def _waive(state: LoanState, number: int, what: ChargeWaived) -> LoanState:
    charge = next((one for one in state.charges if one.event == what.charge), None)
    if charge is None:
        raise UnknownLoanEvent(event=what.charge)
    return waive_charge(state, charge, event=number)
