"""What is known of a member who asks for a loan? Everything the rules of a limit go by, read from the books."""

from collections.abc import Collection, Mapping
from datetime import date

from core.clock import business_date
from core.db.engine import ReadSession
from core.errors import UnknownMember
from core.lending import guarantee_store, penalty_store
from core.lending.eligibility import CurrentLoan, DepositMade, EligibilityFacts, Pay
from core.lending.member_loans import MemberLoan, member_loans
from core.lending.periods import months_after
from core.lending.policies import POLICIES, LendingPolicy
from core.money import Money

# Kinds of journals that credit deposits with what the member did not pay in.
_NOT_PAID_IN = ("savings_interest", "dividend_paid", "reversal")

_MEMBER = """
SELECT m.joined_at, deposits.balance AS deposits, deposits.id AS deposits_id, shares.balance AS shares
  FROM member m
  LEFT JOIN savings_account d ON d.member_id = m.id AND d.product = 'deposits'
  LEFT JOIN ledger_account deposits ON deposits.code = d.ledger_code
  LEFT JOIN share_account h ON h.member_id = m.id
  LEFT JOIN ledger_account shares ON shares.code = h.ledger_code
 WHERE m.id = $1
"""

_PAID_IN = """
SELECT j.business_date, e.amount FROM entry e JOIN journal j ON j.id = e.journal_id
 WHERE e.account_id = $1 AND e.side = 'C' AND j.business_date > $2 AND j.business_date <= $3
   AND j.kind <> ALL($4) ORDER BY e.id
"""


async def eligibility_facts(
    session: ReadSession,
    member_id: str,
    on: date,
    *,
    pay: Pay | None = None,
    pledged: Money | None = None,
    clears: Collection[str] = (),
    policies: Mapping[str, LendingPolicy] = POLICIES,
) -> EligibilityFacts:
    """What is known of a member on a business day. Raises UnknownMember.

    Pay, pledges and the loans that it clears are the application's.
    """
    member = await session.row(_MEMBER, member_id)
    if member is None:
        raise UnknownMember
    since = months_after(on, -_look_back_months(policies))
    deposits = await session.rows(_PAID_IN, member["deposits_id"], since, on, list(_NOT_PAID_IN))
    loans = await member_loans(session, member_id, on=on, policies=policies)
    guarantees = next(iter(policies.values())).guarantees
    return EligibilityFacts(
        on=on,
        joined_on=business_date(member["joined_at"]),
        deposits=Money(member["deposits"] or 0),
        shares=Money(member["shares"] or 0),
        recent_deposits=tuple(DepositMade(row["business_date"], Money(row["amount"])) for row in deposits),
        loans=tuple(
            [await _current(session, loan, policies, is_cleared=loan.loan_id in clears) for loan in loans]
        ),
        guaranteed_for_others=await guarantee_store.committed(session, member_id, policy=guarantees),
        last_penalty_on=await penalty_store.last_penalties(session, member_id),
        pay=pay,
        pledged=pledged,
    )


async def _current(
    session: ReadSession, loan: MemberLoan, policies: Mapping[str, LendingPolicy], *, is_cleared: bool
) -> CurrentLoan:
    policy = policies[loan.product].guarantees
    return CurrentLoan(
        product=loan.product,
        outstanding=loan.outstanding,
        days_past_due=loan.days_past_due,
        loan_class=loan.loan_class,
        secured_by_others=await guarantee_store.secured_by_others(session, loan.loan_id, policy=policy),
        is_cleared=is_cleared,
    )


def _look_back_months(policies: Mapping[str, LendingPolicy]) -> int:
    return max(max(policy.streak.of_the_last, policy.lump_sum.months) for policy in policies.values())
