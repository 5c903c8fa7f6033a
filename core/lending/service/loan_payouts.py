"""How does a loan's money reach the phone? Handed over as a payout, and what each end of that means for the loan."""

from datetime import datetime
from typing import Final

from core.clock import business_date
from core.db.engine import WriteSession
from core.errors import PayoutOutOfRange
from core.ids import Ids
from core.ledger import postings
from core.ledger import store as ledger
from core.ledger.chart import Gl
from core.lending.ports import Disburser, LoanPayout
from core.lending.service.disburse import settle_disbursement, void_disbursement
from core.members import store as members
from core.money import Money
from core.payouts import service as payouts
from core.payouts.model import Payout, PayoutPurpose, PayoutState, Wait

LEAST: Final = Money(10_00)
MOST: Final = Money(250_000_00)
"""What one payout may carry: Daraja 3.0 portal, page B2C."""

_BY = "provider"


class PhoneDisburser(Disburser):
    """Pays loans out to members' phones. The payout's id is the loan's, so that a loan is paid out once.

    Who decided on the loan has decided on its payout: it waits for no further approval.
    """

    async def pay_out(self, session: WriteSession, payout: LoanPayout, *, now: datetime) -> None:
        """Raises PayoutOutOfRange: a larger loan goes by bank."""
        whole = payout.amount.rounded_down_to_major()
        if not LEAST <= whole <= MOST:
            raise PayoutOutOfRange(minimum_minor=LEAST.minor, maximum_minor=MOST.minor)
        member = await members.find(session, payout.member_id)
        nothing = Money.zero(whole.currency)
        asked = Payout(
            payout_id=payout.loan_id,
            member_id=member.member_id,
            purpose=PayoutPurpose.LOAN,
            subject=payout.loan_id,
            phone=member.phone,
            amount=whole,
            fee=nothing,
            excise=nothing,
            state=PayoutState.REQUESTED,
            attempt=1,
            waits_for=Wait.NOTHING,
            provider_request_id=None,
            receipt=None,
            reason="",
            incident="",
            enquiries=0,
            requested_at=now,
            sent_at=None,
            settled_at=None,
        )
        await payouts.request(session, asked, channel="loan", by="system")


async def loan_settled(
    session: WriteSession, ids: Ids, payout: Payout, *, receipt: str | None, now: datetime
) -> None:
    """The money is with the member: the loan runs."""
    await settle_disbursement(session, ids=ids, loan_id=payout.subject, receipt=receipt, by=_BY, now=now)


async def loan_voided(session: WriteSession, ids: Ids, payout: Payout, *, reason: str, now: datetime) -> None:
    """The money never left: the loan is undone."""
    await void_disbursement(session, ids=ids, loan_id=payout.subject, reason=reason, by=_BY, now=now)


async def loan_paid_late(
    session: WriteSession, ids: Ids, payout: Payout, *, receipt: str | None, now: datetime
) -> None:
    """The loan was undone, and the money left after all: the member owes it, and a person must look."""
    _ = ids
    day = business_date(now)
    taken = postings.payout_paid_late(
        payment_id=payout.payout_id,
        event_at=now,
        business_date=day,
        owed_by=Gl.OTHER_RECEIVABLES,
        amount=payout.amount,
    )
    gone = postings.payout_settled(
        payment_id=payout.payout_id, event_at=now, business_date=day, amount=payout.amount, receipt=receipt
    )
    await ledger.post(session, [taken, gone])
