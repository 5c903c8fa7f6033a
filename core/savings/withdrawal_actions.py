"""Which withdrawals need somebody of staff? Those above the society's limit: the member asks, staff decide."""

from datetime import datetime
from typing import Final

import msgspec

from core.db.engine import ReadSession, WriteSession
from core.errors import PayoutNotOpen
from core.ids import Ids
from core.payouts import lifecycle, store
from core.payouts import service as payouts
from core.payouts.model import Payout, PayoutState
from core.savings.service.withdrawal_ends import withdrawal_voided
from core.staff import checking
from core.staff.checked import CheckedAction, Decision
from core.staff.permissions import Permission

NOT_APPROVED: Final = "not_approved"
"""The reason of a withdrawal that staff said no to, or never decided on."""


class LargeWithdrawal(msgspec.Struct, frozen=True, kw_only=True):
    """The facts of a withdrawal, as whoever decides reads them. Amounts as decimal text."""

    payout_id: str
    member_id: str
    account: str
    amount: str
    total: str


async def ask_for_approval(
    session: WriteSession, ids: Ids, payout: Payout, *, maker: str, now: datetime
) -> None:
    """Have staff decide on a withdrawal that was saved in this transaction."""
    facts = LargeWithdrawal(
        payout_id=payout.payout_id,
        member_id=payout.member_id,
        account=payout.subject,
        amount=payout.amount.plain(),
        total=payout.total.plain(),
    )
    await checking.ask(session, now, ids, APPROVE_WITHDRAWAL, facts, maker=maker)


async def _look(session: ReadSession, _: datetime, facts: LargeWithdrawal) -> str:
    _refuse_decided(await store.find(session, facts.payout_id))
    return facts.payout_id


async def _release(session: WriteSession, decision: Decision, facts: LargeWithdrawal) -> dict[str, str]:
    payout = await store.lock(session, facts.payout_id)
    _refuse_decided(payout)
    await payouts.release(session, payout, now=decision.at)
    return {"payout": payout.payout_id}


async def _turn_down(session: WriteSession, decision: Decision, facts: LargeWithdrawal) -> None:
    payout = await store.lock(session, facts.payout_id)
    _refuse_decided(payout)
    await payouts.void(session, payout, reason=NOT_APPROVED, by=decision.checker, now=decision.at)
    await withdrawal_voided(session, decision.ids, payout, reason=NOT_APPROVED, now=decision.at)


def _refuse_decided(payout: Payout) -> None:
    if payout.state is not PayoutState.AWAITING_APPROVAL:
        raise PayoutNotOpen(payout_id=payout.payout_id, state=payout.state)


APPROVE_WITHDRAWAL: Final = CheckedAction(
    code="payouts.approve",
    facts=LargeWithdrawal,
    propose=Permission.SAVINGS_SERVE,
    approve=Permission.PAYOUTS_APPROVE,
    life=lifecycle.APPROVAL_LIFE,
    look=_look,
    do=_release,
    undo=_turn_down,
)
"""Asked for by members alone; `propose` names who would do it for them at the counter."""
