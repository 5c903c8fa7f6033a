"""Find accounts that nobody uses: warn first, then let them sleep. `accounts.wake_account` is the way back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.audit import store as audit
from core.db.engine import WriteSession
from core.ids import Ids
from core.notices.bulk import News, tell_members
from core.notices.model import NoticeKind
from core.savings import dormancy_store
from core.savings.dormancy_store import Quiet
from core.savings.periods import months_later
from core.savings.products import USUAL_PRODUCTS, Catalogue


@dataclass(frozen=True, slots=True)
class _Finding:
    quiet: Quiet
    warns: bool
    sleeps: bool
    check_on: date | None


async def mark_quiet_accounts(
    session: WriteSession,
    *,
    ids: Ids,
    on: date,
    now: datetime,
    most: int = 1_000,
    products: Catalogue = USUAL_PRODUCTS,
) -> int:
    """Look at up to `most` accounts that could be quiet by that day; how many were looked at. Call until none.

    What the society posts by itself, such as interest, is no use of an account.
    """
    looked_at = await dormancy_store.lock_to_check(session, on=on, most=most)
    findings = [_finding(quiet, products, on) for quiet in looked_at]
    await dormancy_store.save(
        session,
        [(one.quiet.account_id, one.sleeps, one.check_on, on if one.warns else None) for one in findings],
    )
    await tell_members(session, ids=ids, news=_news(findings), now=now)
    for one in findings:
        if one.sleeps:
            await audit.record(
                session, at=now, actor="day close", action="account.dormant", subject=one.quiet.account_id
            )
    return len(looked_at)


def _finding(quiet: Quiet, products: Catalogue, on: date) -> _Finding:
    terms = products[quiet.product]
    if terms.dormant_after_months is None:
        return _Finding(quiet, warns=False, sleeps=False, check_on=None)
    sleeps_on = months_later(quiet.moved_on, terms.dormant_after_months)
    if sleeps_on <= on:
        return _Finding(quiet, warns=False, sleeps=True, check_on=None)
    warned_after = terms.warned_after_months
    if warned_after is None:
        return _Finding(quiet, warns=False, sleeps=False, check_on=sleeps_on)
    warned_on = months_later(quiet.moved_on, warned_after)
    if warned_on <= on:
        return _Finding(quiet, warns=True, sleeps=False, check_on=sleeps_on)
    return _Finding(quiet, warns=False, sleeps=False, check_on=warned_on)


def _news(findings: Sequence[_Finding]) -> list[News]:
    return [
        News(
            one.quiet.member_id,
            NoticeKind.ACCOUNT_DORMANT if one.sleeps else NoticeKind.ACCOUNT_QUIET,
            {"account": one.quiet.product.value},
            f"{'dormant' if one.sleeps else 'quiet'}:{one.quiet.account_id}:{one.quiet.moved_on.isoformat()}",
        )
        for one in findings
        if (one.sleeps or one.warns) and one.quiet.has_money
    ]
