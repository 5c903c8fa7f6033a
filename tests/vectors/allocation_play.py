"""The steps of an allocation case as events of our loan: what acts goes to the log, in order of entry."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from core.lending.events import (
    BalanceRefund,
    ChargeAdded,
    Chargeback,
    ChargeWaived,
    Disbursement,
    DisbursementUndone,
    Happening,
    InterestPause,
    LoanEvent,
    Payment,
    PaymentKind,
    PercentOfLoan,
    ReAge,
    ReAmortise,
    Reschedule,
    Reversal,
    UnpaidCharges,
    WriteOff,
)
from core.lending.loan_state import LoanState, Transaction, TransactionKind
from core.lending.model import Portion
from core.lending.quotes import settlement_quote
from core.lending.repayment_rules import RepaymentRules
from core.lending.replay import replay
from core.lending.schedule import down_payment
from core.lending.terms import Frequency, PeriodUnit, Terms
from core.money import Money
from tests.vectors.allocation_terms import Fields, Unsupported, rules_of, terms_of
from tests.vectors.outcome import Json


@dataclass
class Play:
    """A loan on its way through the steps of a case."""

    case: Fields
    terms: Terms
    rules: RepaymentRules
    today: date
    log: list[LoanEvent] = field(default_factory=list)
    reversed: list[Transaction] = field(default_factory=list)
    """What reversed payments had paid when they were reversed."""
    future: dict[str, str] = field(default_factory=dict)
    is_agreed: bool = False
    seen_on: date = date.min
    """The business date of the last event or close of business: until it changes, so does the loan not."""

    @classmethod
    def of(cls, case: Fields) -> "Play":
        submitted = fields_date(case) or date(2000, 1, 1)
        return cls(case, terms_of(case), rules_of(case, {}), submitted)

    @property
    def state(self) -> LoanState:
        """The loan now; before it is paid out, as it was applied for."""
        if self.log:
            return replay(self.terms, self.rules, self.log, as_of=self.seen_on)
        return LoanState(currency=self.terms.principal.currency)

    @property
    def proposed(self) -> LoanState:
        """As if the principal applied for had been paid out on the day of application."""
        first = Disbursement(fields_date(self.case) or self.today, self.terms.principal)
        return replay(self.terms, self.rules, [LoanEvent(1, first.on, first)], as_of=first.on)

    @property
    def transactions(self) -> list[Transaction]:
        """As on a statement: by date, then in order of entry, reversed ones among them."""
        return sorted([*self.state.transactions, *self.reversed], key=lambda line: (line.on, line.event))

    def act(self, step: Fields) -> None:
        """Do what the step does. Raises Unsupported."""
        action = _ACTIONS.get(str(step["op"]))
        if action is None:
            raise Unsupported(f"step {step['op']}")
        action(self, step)

    def look(self) -> None:
        """The loan is seen from today from now on."""
        self.seen_on = self.today

    def enter(self, what: Happening) -> int:
        number = len(self.log) + 1
        self.log.append(LoanEvent(number, self.today, what))
        self.look()
        return number

    def money(self, value: Json) -> Money:
        return Money.parse(str(value), self.terms.principal.currency)


def fields_date(case: Fields) -> date | None:
    """The day of application where the case tells it."""
    terms = case["terms"]
    assert isinstance(terms, dict)
    submitted = terms.get("submitted_on")
    return date.fromisoformat(submitted) if isinstance(submitted, str) else None


def _day(step: Fields, name: str) -> date:
    return date.fromisoformat(str(step[name]))


def _business_date(play: Play, step: Fields) -> None:
    play.today = max(play.today, _day(step, "date")) if play.log else _day(step, "date")


def _approve(play: Play, _step: Fields) -> None:
    play.is_agreed = True


def _future_rule(play: Play, step: Fields) -> None:
    """A product's rule counts for loans that are agreed after it was set."""
    if step.get("this_product") and not play.is_agreed:
        play.future[str(step["transaction_type"])] = str(step["rule"])
        play.rules = rules_of(play.case, play.future)


def _disburse(play: Play, step: Fields) -> None:
    play.is_agreed = True
    amount, on = play.money(step["amount"]), _day(step, "date")
    play.today = max(play.today, on)
    overpaid = play.state.overpaid
    play.enter(Disbursement(on, amount))
    product = play.case["product"]
    assert isinstance(product, dict)
    if product.get("down_payment_auto_paid"):
        due = down_payment(play.terms, amount.minor) - min(overpaid, amount.minor)
        if due > 0:
            play.enter(Payment(on, Money(due, amount.currency), PaymentKind.DOWN_PAYMENT))


def _add_charge(play: Play, step: Fields) -> None:
    amount: Money | PercentOfLoan
    if step.get("percent") is not None:
        if step.get("basis") != "principal_plus_interest":
            raise Unsupported(f"charge on {step.get('basis')}")
        amount = PercentOfLoan(Fraction(str(step["percent"])) / 100)
    else:
        amount = play.money(step["amount"])
    portion = Portion.PENALTY if step["is_penalty"] else Portion.FEE
    play.enter(ChargeAdded(_day(step, "due_date"), portion, amount, str(step["charge"])))


def _transaction(play: Play, step: Fields) -> None:
    try:
        kind = PaymentKind(str(step["type"]))
    except ValueError:
        raise Unsupported(f"transaction {step['type']}") from None
    play.enter(Payment(_day(step, "date"), play.money(step["amount"]), kind))


def _pay_off(play: Play, step: Fields) -> None:
    on = _day(step, "date")
    amount = settlement_quote(play.terms, play.rules, play.log, on=on, today=play.today)
    if amount.total:
        play.enter(Payment(on, Money(amount.total, play.terms.principal.currency)))


def _reverse(play: Play, step: Fields) -> None:
    on, wanted = _day(step, "date"), str(step["type"])
    lines = [line for line in play.transactions if line.on == on and line.kind == wanted]
    line = _nth(lines, int(str(step["nth_on_date"])), f"{wanted} on {on}")
    play.reversed.append(line)
    play.enter(Reversal(line.event))


def _chargeback(play: Play, step: Fields) -> None:
    payments = [
        line.event
        for line in sorted(play.state.transactions, key=lambda line: line.event)
        if line.kind in {kind.value for kind in PaymentKind} - {PaymentKind.DOWN_PAYMENT.value}
    ]
    nth = step.get("payment_nth")
    number = payments[-1] if nth is None else _nth_repayment(play, int(str(nth)))
    play.enter(Chargeback(play.today, play.money(step["amount"]), number))


def _nth_repayment(play: Play, nth: int) -> int:
    lines = [line for line in play.transactions if line.kind == PaymentKind.REPAYMENT.value]
    return _nth(lines, nth, "repayment").event


def _nth(lines: list[Transaction], nth: int, what: str) -> Transaction:
    if not 0 < nth <= len(lines):
        raise Unsupported(f"{what} number {nth} of {len(lines)}")
    return lines[nth - 1]


def _refund(play: Play, step: Fields) -> None:
    play.enter(BalanceRefund(_day(step, "date"), play.money(step["amount"])))


def _charge_off(play: Play, step: Fields) -> None:
    play.enter(WriteOff(_day(step, "date")))


def _waive_charge(play: Play, step: Fields) -> None:
    charges = play.state.charges
    if step["which"] != "last_added" or not charges:
        raise Unsupported(f"waiver of {step['which']}")
    last = max(charges, key=lambda charge: charge.event)
    play.enter(ChargeWaived(last.due_on, last.event))


def _charge_adjustment(play: Play, step: Fields) -> None:
    play.enter(Payment(play.today, play.money(step["amount"]), PaymentKind.CHARGE_ADJUSTMENT))


def _reschedule(play: Play, step: Fields) -> None:
    new_due, rate = step.get("new_due_date"), step.get("new_annual_rate_pct")
    if step.get("grace_on_principal") or step.get("grace_on_interest"):
        raise Unsupported("grace in a reschedule")
    play.enter(
        Reschedule(
            on=_day(step, "submitted_on"),
            from_due=_day(step, "from_due_date"),
            new_due=None if new_due is None else date.fromisoformat(str(new_due)),
            extra_instalments=int(str(step.get("extra_terms") or 0)),
            annual_rate=None if rate is None else Fraction(str(rate)) / 100,
        )
    )


def _re_age(play: Play, step: Fields) -> None:
    spread = str(step["interest_handling"]).startswith("equal_amortization")
    play.enter(
        ReAge(
            starts_on=_day(step, "start_date"),
            frequency=Frequency(int(str(step["every"])), PeriodUnit(str(step["unit"]))),
            instalments=int(str(step["installments"])),
            charges=UnpaidCharges.SPREAD if spread else UnpaidCharges.STAY,
        )
    )


def _re_amortise(play: Play, _step: Fields) -> None:
    play.enter(ReAmortise(play.today))


def _interest_pause(play: Play, step: Fields) -> None:
    play.enter(InterestPause(_day(step, "from"), _day(step, "to")))


def _undo_last_disbursal(play: Play, _step: Fields) -> None:
    """Payments that go with it are gone from the statement too, also where they were reversed before."""
    paid_out = TransactionKind.DISBURSEMENT.value
    tranche = max((line for line in play.state.transactions if line.kind == paid_out), key=_event_of)
    play.enter(DisbursementUndone())
    play.reversed = [line for line in play.reversed if line.event < tranche.event or line.on < tranche.on]


def _event_of(line: Transaction) -> int:
    return line.event


def _close_of_business(play: Play, _step: Fields) -> None:
    play.look()


_ACTIONS: Mapping[str, Callable[[Play, Fields], None]] = {
    "business_date": _business_date,
    "approve": _approve,
    "set_future_allocation_rule": _future_rule,
    "disburse": _disburse,
    "add_charge": _add_charge,
    "transaction": _transaction,
    "pay_off": _pay_off,
    "reverse": _reverse,
    "chargeback": _chargeback,
    "credit_balance_refund": _refund,
    "charge_off": _charge_off,
    "waive_charge": _waive_charge,
    "charge_adjustment": _charge_adjustment,
    "reschedule": _reschedule,
    "re_age": _re_age,
    "re_amortize": _re_amortise,
    "interest_pause": _interest_pause,
    "undo_last_disbursal": _undo_last_disbursal,
    "close_of_business": _close_of_business,
}
