"""All SQL of applications and votes."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from core.db.engine import ReadSession, WriteSession
from core.lending.applications.disclosure import Accepted
from core.lending.applications.model import Application, ApplicationState
from core.lending.applications.route import Vote
from core.lending.eligibility import EligibilityFacts, Limit, Pay
from core.lending.policies import Purpose
from core.lending.record import read, written
from core.lending.terms import Terms
from core.money import Currency, Money

_APPLICATION = """SELECT id, number, member_id, product, currency, asked, asked_instalments, purpose, channel,
                         written_by, state, applied_at, expires_at, basic_pay, pay_deductions, offered,
                         offered_instalments, appraised_by, appraisal, terms, accepted, reason, loan_id, clears
                    FROM loan_application"""


async def next_number(session: WriteSession) -> str:
    """A number that no application has; one that is drawn and not used is lost."""
    row = await session.row("SELECT nextval('loan_application_number') AS n")
    if row is None:
        raise AssertionError("a sequence has a next number")
    return f"LA-{row['n']}"


async def add(
    session: WriteSession, application: Application, *, facts: EligibilityFacts, shown: Limit
) -> bool:
    """Save an application with what was known and shown; False where one for the product is open already."""
    row = await session.row(
        """INSERT INTO loan_application (id, number, member_id, product, currency, asked, asked_instalments, purpose,
                                         channel, written_by, state, applied_at, expires_at, basic_pay,
                                         pay_deductions, facts, limit_shown, clears)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16::jsonb, $17::jsonb, $18)
           ON CONFLICT (member_id, product) WHERE state IN ('applied', 'appraised', 'approved', 'accepted')
           DO NOTHING RETURNING id""",
        application.application_id,
        application.number,
        application.member_id,
        application.product,
        application.asked.currency,
        application.asked.minor,
        application.asked_instalments,
        application.purpose,
        application.channel,
        application.written_by,
        application.state,
        application.applied_at,
        application.expires_at,
        *_pay_columns(application.pay),
        written(facts),
        written(shown),
        list(application.clears),
    )
    return row is not None


async def save(session: WriteSession, application: Application) -> None:
    """Write what has become of a locked application."""
    await session.execute(
        """UPDATE loan_application SET state = $2, expires_at = $3, basic_pay = $4, pay_deductions = $5, offered = $6,
                  offered_instalments = $7, appraised_by = $8, appraisal = $9, terms = $10::jsonb,
                  accepted = $11::jsonb, reason = $12, loan_id = $13 WHERE id = $1""",
        application.application_id,
        application.state,
        application.expires_at,
        *_pay_columns(application.pay),
        None if application.offered is None else application.offered.minor,
        application.offered_instalments,
        application.appraised_by,
        application.appraisal,
        None if application.terms is None else written(application.terms),
        None if application.accepted is None else written(application.accepted),
        application.reason,
        application.loan_id,
    )


async def find(session: ReadSession, application_id: str) -> Application | None:
    row = await session.row(f"{_APPLICATION} WHERE id = $1", application_id)
    return None if row is None else _application(row)


async def lock(session: WriteSession, application_id: str) -> Application | None:
    """The application, held for this transaction."""
    row = await session.row(f"{_APPLICATION} WHERE id = $1 FOR UPDATE", application_id)
    return None if row is None else _application(row)


async def of_loan(session: ReadSession, loan_id: str) -> Application | None:
    """The application that a loan came of; None for a loan without one."""
    row = await session.row(f"{_APPLICATION} WHERE loan_id = $1", loan_id)
    return None if row is None else _application(row)


async def queue(
    session: ReadSession,
    *,
    states: Sequence[ApplicationState],
    after: str,
    most: int,
    member_id: str | None = None,
) -> list[Application]:
    """Applications in these states, the oldest first, those behind the id `after`; of one member if asked so."""
    rows = await session.rows(
        f"""{_APPLICATION} WHERE state = ANY($1::text[]) AND id > $2 AND ($3::text IS NULL OR member_id = $3)
            ORDER BY id LIMIT $4""",
        [state.value for state in states],
        after,
        member_id,
        most,
    )
    return [_application(row) for row in rows]


async def latest_of(session: ReadSession, member_id: str, *, most: int) -> list[Application]:
    """A member's applications in any state, the newest first."""
    rows = await session.rows(
        f"{_APPLICATION} WHERE member_id = $1 ORDER BY applied_at DESC, id DESC LIMIT $2", member_id, most
    )
    return [_application(row) for row in rows]


async def lapsed(session: WriteSession, *, now: datetime, most: int) -> list[Application]:
    """Open applications whose time is over, held for this transaction; those that others work on are passed over."""
    rows = await session.rows(
        f"""{_APPLICATION} WHERE state IN ('applied', 'appraised', 'approved', 'accepted') AND expires_at <= $1
            ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED""",
        now,
        most,
    )
    return [_application(row) for row in rows]


async def add_vote(session: WriteSession, vote: Vote, *, appraised_by: str) -> None:
    """Keep a vote on a locked application. The database refuses one by who appraised it."""
    await session.execute(
        """INSERT INTO loan_approval (application_id, staff_id, appraised_by, is_for, reason, at)
           VALUES ($1, $2, $3, $4, $5, $6)""",
        vote.application_id,
        vote.staff_id,
        appraised_by,
        vote.is_for,
        vote.reason,
        vote.at,
    )


async def votes(session: ReadSession, application_id: str) -> list[Vote]:
    """What was said on an application, in order."""
    rows = await session.rows(
        """SELECT application_id, staff_id, is_for, reason, at FROM loan_approval WHERE application_id = $1
            ORDER BY at, staff_id""",
        application_id,
    )
    return [Vote(**dict(row)) for row in rows]


async def limit_as_shown(session: ReadSession, application_id: str) -> str:
    """The limit and every rule's answer as they were when the member applied, as JSON."""
    row = await session.row("SELECT limit_shown FROM loan_application WHERE id = $1", application_id)
    return "{}" if row is None else str(row["limit_shown"])


async def subject_of(session: ReadSession, guarantee_id: str) -> str | None:
    """The application or loan that a guarantee is for."""
    row = await session.row("SELECT subject FROM loan_guarantee WHERE id = $1", guarantee_id)
    return None if row is None else str(row["subject"])


async def first_names(session: ReadSession, member_ids: Sequence[str]) -> dict[str, str]:
    """What members are called, by id."""
    rows = await session.rows(
        "SELECT id, first_name FROM member WHERE id = ANY($1::text[])", list(member_ids)
    )
    return {row["id"]: row["first_name"] for row in rows}


def _pay_columns(pay: Pay | None) -> tuple[int | None, int | None]:
    return (None, None) if pay is None else (pay.basic.minor, pay.deductions.minor)


def _application(row: asyncpg.Record) -> Application:
    currency = Currency(row["currency"])
    basic, offered = row["basic_pay"], row["offered"]
    return Application(
        application_id=row["id"],
        number=row["number"],
        member_id=row["member_id"],
        product=row["product"],
        asked=Money(row["asked"], currency),
        asked_instalments=row["asked_instalments"],
        purpose=Purpose(row["purpose"]),
        channel=row["channel"],
        written_by=row["written_by"],
        state=ApplicationState(row["state"]),
        applied_at=row["applied_at"],
        expires_at=row["expires_at"],
        pay=None if basic is None else Pay(Money(basic, currency), Money(row["pay_deductions"], currency)),
        offered=None if offered is None else Money(offered, currency),
        offered_instalments=row["offered_instalments"],
        appraised_by=row["appraised_by"],
        appraisal=row["appraisal"],
        terms=None if row["terms"] is None else read(Terms, row["terms"]),
        accepted=None if row["accepted"] is None else read(Accepted, row["accepted"]),
        reason=row["reason"],
        loan_id=row["loan_id"],
        clears=tuple(row["clears"]),
    )
