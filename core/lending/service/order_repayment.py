"""How does a member have a loan of theirs paid by standing order?"""

from datetime import datetime

from core.clock import business_date
from core.db.engine import WriteSession
from core.errors import UnknownLoan
from core.lending import running as loans
from core.savings.order_store import StandingOrder
from core.savings.service import standing_orders
from core.savings.standing_orders import Destination, OrderTerms


async def order_repayment(
    session: WriteSession,
    *,
    order_id: str,
    member_id: str,
    source_id: str,
    loan_id: str,
    terms: OrderTerms,
    now: datetime,
    by: str | None = None,
) -> StandingOrder:
    """Pay on a running loan of the member's own by standing order, once by `order_id`.

    Raises UnknownLoan for another's too, LoanNotRunning, and what `standing_orders.set_order` raises.
    """
    today = business_date(now)
    running = await loans.read_loan(session, loan_id, on=today)
    if running.loan.member_id != member_id:
        raise UnknownLoan(loan=loan_id)
    loans.refuse_unless_running(running, on=today, today=today)
    return await standing_orders.set_order(
        session,
        order_id=order_id,
        member_id=member_id,
        source_id=source_id,
        destination=Destination.LOAN,
        destination_id=loan_id,
        terms=terms,
        now=now,
        by=by,
    )
