"""Which loans may a member choose from for a purpose, up to how much, and what would one cost? Before they apply."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from core.db.engine import ReadSession
from core.lending.affordability import cost_of
from core.lending.applications import limits
from core.lending.applications.disclosure import Disclosure, disclose
from core.lending.eligibility import Limit
from core.lending.eligibility_store import eligibility_facts
from core.lending.policies import POLICIES, LendingPolicy, Purpose
from core.lending.products import PRODUCTS
from core.money import Money

_COMPARED_MONTHS = 12
"""Prices are compared over a year, or what the product runs nearest to it."""


@dataclass(frozen=True, slots=True)
class LoanChoice:
    """One product on the table. `limit` is the member's over the longest term, and names the rule that binds."""

    policy: LendingPolicy
    limit: Limit

    @property
    def product(self) -> str:
        return self.policy.product


async def choices_for(
    session: ReadSession, member_id: str, purpose: Purpose | None, *, on: date
) -> tuple[LoanChoice, ...]:
    """The products lent for a purpose, or all: those the member may have first, then the special before the general.

    Of two alike the cheaper comes first. Raises UnknownMember.
    """
    facts = await eligibility_facts(session, member_id, on)
    policies = [POLICIES[code] for code in PRODUCTS]
    choices = [
        LoanChoice(policy, limits.limit_on(facts, policy, policy.instalments_most))
        for policy in policies
        if purpose is None or purpose in policy.purposes
    ]
    return tuple(sorted(choices, key=_rank))


async def choice_of(session: ReadSession, member_id: str, product: str, *, on: date) -> LoanChoice:
    """One product as `choices_for` would show it. Raises UnknownMember, UnknownLoanProduct."""
    policy = limits.policy_of(product)
    facts = await eligibility_facts(session, member_id, on)
    return LoanChoice(policy, limits.limit_on(facts, policy, policy.instalments_most))


def cost_shown(product: str, *, amount: Money, instalments: int, on: date) -> Disclosure:
    """What a loan would cost that was paid out on that day. Raises UnknownLoanProduct, LoanTermNotOffered."""
    limits.refuse_term(limits.policy_of(product), instalments)
    return disclose(PRODUCTS[product].terms(principal=amount, instalments=instalments), on)


def _rank(choice: LoanChoice) -> tuple[bool, int, Fraction, str]:
    policy = choice.policy
    months = min(max(_COMPARED_MONTHS, policy.instalments_least), policy.instalments_most)
    price = cost_of(PRODUCTS[policy.product], months)
    return (not choice.limit.may_borrow, len(policy.purposes), price, policy.product)
