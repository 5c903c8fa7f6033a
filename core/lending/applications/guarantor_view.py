"""What does a member see who was asked to stand for others, or does so already?"""

from dataclasses import dataclass
from datetime import datetime

from core.clock import business_date
from core.db.engine import ReadSession
from core.errors import GuaranteeNotOpen
from core.lending import guarantee_store
from core.lending.applications import limits, store
from core.lending.guarantees import Guarantee, GuaranteeState
from core.lending.policies import POLICIES
from core.members import store as members
from core.members.names import short_name
from core.money import Money
from core.savings import store as savings
from core.savings.model import SavingsProduct


@dataclass(frozen=True, slots=True)
class GuaranteeRequest:
    """A question that waits for the guarantor's answer."""

    guarantee: Guarantee
    borrower: str
    """The borrower's name as other members see it."""
    product: str
    free: Money
    """The most the guarantor's deposits still allow, whatever was asked."""


@dataclass(frozen=True, slots=True)
class GivenGuarantee:
    """A guarantee that stands. `bound` is what it binds of the guarantor's deposits now."""

    guarantee: Guarantee
    borrower: str
    bound: Money


async def requests_to(
    session: ReadSession, guarantor_id: str, *, now: datetime
) -> tuple[GuaranteeRequest, ...]:
    """What a member has yet to answer, the oldest first."""
    waiting = await guarantee_store.waiting_for(session, guarantor_id, now=now)
    return tuple([await _request(session, guarantee, now=now) for guarantee in waiting])


async def request_to(
    session: ReadSession, guarantee_id: str, *, guarantor_id: str, now: datetime
) -> GuaranteeRequest:
    """One of them. Raises GuaranteeNotOpen for one that is answered, over, or another member's."""
    for guarantee in await guarantee_store.waiting_for(session, guarantor_id, now=now):
        if guarantee.guarantee_id == guarantee_id:
            return await _request(session, guarantee, now=now)
    raise GuaranteeNotOpen(state=GuaranteeState.WITHDRAWN)


async def guarantees_given(session: ReadSession, guarantor_id: str) -> tuple[GivenGuarantee, ...]:
    """For whom a member stands, the oldest first."""
    policy = next(iter(POLICIES.values())).guarantees
    given = await guarantee_store.given(session, guarantor_id, policy=policy)
    return tuple(
        [GivenGuarantee(each, await _name(session, each.borrower_id), bound) for each, bound in given]
    )


async def _request(session: ReadSession, guarantee: Guarantee, *, now: datetime) -> GuaranteeRequest:
    application = await store.find(session, guarantee.subject)
    if application is None:
        raise AssertionError(f"{guarantee.guarantee_id} is asked for no application")
    facts = await guarantee_store.guarantor_facts(
        session,
        guarantee.guarantor_id,
        on=business_date(now),
        policy=limits.policy_of(application.product).guarantees,
    )
    unheld = Money.zero(guarantee.asked.currency)
    for account in await savings.of_member(session, guarantee.guarantor_id):
        if account.product is SavingsProduct.DEPOSITS:
            unheld = max(unheld, account.available)
    return GuaranteeRequest(
        guarantee,
        await _name(session, guarantee.borrower_id),
        application.product,
        min(facts.free_deposits, unheld),
    )


async def _name(session: ReadSession, member_id: str) -> str:
    return short_name(await members.find(session, member_id))
