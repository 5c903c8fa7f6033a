"""How does the trial balance get into a spreadsheet? As one flat CSV table, with each currency's totals below."""

import csv
from collections.abc import Iterator
from datetime import date
from io import StringIO
from typing import Annotated

from fastapi import APIRouter, Response

from channels.admin.desk import Desk
from channels.admin.doors import needs
from core.clock import business_date
from core.ledger import exchange, trial_balance
from core.ledger.trial_balance import TrialBalance
from core.staff.model import SignedIn
from core.staff.permissions import Permission

router = APIRouter(prefix="/ledger", tags=["ledger"])

_MEDIA_TYPE = "text/csv; charset=utf-8"
_FILE: dict[int | str, dict[str, object]] = {
    200: {"description": "The table", "content": {"text/csv": {"schema": {"type": "string"}}}}
}


@router.get("/trial-balance.csv", response_class=Response, responses=_FILE)
async def trial_balance_file(
    _: Annotated[SignedIn, needs(Permission.LEDGER_READ)], desk: Desk, on: date | None = None
) -> Response:
    """The trial balance of a day, today if none is given: UTF-8, amounts plain, `home` at the day's rate."""
    day = on or business_date(desk.clock.now())
    async with desk.database.reading() as session:
        rates = await exchange.rates(session)
        balance = await trial_balance.trial_balance(session, day, rates=rates)
    text = StringIO(newline="")
    csv.writer(text).writerows(_rows(balance))
    # With the mark by which Excel knows UTF-8.
    return Response(
        text.getvalue().encode("utf-8-sig"),
        media_type=_MEDIA_TYPE,
        headers={"content-disposition": f'attachment; filename="trial-balance-{day}.csv"'},
    )


def _rows(balance: TrialBalance) -> Iterator[list[str]]:
    yield ["date", "account", "name", "kind", "currency", "debit", "credit", "home"]
    day = balance.on.isoformat()
    for row in balance.rows:
        amounts = [row.net.currency, row.debit.plain(), row.credit.plain(), row.home.plain()]
        yield [day, row.code, row.name, row.kind, *amounts]
    for currency in balance.currencies:
        debit, credit = balance.totals(currency)
        yield [day, "", "total", "", currency, debit.plain(), credit.plain(), ""]
