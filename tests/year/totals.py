"""What did a year come to? The figures that are printed at its end, from the books."""

from datetime import date

from core.db.engine import Database
from core.ledger.trial_balance import trial_balance
from core.lending.standing_store import portfolios_at_risk
from core.money import Currency, Money

_COUNTS = """
SELECT (SELECT count(*) FROM member) AS members,
       (SELECT count(*) FROM journal) AS journals,
       (SELECT count(*) FROM entry) AS entries,
       (SELECT count(*) FROM loan) AS loans,
       (SELECT count(*) FROM loan WHERE status = 'active') AS "loans running",
       (SELECT count(*) FROM loan WHERE status = 'closed') AS "loans cleared",
       (SELECT count(*) FROM loan_event WHERE kind = 'payment' AND actor = 'day close') AS sweeps,
       (SELECT count(*) FROM loan_penalty) AS penalties,
       (SELECT count(*) FROM notice) AS notices,
       (SELECT count(*) FROM day_close WHERE finished_at IS NOT NULL) AS "days closed"
"""
_PREFIXES = {
    "interest income": "4010",
    "penalty income": "4030",
    "interest in suspense": "1195",
    "loan loss expense": "5110",
    "allowance for losses": "1190",
    "loan loss reserve": "3130",
    "interest on savings": "5010",
}


async def totals(database: Database, day: date) -> dict[str, str]:
    """By name, written for people."""
    async with database.reading() as session:
        row = await session.row(_COUNTS)
        assert row is not None
        balance = await trial_balance(session, day)
        risk = await portfolios_at_risk(session)
    found = {name: f"{count:,}" for name, count in row.items()}
    debit, credit = balance.totals(Currency.KES)
    found["trial balance"] = f"{debit} = {credit}"
    found["portfolio"] = str(risk[1].portfolio)
    for days, at_risk in risk.items():
        found[f"PAR {days}"] = f"{at_risk.percent} %"
    for name, prefix in _PREFIXES.items():
        rows = [row for row in balance.rows if row.code.startswith(prefix)]
        found[name] = str(sum((row.debit + row.credit for row in rows), start=Money.zero()))
    return found
