"""Does the core reproduce a case of `savings_interest.json`? Its fields become our terms; no case is known by name."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Final, TypeAlias

from core.savings import interest
from core.savings.interest import Movement, Posting
from core.savings.interest_terms import (
    Anchor,
    DayCount,
    InterestBasis,
    InterestTerms,
    Interval,
    PostingDay,
    Rates,
    Rounding,
)
from core.savings.periods import months_later, next_boundary, periods_until
from tests.vectors.outcome import OK, Adapter, Case, FaultyCase, Outcome, differs, object_in, unsupported

Fields: TypeAlias = Mapping[str, object]
Differences: TypeAlias = list[str]


class UnsupportedCase(Exception):
    """The case asks for something that our terms can't say."""


def run(case: Case) -> Outcome:
    """Every figure in `expected` held against ours. Raises FaultyCase, and KeyError for a field that isn't there."""
    object_in(case, "expected")
    object_in(case, "terms")
    try:
        found = differences(case)
    except UnsupportedCase as error:
        return unsupported(str(error))
    return differs(found[0]) if found else OK


_INTERVALS: Final = {
    "daily": Interval.DAILY,
    "weekly": Interval.WEEKLY,
    "monthly": Interval.MONTHLY,
    "quarterly": Interval.QUARTERLY,
    "biannual": Interval.HALF_YEARLY,
    "bi_annual": Interval.HALF_YEARLY,
    "semi_annual": Interval.HALF_YEARLY,
    "half_yearly": Interval.HALF_YEARLY,
    "annual": Interval.YEARLY,
    "yearly": Interval.YEARLY,
}
# A compounding no shorter than the posting period never happens inside of it.
_LENGTH: Final = list(Interval)
_DAY_COUNTS: Final = {
    "365": DayCount.ACTUAL_365,
    "360": DayCount.ACTUAL_360,
    "actual": DayCount.ACTUAL_ACTUAL,
}
_FIGURES: Final = frozenset(
    {"postings", "overdraft_postings", "total_interest", "maturity_amount", "final_balance"}
)
_TERM: Final = re.compile(r"(?P<count>\d+) (?P<unit>day|week|month|year)s?", re.IGNORECASE)


def differences(case: Fields) -> Differences:
    """Every figure in `expected` that we get otherwise; empty when the case is reproduced.

    Raises UnsupportedCase.
    """
    convention = str(case["convention"])
    check = _CHECKS.get(convention)
    if check is None:
        raise UnsupportedCase(f"no convention {convention}")
    return check(case)


def _check_postings(case: Fields) -> Differences:
    terms, expected = _table(case, "terms"), _table(case, "expected")
    decimals = _decimals(terms)
    movements = _movements(case, decimals)
    if not _FIGURES & expected.keys():
        raise FaultyCase("expected has no figures")
    if not movements:
        raise FaultyCase("no transactions")
    made = _postings(str(case["convention"]), terms, expected, movements)
    found: Differences = []
    ours = {
        "postings": {posting.period.posted_on: posting.interest for posting in made},
        "overdraft_postings": {posting.period.posted_on: posting.overdraft for posting in made},
    }
    for name in ours.keys() & expected.keys():
        found += _compare_postings(name, _rows(expected[name]), ours[name], decimals)
    balance = sum(move.change for move in movements)
    net = sum(posting.interest - posting.overdraft for posting in made)
    for name, figure in (
        ("total_interest", sum(posting.interest for posting in made)),
        ("maturity_amount", balance + net),
        ("final_balance", balance + net),
    ):
        if name in expected:
            found += _compare(name, expected[name], Fraction(figure, 10**decimals))
    return found


def _postings(
    convention: str, terms: Fields, expected: Fields, movements: Sequence[Movement]
) -> Sequence[Posting]:
    opened_on = movements[0].on
    matures_on = _maturity(terms, opened_on)
    posting = _interval(terms["posting"])
    ours = InterestTerms(
        basis=InterestBasis.DAILY_BALANCE,
        compounding=_compounding(terms, posting),
        posting=posting,
        anchor=Anchor.ANNIVERSARY if str(terms["posting"]).startswith("anniversary") else Anchor.CALENDAR,
        posting_day=_posting_day(convention, terms),
        day_count=_day_count(terms),
        rounding=Rounding.HALF_EVEN,
    )
    rates = Rates.fixed(
        _fraction(terms["annual_rate_pct"]), _fraction(terms.get("overdraft_rate_pct") or "0")
    )
    extra = [date.fromisoformat(str(day)) for day in _list(terms.get("extra_posting_dates") or [])]
    last = max(
        (
            date.fromisoformat(str(row["date"]))
            for name in ("postings", "overdraft_postings")
            for row in _rows(expected.get(name, []))
        ),
        default=matures_on,
    )
    if last is None:
        raise UnsupportedCase("nothing says until when")
    periods = periods_until(
        ours, last + timedelta(days=1), opened_on=opened_on, matures_on=matures_on, extra=extra
    )
    due = [period for period in periods if period.posted_on <= last]
    return [*interest.interest_postings(ours, rates, movements=movements, periods=due, opened_on=opened_on)]


def _check_minimum(case: Fields) -> Differences:
    terms, expected = _table(case, "terms"), _table(case, "expected")
    decimals = _decimals(terms)
    movements = _movements(case, decimals)
    if "interest_first_period" not in expected:
        return [] if expected.get("periods_complete") == 0 else ["no figure to compare"]
    interval = _interval(terms["period"])
    opened_on = movements[0].on
    end = next_boundary(interval, Anchor.CALENDAR, opened_on=opened_on, after=opened_on)
    within = [move for move in movements if move.on < end]
    first_day = sum(move.change for move in within if move.on == opened_on)
    later = [move for move in within if move.on > opened_on]
    balance = interest.minimum_balance(first_day, later)
    figure = balance * _fraction(terms["rate_per_period_pct"]) / 100
    return _compare("interest_first_period", expected["interest_first_period"], figure / 10**decimals)


def _check_basis(case: Fields) -> Differences:
    terms, expected = _table(case, "terms"), _table(case, "expected")
    decimals = _decimals(terms)
    movements = _movements(case, decimals)
    start = date.fromisoformat(str(terms["interval_from"]))
    end = date.fromisoformat(str(terms["interval_to"]))
    brought_in = _minor(terms["balance_before_interval"], decimals)
    is_first = bool(terms.get("first_activity_in_interval"))
    if case["convention"] == "PB-MIN":
        basis = Fraction(interest.minimum_balance(None if is_first else brought_in, movements))
    else:
        if is_first and movements:
            start = max(start, movements[0].on) + timedelta(days=1)
        basis = interest.average_balance(brought_in, movements, start, end)
    figure = Fraction(interest.rounded(basis, Rounding.HALF_EVEN), 10**decimals)
    return _compare("principal_basis", expected["principal_basis"], figure)


def _check_steps(case: Fields) -> Differences:
    """A deposit that compounds in equal steps: months of equal length, one posting at the end."""
    terms, expected = _table(case, "terms"), _table(case, "expected")
    decimals = _decimals(terms)
    movements = _movements(case, decimals)
    opened_on = movements[0].on
    matures_on = _maturity(terms, opened_on) or months_later(opened_on, Interval.YEARLY.months)
    ours = InterestTerms(
        compounding=_interval(terms.get("compounding") or "biannual"),
        posting=Interval.AT_MATURITY,
        anchor=Anchor.ANNIVERSARY,
        day_count=DayCount.THIRTY_360,
        rounding=Rounding.HALF_EVEN,
    )
    rates = Rates.fixed(_fraction(terms["annual_rate_pct"]))
    periods = [*periods_until(ours, matures_on, opened_on=opened_on, matures_on=matures_on)]
    made = [
        *interest.interest_postings(ours, rates, movements=movements, periods=periods, opened_on=opened_on)
    ]
    earned = sum(posting.interest for posting in made)
    balance = sum(move.change for move in movements)
    figures = {
        "total_interest": earned,
        "maturity_amount": balance + earned,
        "final_balance": balance + earned,
    }
    known = figures.keys() & expected.keys()
    if not known:
        raise UnsupportedCase(f"no figure of ours among {sorted(expected)}")
    return [
        difference
        for name in sorted(known)
        for difference in _compare(name, expected[name], Fraction(figures[name], 10**decimals))
    ]


def _check_periods(case: Fields) -> Differences:
    terms, expected = _table(case, "terms"), _table(case, "expected")
    _, _, interval = str(terms["posting"]).partition("_")
    ours = InterestTerms(posting=_interval(interval), anchor=Anchor.ANNIVERSARY)
    opened_on = date.fromisoformat(str(terms["activated_on"]))
    until = date.fromisoformat(str(terms["up_to"])) + timedelta(days=1)
    made = [
        {
            "from": period.start.isoformat(),
            "to": (period.end - timedelta(days=1)).isoformat(),
            "posting_date": period.posted_on.isoformat(),
        }
        for period in periods_until(ours, until, opened_on=opened_on)
    ]
    wanted = [dict(row) for row in _rows(expected["periods"])]
    return [] if made == wanted else [f"periods: expected {wanted}, got {made}"]


_CHECKS: Final[Mapping[str, Callable[[Fields], Differences]]] = {
    "SV-DC": _check_postings,
    "SV-DC+OD": _check_postings,
    "SV-DC-PERIODEND": _check_postings,
    "SV-DC-PERIODEND+OD": _check_postings,
    "SV-SIMPLE": _check_postings,
    "SV-SIMPLE+OD": _check_postings,
    "SV-SIMPLE-PERIODEND": _check_postings,
    "SV-OD": _check_postings,
    "SV-MIN": _check_minimum,
    "PB-MIN": _check_basis,
    "PB-AVG": _check_basis,
    "FD-COMP": _check_steps,
    "PP-ANNIV": _check_periods,
}


def _interval(name: object) -> Interval:
    word = str(name).removeprefix("anniversary_")
    if word not in _INTERVALS:
        raise UnsupportedCase(f"interval {name}")
    return _INTERVALS[word]


def _compounding(terms: Fields, posting: Interval) -> Interval:
    named = terms.get("compounding")
    if named in {None, "none", "simple"}:
        return Interval.AT_MATURITY
    compounding = _interval(named)
    # A day's interest joins the balance the day it is posted: nothing is left to compound within the day.
    is_inside = _LENGTH.index(compounding) < _LENGTH.index(posting) or compounding is Interval.DAILY
    return compounding if is_inside else Interval.AT_MATURITY


def _posting_day(convention: str, terms: Fields) -> PostingDay:
    rule = str(terms.get("posting_date_rule") or "")
    if "PERIODEND" in convention or rule.startswith("last_day"):
        return PostingDay.LAST_DAY
    return PostingDay.FIRST_DAY_AFTER


def _day_count(terms: Fields) -> DayCount:
    named = str(terms.get("days_in_year") or "365")
    if named not in _DAY_COUNTS:
        raise UnsupportedCase(f"days in year {named}")
    return _DAY_COUNTS[named]


def _maturity(terms: Fields, opened_on: date) -> date | None:
    if terms.get("maturity_date"):
        return date.fromisoformat(str(terms["maturity_date"]))
    written = _TERM.fullmatch(str(terms.get("term") or ""))
    if written is None:
        return None
    count = int(written["count"])
    match written["unit"].lower():
        case "day":
            return opened_on + timedelta(days=count)
        case "week":
            return opened_on + timedelta(weeks=count)
        case "month":
            return months_later(opened_on, count)
        case _:
            return months_later(opened_on, count * Interval.YEARLY.months)


def _decimals(terms: Fields) -> int:
    decimals = terms.get("currency_decimals", 2)
    if not isinstance(decimals, int):
        raise UnsupportedCase(f"decimals {decimals}")
    return decimals


def _movements(case: Fields, decimals: int) -> Sequence[Movement]:
    moves = [
        Movement(date.fromisoformat(str(row["date"])), _minor(row["amount"], decimals))
        for row in _rows(case["transactions"])
    ]
    return sorted(moves, key=lambda move: move.on)


def _minor(amount: object, decimals: int) -> int:
    scaled = _fraction(amount) * Fraction(10) ** decimals
    if scaled.denominator != 1:
        raise UnsupportedCase(f"{amount} has more than {decimals} decimals")
    return scaled.numerator


def _fraction(text: object) -> Fraction:
    return Fraction(str(text))


def _compare(name: str, expected: object, figure: Fraction) -> Differences:
    return [] if _fraction(expected) == figure else [f"{name}: expected {expected}, got {_written(figure)}"]


def _compare_postings(
    name: str, expected: Sequence[Fields], ours: Mapping[date, int], decimals: int
) -> Differences:
    wanted = {date.fromisoformat(str(row["date"])): _fraction(row["interest"]) for row in expected}
    made = {day: Fraction(amount, 10**decimals) for day, amount in ours.items()}
    return [
        f"{name} on {day}: expected {_written(wanted.get(day, Fraction(0)))},"
        f" got {_written(made.get(day, Fraction(0)))}"
        for day in sorted(wanted.keys() | made.keys())
        if wanted.get(day, Fraction(0)) != made.get(day, Fraction(0))
    ]


def _written(figure: Fraction) -> str:
    scaled = round(figure * 10_000)
    sign = "-" if scaled < 0 else ""
    return f"{sign}{abs(scaled) // 10_000}.{abs(scaled) % 10_000:04}"


def _table(case: Fields, name: str) -> Fields:
    table = case[name]
    if not isinstance(table, Mapping):
        raise FaultyCase(f"{name} is not a table")
    return table


def _list(entries: object) -> Sequence[object]:
    if not isinstance(entries, Sequence) or isinstance(entries, str):
        raise FaultyCase(f"not a list: {entries}")
    return entries


def _rows(entries: object) -> Sequence[Fields]:
    return [row for row in _list(entries) if isinstance(row, Mapping)]


ADAPTER = Adapter(run=run, convention_of=lambda case: str(case.get("convention")))
