"""All that a day-close writes, without numbers that depend on how often it was begun."""

from core.db.engine import Database

_QUESTIONS = {
    "journals": """SELECT j.key, j.kind, j.event_at, j.business_date, a.code, e.side, e.amount
                     FROM journal j JOIN entry e ON e.journal_id = j.id JOIN ledger_account a ON a.id = e.account_id
                    ORDER BY j.key, a.code, e.side, e.amount""",
    "accounts": "SELECT code, ledger_balance(code) FROM ledger_account ORDER BY code",
    "loans": "SELECT id, status, ended_on FROM loan ORDER BY id",
    "rows": "SELECT * FROM instalment ORDER BY loan_id, number",
    "events": """SELECT loan_id, number, entered_on, event_at, kind, body::text, amount, parts::text, key, actor
                   FROM loan_event ORDER BY loan_id, number""",
    "standings": "SELECT * FROM loan_standing ORDER BY loan_id",
    "penalties": "SELECT * FROM loan_penalty ORDER BY 1, 2, 3",
    "orders": "SELECT id, status, due_on, try_on, attempts, taken FROM standing_order ORDER BY id",
    "accounts of members": "SELECT * FROM savings_account ORDER BY id",
    "holds": "SELECT id, state, amount FROM savings_hold ORDER BY id",
    "notices": "SELECT member_id, kind, facts::text, key FROM notice ORDER BY key",
    "jobs": "SELECT kind, state, run_at FROM outbox ORDER BY kind, run_at, id",
    "contacts": "SELECT * FROM collection_case ORDER BY loan_id",
    "closes": "SELECT business_date, finished_at IS NOT NULL FROM day_close ORDER BY 1",
    "steps": "SELECT business_date, step, done, finished_at IS NOT NULL FROM day_close_step ORDER BY 1, 2",
}


async def everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """By the name of what was asked, all rows."""
    async with database.reading() as session:
        return {name: [tuple(row) for row in await session.rows(sql)] for name, sql in _QUESTIONS.items()}
