"""May a member's money leave? Not for a while after a new phone number or a reset PIN, while a thief may hold them."""

from datetime import datetime

from core.clock import business_date
from core.errors import WithdrawalsPaused
from core.members.model import Member


def refuse_paused(member: Member, now: datetime) -> None:
    """Raises WithdrawalsPaused, with the day from which money may leave again."""
    until = member.withdrawals_allowed_from
    if until is not None and now < until:
        raise WithdrawalsPaused(until=business_date(until))
