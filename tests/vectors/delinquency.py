"""Do arrears come out as the cases of a file of delinquency say? Steps go to our loan, expectations to its arrears."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from core.errors import Refusal
from core.lending.arrears import Arrears, ArrearsRules, Bucket, DueRow, Pause, arrears, instalment_buckets
from core.lending.due_rows import due_rows
from core.money import Money
from tests.vectors import allocations
from tests.vectors.allocation_play import Play
from tests.vectors.allocation_terms import ADVANCED, Fields, Unsupported, currency_of, fields
from tests.vectors.outcome import OK, Adapter, Case, Json, Outcome, differs, steps_in, unsupported

_NONE = "NO_DELINQUENCY"

# The files tell only what delinquency depends on. What they leave out is what the other file's cases say where a
# product is of this kind: each row is finished before the next, and payments ahead go to the nearest row.
_PORTIONS = ("penalty", "fee", "principal", "interest")
_USUAL_ORDER: list[Json] = [
    f"{when}_{what}" for when in ("past_due", "due", "in_advance") for what in _PORTIONS
]
_USUAL_PRODUCT: dict[str, Json] = {
    "interest_recalculation": None,
    "processing": "horizontal",
    "allocation": {"DEFAULT": {"order": _USUAL_ORDER, "future_rule": "next_installment"}},
    "days_in_year": "360",
    "days_in_month": "30",
}


@dataclass
class Aging:
    """A loan on its way through the steps of a case, with what was known of its arrears before."""

    play: Play
    rules: ArrearsRules
    pauses: list[Pause] = field(default_factory=list)
    held_bucket: str | None = None
    held_rows: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, case: Case) -> "Aging":
        whole: Case = {"currency": {"decimals": 2}, **case, "product": _product(case)}
        return cls(Play.of(whole), _rules(whole))

    @property
    def rows(self) -> tuple[DueRow, ...]:
        return due_rows(self.play.state)

    @property
    def arrears(self) -> Arrears:
        return arrears(
            self.rows, self.play.today, self.rules, pauses=self.pauses, held_bucket=self.held_bucket
        )

    @property
    def row_buckets(self) -> dict[int, str]:
        return instalment_buckets(
            self.rows,
            self.play.today,
            self.rules,
            loan=self.arrears,
            pauses=self.pauses,
            held_buckets=self.held_rows,
        )

    def act(self, step: Fields) -> str:
        """Do what the step does, or what differs from what it expects of the loan. Raises Unsupported."""
        if step["op"] == "delinquency_pause":
            self.pauses.append(Pause(_day(step, "from"), _day(step, "to")))
            return ""
        if step["op"] == "delinquency_resume":
            self._resume(_day(step, "date" if "date" in step else "from"))
            return ""
        difference = allocations.difference_of(self.play, step)
        if step["op"] != "business_date":
            self.held_bucket, self.held_rows = self.arrears.bucket, self.row_buckets
        return difference

    def _resume(self, on: date) -> None:
        self.pauses = [replace(each, ends_on=on) if each.is_active(on) else each for each in self.pauses]


def run(case: Case) -> Outcome:
    """Play the case; the first difference ends it. Raises FaultyCase, and KeyError for a field that isn't there."""
    try:
        steps = steps_in(case)
        aging = Aging.of(case)
        for number, step in enumerate(steps, start=1):
            difference = _difference(aging, step)
            if difference:
                return differs(f"step {number} {step['op']}: {difference}")
    except Unsupported as what:
        return unsupported(str(what))
    except Refusal as refusal:
        return differs(f"refused: {refusal}")
    return OK


def _difference(aging: Aging, step: Fields) -> str:
    expectation = _EXPECTATIONS.get(str(step["op"]))
    if expectation is None:
        return aging.act(step)
    return next(iter(expectation(aging, step)), "")


def _expect_loan(aging: Aging, step: Fields) -> Iterator[str]:
    late = aging.arrears
    ours: dict[str, Json] = {
        "bucket": late.bucket or _NONE,
        "amount": late.overdue.total.plain(),
        "delinquent_since": None if late.delinquent_since is None else late.delinquent_since.isoformat(),
        "delinquent_days": late.delinquent_days,
        "past_due_days": late.days_past_due,
    }
    for name, value in ours.items():
        if name in step and str(step[name]) != str(value):
            yield f"{name} {value}, expected {step[name]}"


def _expect_rows(aging: Aging, step: Fields) -> Iterator[str]:
    amounts: dict[str, Money] = defaultdict(lambda: Money.zero(aging.rules.tolerance.currency))
    buckets = aging.row_buckets
    for row in aging.rows:
        overdue = row.overdue(aging.play.today)
        if row.number in buckets and overdue is not None:
            amounts[buckets[row.number]] += overdue.total
    listed = step["buckets"]
    assert isinstance(listed, list)
    expected = sorted([str(value) for value in each] for each in listed if isinstance(each, list))
    ours = sorted([name, amount.plain()] for name, amount in amounts.items())
    if ours != expected:
        yield f"buckets {ours}, expected {expected}"


def _expect_pauses(aging: Aging, step: Fields) -> Iterator[str]:
    ours = [
        [pause.is_active(aging.play.today), pause.starts_on.isoformat(), pause.ends_on.isoformat()]
        for pause in aging.pauses
    ]
    if ours != step["rows"]:
        yield f"pauses {ours}, expected {step['rows']}"


def _product(case: Case) -> dict[str, Json]:
    style = "progressive" if case["strategy"] == ADVANCED else "cumulative"
    return {"schedule_style": style, **_USUAL_PRODUCT, **fields(case["product"])}


def _rules(case: Case) -> ArrearsRules:
    listed = case["buckets"]
    assert isinstance(listed, list)
    return ArrearsRules(
        tolerance=Money.zero(currency_of(case)),
        ageing_grace_days=_number(case["grace_on_arrears_ageing_days"]),
        buckets=tuple(_bucket(fields(each)) for each in listed),
    )


def _bucket(each: Fields) -> Bucket:
    to_days = each["to_days"]
    return Bucket(
        str(each["name"]), _number(each["from_days"]), None if to_days is None else _number(to_days)
    )


def _day(step: Fields, name: str) -> date:
    return date.fromisoformat(str(step[name]))


def _number(value: Json) -> int:
    return int(str(value))


_EXPECTATIONS: Mapping[str, Callable[[Aging, Fields], Iterator[str]]] = {
    "expect_loan_delinquency": _expect_loan,
    "expect_installment_delinquency": _expect_rows,
    "expect_pause_periods": _expect_pauses,
}

ADAPTER = Adapter(run=run, convention_of=lambda case: str(case.get("cls")))
