"""How much may a member borrow, why, and on which product? Answers from the books, before and at an application."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from core.db.engine import ReadSession
from core.errors import (
    LoanAboveLimit,
    LoanBelowLeast,
    LoanTermNotOffered,
    PurposeNotLentFor,
    UnknownLoanProduct,
)
from core.lending.affordability import burden_of, cost_of
from core.lending.eligibility import EligibilityFacts, Figure, Limit, LimitRule, Pay, RuleAnswer, limit
from core.lending.eligibility_store import eligibility_facts
from core.lending.matching import Match, Offer, Wish, matches
from core.lending.model import Product
from core.lending.policies import POLICIES, LendingPolicy, Purpose
from core.lending.products import PRODUCTS
from core.money import Money

_DECIDING_FIGURE: Mapping[LimitRule, str] = {
    LimitRule.MEMBERSHIP: "months",
    LimitRule.BAD_LOAN: "loans",
    LimitRule.ARREARS: "days",
    LimitRule.SAME_LOAN_OPEN: "loans",
    LimitRule.PENALTY_LOCKOUT: "until",
    LimitRule.SHARES: "least",
    LimitRule.STREAK: "months",
    LimitRule.MULTIPLIER: "times",
    LimitRule.TAKE_HOME: "share",
    LimitRule.COVER: "own",
    LimitRule.PRODUCT_MOST: "most",
}
"""The figure a member is told with each rule."""


async def loan_limit(
    session: ReadSession, member_id: str, product: str, *, instalments: int, on: date, pay: Pay | None = None
) -> Limit:
    """The member's limit on a product repaid in so many instalments, and what every rule says.

    Raises UnknownMember, UnknownLoanProduct, LoanTermNotOffered.
    """
    policy = policy_of(product)
    refuse_term(policy, instalments)
    facts = await eligibility_facts(session, member_id, on, pay=pay)
    return limit_on(facts, policy, instalments)


async def matching_products(
    session: ReadSession, member_id: str, wish: Wish, *, on: date, pay: Pay | None = None
) -> tuple[Match, ...]:
    """Every product for a wish, the best first, each with the member's limit. Raises UnknownMember."""
    facts = await eligibility_facts(session, member_id, on, pay=pay)
    offers = [_offer(POLICIES[code], product, wish.months) for code, product in PRODUCTS.items()]
    return matches(wish, facts, offers)


def limit_on(facts: EligibilityFacts, policy: LendingPolicy, instalments: int) -> Limit:
    """The limit by facts that are known already."""
    return limit(facts, policy, burden=burden_of(PRODUCTS[policy.product], instalments))


def policy_of(product: str) -> LendingPolicy:
    """Raises UnknownLoanProduct."""
    policy = POLICIES.get(product)
    if policy is None or product not in PRODUCTS:
        raise UnknownLoanProduct(product=product)
    return policy


def refuse_term(policy: LendingPolicy, instalments: int) -> None:
    """Raises LoanTermNotOffered."""
    if not policy.instalments_least <= instalments <= policy.instalments_most:
        raise LoanTermNotOffered(
            least=policy.instalments_least, most=policy.instalments_most, asked=instalments
        )


def refuse_purpose(policy: LendingPolicy, purpose: Purpose) -> None:
    """Raises PurposeNotLentFor."""
    if purpose not in policy.purposes:
        raise PurposeNotLentFor(product=policy.product, purpose=purpose)


def refuse_amount(amount: Money, policy: LendingPolicy, allowed: Limit) -> None:
    """Raises LoanBelowLeast, and LoanAboveLimit with the rule that binds and its number."""
    if amount < policy.least:
        raise LoanBelowLeast(least_minor=policy.least.minor, asked_minor=amount.minor)
    if amount > allowed.amount:
        raise LoanAboveLimit(
            rule=allowed.binding.rule,
            number=number_of(allowed.binding),
            limit_minor=allowed.amount.minor,
            asked_minor=amount.minor,
        )


def number_of(answer: RuleAnswer) -> str:
    """The figure by which a rule is explained, as plain text."""
    return figure_text(figure_of(answer))


def figure_of(answer: RuleAnswer) -> Figure:
    """The figure by which a rule is explained."""
    return answer.figures[_DECIDING_FIGURE[answer.rule]]


def figure_text(figure: Figure) -> str:
    """A figure of a rule as text: `90000.00`, `3`, `1/3`, `2026-03-11`."""
    if isinstance(figure, Money):
        return figure.plain()
    return figure.isoformat() if isinstance(figure, date) else str(figure)


def _offer(policy: LendingPolicy, product: Product, months: int) -> Offer:
    """Priced for the months wished for, or the nearest that the product runs."""
    within = min(max(months, policy.instalments_least), policy.instalments_most)
    price: Fraction = cost_of(product, within)
    return Offer(policy, burden=burden_of(product, within), cost=price)
