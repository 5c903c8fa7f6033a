"""How much may a member borrow, and which rule decides? Pure: facts and a product's conditions in, a limit out.

Every rule is answered, so that a member hears the reason and staff see the rest. A gate is open or closed; a cap is
an amount. The limit is the least cap, or nothing where a gate is closed, and the rule that made it so is named with
its figures: "Your limit is KES 180,000.00 (3 times deposits less current loans)".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import TypeAlias

from core.lending.classification import LoanClass
from core.lending.periods import months_after
from core.lending.policies import LendingPolicy
from core.money import Money

_NOTHING = Money.zero()


class LimitRule(StrEnum):
    """The rules of a limit, in the order in which they are told. The text of one is `limit_rule.<rule>`."""

    MEMBERSHIP = "membership"
    """A member for too short a time."""

    BAD_LOAN = "bad_loan"
    """A loan of theirs is in a class other than performing."""

    ARREARS = "arrears"
    """Something is overdue on a loan of theirs."""

    SAME_LOAN_OPEN = "same_loan_open"
    """They have a loan of this product already."""

    PENALTY_LOCKOUT = "penalty_lockout"
    """A penalty was charged not long ago."""

    SHARES = "shares"
    """Fewer shares than the product asks for."""

    STREAK = "streak"
    """Too few months with a deposit."""

    MULTIPLIER = "multiplier"
    """A multiple of deposits, less current loans."""

    TAKE_HOME = "take_home"
    """What pay can carry when a share of it must remain."""

    COVER = "cover"
    """What own deposits, guarantors and collateral secure."""

    PRODUCT_MOST = "product_most"
    """The most the product lends."""

    @property
    def text_key(self) -> str:
        """The key of its sentence in the members' languages; the figures fill its braces."""
        return f"limit_rule.{self}"


Figure: TypeAlias = Money | int | Fraction | date


@dataclass(frozen=True, slots=True)
class RuleAnswer:
    """What one rule says: the most it allows, None where it doesn't bind, and the figures it went by."""

    rule: LimitRule
    cap: Money | None
    figures: Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class Limit:
    """How much a member may borrow on a product. Zero where a gate is closed or the least loan is out of reach."""

    product: str
    amount: Money
    binding: RuleAnswer
    answers: tuple[RuleAnswer, ...]

    @property
    def may_borrow(self) -> bool:
        return bool(self.amount)

    def answer(self, rule: LimitRule) -> RuleAnswer | None:
        """What a rule said; None where it did not apply."""
        return next((each for each in self.answers if each.rule is rule), None)


@dataclass(frozen=True, slots=True)
class CurrentLoan:
    """A running loan of the member."""

    product: str
    outstanding: Money
    """The principal still owed."""
    days_past_due: int
    loan_class: LoanClass
    secured_by_others: Money = _NOTHING
    """What live guarantees of other members secure of it."""
    is_cleared: bool = False
    """Whether the loan asked for pays it off."""

    @property
    def on_own_deposits(self) -> Money:
        """What of it the member's own deposits stand for."""
        return max(Money.zero(self.outstanding.currency), self.outstanding - self.secured_by_others)


@dataclass(frozen=True, slots=True)
class Pay:
    """A member's basic pay a month and all deductions from it, statutory ones and loan recoveries included."""

    basic: Money
    deductions: Money


@dataclass(frozen=True, slots=True)
class DepositMade:
    """One payment into deposits."""

    on: date
    amount: Money


@dataclass(frozen=True, slots=True)
class EligibilityFacts:
    """What is known of a member on a day. `pay` and `pledged` are None where nobody has asked yet."""

    on: date
    joined_on: date
    deposits: Money
    shares: Money
    recent_deposits: tuple[DepositMade, ...] = ()
    """Payments into deposits within the longest look-back of any product."""
    loans: tuple[CurrentLoan, ...] = ()
    guaranteed_for_others: Money = _NOTHING
    """Live guarantees the member gave for other members' loans."""
    last_penalty_on: Mapping[str, date] = field(default_factory=dict)
    """By product, the last day for which a penalty was charged."""
    pay: Pay | None = None
    pledged: Money | None = None
    """What guarantors accepted and collateral secures for this application."""

    @property
    def kept_loans(self) -> tuple[CurrentLoan, ...]:
        """Those that run on beside the loan asked for."""
        return tuple(loan for loan in self.loans if not loan.is_cleared)


def limit(facts: EligibilityFacts, policy: LendingPolicy, *, burden: Fraction | None = None) -> Limit:
    """The member's limit on a product. `burden` is the heaviest monthly payment for each unit lent.

    The rule on take-home pay is asked only where both pay and burden are known, the one on cover only once
    something was pledged.
    """
    answers = tuple(
        answer
        for answer in (
            _membership(facts, policy),
            _bad_loan(facts),
            _arrears(facts),
            _same_loan(facts, policy),
            _penalty_lockout(facts, policy),
            _shares(facts, policy),
            _streak(facts, policy),
            _multiplier(facts, policy),
            _take_home(facts, policy, burden),
            _cover(facts, policy),
            _answer(LimitRule.PRODUCT_MOST, policy.most, most=policy.most),
        )
        if answer is not None
    )
    binding = min((a for a in answers if a.cap is not None), key=lambda a: (a.cap, _order(a.rule)))
    cap = binding.cap
    if cap is None:
        raise AssertionError("the product's own cap always binds")
    amount = cap if cap >= policy.least else Money.zero(cap.currency)
    return Limit(product=policy.product, amount=amount, binding=binding, answers=answers)


@dataclass(frozen=True, slots=True)
class CoverNeeded:
    """What guarantors must still bring for an amount, and the least number of them; nothing where own deposits do."""

    amount: Money
    guarantors: int


def cover_needed(amount: Money, facts: EligibilityFacts, policy: LendingPolicy) -> CoverNeeded:
    """What of an amount the member's own deposits and what is pledged so far do not secure."""
    zero = Money.zero(amount.currency)
    without_guarantors = max(zero, amount - own_cover(facts, policy))
    left = max(zero, without_guarantors - (facts.pledged or zero))
    guarantors = policy.guarantees.guarantors_least if without_guarantors else 0
    return CoverNeeded(amount=left, guarantors=guarantors)


def own_cover(facts: EligibilityFacts, policy: LendingPolicy) -> Money:
    """What a member's own deposits secure: a share of them, less guarantees given and what they secure already."""
    share = policy.guarantees.own_deposits_share
    own = facts.deposits.portion(share.numerator, share.denominator)
    owed = _sum([loan.on_own_deposits for loan in facts.kept_loans], facts.deposits)
    return max(Money.zero(own.currency), own - owed - facts.guaranteed_for_others)


def counted_deposits(facts: EligibilityFacts, policy: LendingPolicy) -> Money:
    """Deposits that count toward the multiple: without lump sums that have not matured."""
    matured_before = months_after(facts.on, -policy.lump_sum.months)
    fresh = [
        deposit.amount
        for deposit in facts.recent_deposits
        if deposit.amount >= policy.lump_sum.from_amount and deposit.on > matured_before
    ]
    return max(Money.zero(facts.deposits.currency), facts.deposits - _sum(fresh, facts.deposits))


def _membership(facts: EligibilityFacts, policy: LendingPolicy) -> RuleAnswer:
    from_day = months_after(facts.joined_on, policy.membership_months)
    return _gate(
        LimitRule.MEMBERSHIP,
        facts,
        is_open=facts.on >= from_day,
        months=policy.membership_months,
        on=from_day,
    )


def _bad_loan(facts: EligibilityFacts) -> RuleAnswer:
    bad = [loan for loan in facts.loans if loan.loan_class is not LoanClass.PERFORMING]
    return _gate(LimitRule.BAD_LOAN, facts, is_open=not bad, loans=len(bad))


def _arrears(facts: EligibilityFacts) -> RuleAnswer:
    days = max((loan.days_past_due for loan in facts.loans), default=0)
    return _gate(LimitRule.ARREARS, facts, is_open=not days, days=days)


def _same_loan(facts: EligibilityFacts, policy: LendingPolicy) -> RuleAnswer:
    same = sum(1 for loan in facts.kept_loans if loan.product == policy.product)
    return _gate(LimitRule.SAME_LOAN_OPEN, facts, is_open=not (same and policy.one_at_a_time), loans=same)


def _penalty_lockout(facts: EligibilityFacts, policy: LendingPolicy) -> RuleAnswer | None:
    last = facts.last_penalty_on.get(policy.product)
    if last is None or not policy.penalty_lockout_months:
        return None
    until = months_after(last, policy.penalty_lockout_months)
    return _gate(LimitRule.PENALTY_LOCKOUT, facts, is_open=facts.on >= until, until=until)


def _shares(facts: EligibilityFacts, policy: LendingPolicy) -> RuleAnswer:
    is_open = facts.shares >= policy.shares_least
    return _gate(LimitRule.SHARES, facts, is_open=is_open, shares=facts.shares, least=policy.shares_least)


def _streak(facts: EligibilityFacts, policy: LendingPolicy) -> RuleAnswer:
    """Counts whole months back from the day, so that a deposit of this morning counts."""
    starts = [months_after(facts.on, -back) for back in range(policy.streak.of_the_last + 1)]
    kept = sum(
        any(start < deposit.on <= end for deposit in facts.recent_deposits) for end, start in pairwise(starts)
    )
    return _gate(
        LimitRule.STREAK,
        facts,
        is_open=kept >= policy.streak.months,
        kept=kept,
        months=policy.streak.months,
        of_the_last=policy.streak.of_the_last,
    )


def _multiplier(facts: EligibilityFacts, policy: LendingPolicy) -> RuleAnswer | None:
    if policy.multiplier is None:
        return None
    counted = counted_deposits(facts, policy)
    loans = [each for each in facts.kept_loans if policy.counts_all_loans or each.product == policy.product]
    owed = _sum([loan.outstanding for loan in loans], facts.deposits)
    times = _floor(counted.minor * policy.multiplier, counted)
    return _answer(
        LimitRule.MULTIPLIER,
        max(Money.zero(counted.currency), times - owed),
        times=policy.multiplier,
        deposits=counted,
        loans=owed,
    )


def _take_home(facts: EligibilityFacts, policy: LendingPolicy, burden: Fraction | None) -> RuleAnswer | None:
    """Deductions may reach two thirds of basic pay, not one third, as some write it."""
    if facts.pay is None or burden is None or policy.take_home is None:
        return None
    most = _floor(facts.pay.basic.minor * (1 - policy.take_home), facts.pay.basic)
    room = max(Money.zero(most.currency), most - facts.pay.deductions)
    carries = _floor(room.minor / burden, room)
    return _answer(LimitRule.TAKE_HOME, carries, basic=facts.pay.basic, room=room, share=policy.take_home)


def _cover(facts: EligibilityFacts, policy: LendingPolicy) -> RuleAnswer | None:
    if facts.pledged is None:
        return None
    own = own_cover(facts, policy)
    return _answer(LimitRule.COVER, own + facts.pledged, own=own, pledged=facts.pledged)


def _gate(rule: LimitRule, facts: EligibilityFacts, *, is_open: bool, **figures: Figure) -> RuleAnswer:
    return RuleAnswer(rule, None if is_open else Money.zero(facts.deposits.currency), figures)


def _answer(rule: LimitRule, cap: Money, **figures: Figure) -> RuleAnswer:
    return RuleAnswer(rule, cap, figures)


def _order(rule: LimitRule) -> int:
    return list(LimitRule).index(rule)


def _floor(minor: Fraction, like: Money) -> Money:
    """A limit is rounded down: a cent too much would break the rule."""
    return Money(minor.__floor__(), like.currency)


def _sum(amounts: Sequence[Money], like: Money) -> Money:
    return sum(amounts, start=Money.zero(like.currency))
