"""All SQL of guarantees: rows as they were asked and answered, and what is known of a guarantor."""

from collections.abc import Iterable
from datetime import date, datetime

import asyncpg

from core.db.engine import ReadSession, WriteSession
from core.lending.guarantees import Guarantee, GuaranteeState, GuarantorFacts
from core.lending.member_loans import MemberLoan, member_loans
from core.lending.policies import GuaranteePolicy
from core.money import Currency, Money

_GUARANTEE = """SELECT id, subject, borrower_id, guarantor_id, asked, amount, currency, state, requested_at,
                       expires_at, answered_at, substituted_by, recovered FROM loan_guarantee"""

# Accepted guarantees with the loan they are for; one for an application has none yet and binds all of its amount.
_LIVE = """SELECT g.*, l.principal AS lent, owing.outstanding
             FROM loan_guarantee g
             LEFT JOIN loan l ON l.id = g.subject
             LEFT JOIN LATERAL (SELECT sum(principal - principal_paid)::bigint AS outstanding
                                  FROM instalment WHERE loan_id = l.id) owing ON true
            WHERE g.state = 'accepted'"""


async def add(session: WriteSession, guarantee: Guarantee) -> bool:
    """Save a request; False where this guarantor is asked for the same loan already, and nothing was saved."""
    row = await session.row(
        """INSERT INTO loan_guarantee (id, subject, borrower_id, guarantor_id, asked, amount, currency, state,
                                       requested_at, expires_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
           ON CONFLICT (subject, guarantor_id) WHERE state IN ('requested', 'accepted') DO NOTHING RETURNING id""",
        guarantee.guarantee_id,
        guarantee.subject,
        guarantee.borrower_id,
        guarantee.guarantor_id,
        guarantee.asked.minor,
        guarantee.amount.minor,
        guarantee.asked.currency,
        guarantee.state,
        guarantee.requested_at,
        guarantee.expires_at,
    )
    return row is not None


async def lock(session: WriteSession, guarantee_id: str) -> Guarantee | None:
    """The guarantee, held for this transaction; None when there is no such one."""
    row = await session.row(f"{_GUARANTEE} WHERE id = $1 FOR UPDATE", guarantee_id)
    return None if row is None else _guarantee(row)


async def of_subject(session: ReadSession, subject: str) -> list[Guarantee]:
    """All guarantees of an application or loan, the oldest first, those that are over included."""
    rows = await session.rows(f"{_GUARANTEE} WHERE subject = $1 ORDER BY requested_at, id", subject)
    return [_guarantee(row) for row in rows]


async def waiting_for(session: ReadSession, guarantor_id: str, *, now: datetime) -> list[Guarantee]:
    """Requests that a member has yet to answer, the oldest first."""
    rows = await session.rows(
        f"""{_GUARANTEE} WHERE guarantor_id = $1 AND state = 'requested' AND expires_at > $2
            ORDER BY requested_at, id""",
        guarantor_id,
        now,
    )
    return [_guarantee(row) for row in rows]


async def save(session: WriteSession, guarantee: Guarantee) -> None:
    """Write what has become of a locked guarantee."""
    await session.execute(
        """UPDATE loan_guarantee SET amount = $2, state = $3, answered_at = $4, substituted_by = $5,
                  recovered = $6 WHERE id = $1""",
        guarantee.guarantee_id,
        guarantee.amount.minor,
        guarantee.state,
        guarantee.answered_at,
        guarantee.substituted_by,
        guarantee.recovered.minor,
    )


async def expire(session: WriteSession, *, now: datetime) -> list[Guarantee]:
    """Requests that nobody answered in time expire; those that did now. A second call finds none."""
    rows = await session.rows(
        """UPDATE loan_guarantee SET state = 'expired' WHERE state = 'requested' AND expires_at <= $1
           RETURNING *""",
        now,
    )
    return [_guarantee(row) for row in rows]


async def withdraw_unanswered(session: WriteSession, subject: str) -> None:
    """Questions that nobody answered end with the application: the loan was secured without them."""
    await session.execute(
        "UPDATE loan_guarantee SET state = 'withdrawn' WHERE state = 'requested' AND subject = $1", subject
    )


async def release_all(session: WriteSession, subject: str) -> list[Guarantee]:
    """A repaid loan releases its guarantees; those that were released now. A second call finds none."""
    rows = await session.rows(
        """UPDATE loan_guarantee SET state = 'released' WHERE state = 'accepted' AND subject = $1
           RETURNING *""",
        subject,
    )
    return [_guarantee(row) for row in rows]


async def move_to_loan(session: WriteSession, *, application_id: str, loan_id: str) -> None:
    """What was given for an application stands for the loan that came of it."""
    await session.execute(
        "UPDATE loan_guarantee SET subject = $2 WHERE subject = $1", application_id, loan_id
    )


async def committed(session: ReadSession, guarantor_id: str, *, policy: GuaranteePolicy) -> Money:
    """What a member's live guarantees bind of their deposits."""
    rows = await session.rows(f"{_LIVE} AND g.guarantor_id = $1", guarantor_id)
    return _bound(rows, policy)


async def given(
    session: ReadSession, guarantor_id: str, *, policy: GuaranteePolicy
) -> list[tuple[Guarantee, Money]]:
    """A member's live guarantees, the oldest first, each with what it binds of their deposits now."""
    rows = await session.rows(f"{_LIVE} AND g.guarantor_id = $1 ORDER BY g.requested_at, g.id", guarantor_id)
    return [(_guarantee(row), _bound([row], policy)) for row in rows]


async def secured_by_others(session: ReadSession, loan_id: str, *, policy: GuaranteePolicy) -> Money:
    """What live guarantees secure of a loan now."""
    return _bound(await session.rows(f"{_LIVE} AND g.subject = $1", loan_id), policy)


async def lock_deposits(session: WriteSession, member_id: str) -> None:
    """Hold a guarantor's deposits for this transaction, so that two answers at once don't bind them twice."""
    await session.row(
        "SELECT id FROM savings_account WHERE member_id = $1 AND product = 'deposits' FOR UPDATE", member_id
    )


async def guarantor_facts(
    session: ReadSession, member_id: str, *, on: date, policy: GuaranteePolicy
) -> GuarantorFacts:
    """What is known of a member who is asked to guarantee, on a day."""
    loans = await member_loans(session, member_id, on=on)
    row = await session.row(
        """SELECT (SELECT a.balance FROM savings_account s JOIN ledger_account a ON a.code = s.ledger_code
                    WHERE s.member_id = $1 AND s.product = 'deposits') AS deposits,
                  (SELECT count(DISTINCT subject) FROM loan_guarantee
                    WHERE guarantor_id = $1 AND state = 'accepted') AS guaranteed,
                  EXISTS (SELECT FROM guarantor_bar WHERE member_id = $1 AND from_day <= $2
                             AND (until_day IS NULL OR until_day > $2)) AS is_barred""",
        member_id,
        on,
    )
    if row is None:
        raise AssertionError("a question without tables has a row")
    return GuarantorFacts(
        member_id=member_id,
        deposits=Money(row["deposits"] or 0),
        committed=await committed(session, member_id, policy=policy),
        own_loans=await _on_own_deposits(session, loans, policy),
        loans_guaranteed=row["guaranteed"],
        has_loan=bool(loans),
        days_past_due=max((loan.days_past_due for loan in loans), default=0),
        is_official=row["is_barred"],
    )


async def bar(
    session: WriteSession, member_id: str, *, reason: str, from_day: date, until_day: date | None
) -> None:
    """A member may not guarantee while they hold an office or work for the society; said again, it is changed."""
    await session.execute(
        """INSERT INTO guarantor_bar (member_id, reason, from_day, until_day) VALUES ($1, $2, $3, $4)
           ON CONFLICT (member_id) DO UPDATE
              SET reason = excluded.reason, from_day = excluded.from_day, until_day = excluded.until_day""",
        member_id,
        reason,
        from_day,
        until_day,
    )


async def _on_own_deposits(
    session: ReadSession, loans: Iterable[MemberLoan], policy: GuaranteePolicy
) -> Money:
    total = Money.zero()
    for loan in loans:
        secured = await secured_by_others(session, loan.loan_id, policy=policy)
        total += max(Money.zero(), loan.outstanding - secured)
    return total


def _bound(rows: Iterable[asyncpg.Record], policy: GuaranteePolicy) -> Money:
    total = Money.zero()
    for row in rows:
        guarantee, lent = _guarantee(row), Money(row["lent"] or 0, Currency(row["currency"]))
        outstanding = Money(row["outstanding"] or 0, lent.currency)
        total += guarantee.commitment(lent=lent, outstanding=outstanding, policy=policy)
    return total


def _guarantee(row: asyncpg.Record) -> Guarantee:
    currency = Currency(row["currency"])
    return Guarantee(
        guarantee_id=row["id"],
        subject=row["subject"],
        borrower_id=row["borrower_id"],
        guarantor_id=row["guarantor_id"],
        asked=Money(row["asked"], currency),
        amount=Money(row["amount"], currency),
        state=GuaranteeState(row["state"]),
        requested_at=row["requested_at"],
        expires_at=row["expires_at"],
        answered_at=row["answered_at"],
        substituted_by=row["substituted_by"],
        recovered=Money(row["recovered"], currency),
    )
