"""How does a later part of what an application was approved for come to the member?"""

from datetime import datetime

from core.db.engine import WriteSession
from core.errors import SomebodyElseDecides
from core.ids import Ids
from core.lending.applications import store
from core.lending.lifecycle import PaidTo
from core.lending.running import Running
from core.lending.service.tranche import pay_out_tranche
from core.money import Money


async def pay_tranche(
    session: WriteSession,
    ids: Ids,
    *,
    key: str,
    loan_id: str,
    amount: Money,
    paid_to: PaidTo,
    by: str,
    now: datetime,
) -> Running:
    """Pay out a later part of a loan, once by `key`.

    Raises SomebodyElseDecides for who appraised it, and what `pay_out_tranche` raises.
    """
    application = await store.of_loan(session, loan_id)
    if application is not None and application.appraised_by == by:
        raise SomebodyElseDecides(because="appraised_it")
    return await pay_out_tranche(
        session, ids=ids, key=key, loan_id=loan_id, amount=amount, paid_to=paid_to, by=by, now=now
    )
