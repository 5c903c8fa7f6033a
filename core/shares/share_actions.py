"""Which work on shares needs two people? Passing them on, and declaring and booking the dividend of a year."""

from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Final

import msgspec

from core.clock import business_date
from core.db.engine import ReadSession, WriteSession
from core.errors import (
    BelowMinimumShares,
    ContradictorySavingsTerms,
    DividendAlreadyDeclared,
    DividendNotDeclared,
    NoShareAccount,
)
from core.money import Money
from core.shares import distribution, progress_store, service, store
from core.shares.dividend import Capitalisation, DividendRules, ShareTreatment, Weighting
from core.shares.model import USUAL_SHARES
from core.staff.checked import CheckedAction, Decision
from core.staff.permissions import Permission

SHARES_WAIT: Final = timedelta(days=3)
"""As long as any other request about money."""


class Transfer(msgspec.Struct, frozen=True, kw_only=True):
    """Whole shares that pass from one member to another, by their worth; who leaves passes all on."""

    member_id: str
    receiver_id: str
    amount: str
    leaving: bool
    reason: str


async def _look_at_transfer(session: ReadSession, now: datetime, facts: Transfer) -> str:
    _ = now
    amount = USUAL_SHARES.whole(Money.parse(facts.amount))
    giver = await store.find(session, facts.member_id)
    receiver = await store.find(session, facts.receiver_id)
    if giver is None or receiver is None or giver == receiver:
        raise NoShareAccount
    kept = Money.zero() if facts.leaving else USUAL_SHARES.minimum
    if giver.available - amount < kept:
        available = max(giver.available - kept, Money.zero())
        raise BelowMinimumShares(minimum_minor=kept.minor, available_minor=available.minor)
    return facts.member_id


async def _transfer(session: WriteSession, decision: Decision, facts: Transfer) -> dict[str, str]:
    posted = await service.transfer_shares(
        session,
        key=f"transfer:{decision.request_id}",
        member_id=facts.member_id,
        receiver_id=facts.receiver_id,
        amount=Money.parse(facts.amount),
        by=decision.maker,
        now=decision.at,
        leaving=facts.leaving,
    )
    return {"journal": f"shares:transfer:{decision.request_id}", "number": str(posted.journal_id)}


TRANSFER_SHARES: Final = CheckedAction(
    code="shares.transfer",
    facts=Transfer,
    propose=Permission.SAVINGS_SERVE,
    approve=Permission.SAVINGS_APPROVE,
    life=SHARES_WAIT,
    look=_look_at_transfer,
    do=_transfer,
)


class Declaration(msgspec.Struct, frozen=True, kw_only=True):
    """What the meeting decided for one year; percent and amounts as decimal text."""

    year: int
    share_percent: str
    deposit_percent: str
    weighting: Weighting
    share_treatment: ShareTreatment
    last_day_counted: int
    minimum_deposits: str
    active_only: bool
    capitalise_percent: int
    capitalise_least: str
    pays_on: date


async def _look_at_declaration(session: ReadSession, now: datetime, facts: Declaration) -> str:
    today = business_date(now)
    _rules(facts)
    distribution.refuse_unfinished(facts.year, today=today)
    if facts.pays_on < today:
        raise ContradictorySavingsTerms(what="pays_on", value=facts.pays_on.isoformat())
    if await progress_store.is_declared(session, facts.year):
        raise DividendAlreadyDeclared(year=facts.year)
    return str(facts.year)


async def _declare(session: WriteSession, decision: Decision, facts: Declaration) -> dict[str, str]:
    capitalise = Capitalisation(facts.capitalise_percent, Money.parse(facts.capitalise_least).minor)
    await distribution.declare(
        session,
        _rules(facts),
        pays_on=facts.pays_on,
        by=decision.maker,
        now=decision.at,
        capitalise=capitalise,
    )
    return {"year": str(facts.year)}


def _rules(facts: Declaration) -> DividendRules:
    return DividendRules(
        year=facts.year,
        share_percent=Fraction(facts.share_percent),
        deposit_percent=Fraction(facts.deposit_percent),
        weighting=facts.weighting,
        share_treatment=facts.share_treatment,
        last_day_counted=facts.last_day_counted,
        minimum_deposits=Money.parse(facts.minimum_deposits).minor,
        active_only=facts.active_only,
    )


DECLARE_DIVIDEND: Final = CheckedAction(
    code="shares.declare_dividend",
    facts=Declaration,
    propose=Permission.SAVINGS_TERMS,
    approve=Permission.SAVINGS_APPROVE,
    life=SHARES_WAIT,
    look=_look_at_declaration,
    do=_declare,
)


class DividendYear(msgspec.Struct, frozen=True, kw_only=True):
    """The year whose earnings are to be booked as owed."""

    year: int


async def _look_at_booking(session: ReadSession, now: datetime, facts: DividendYear) -> str:
    _ = now
    if not await progress_store.is_open(session, facts.year):
        raise DividendNotDeclared(year=facts.year)
    return str(facts.year)


async def _book(session: WriteSession, decision: Decision, facts: DividendYear) -> dict[str, str]:
    """Nobody is left out: who was reckoned before stays as they are, all others are reckoned now."""
    last = await distribution.reckon_members(session, year=facts.year)
    while last is not None:
        last = await distribution.reckon_members(session, year=facts.year, after=last)
    return {"owed": (await distribution.book(session, year=facts.year, now=decision.at)).plain()}


BOOK_DIVIDEND: Final = CheckedAction(
    code="shares.book_dividend",
    facts=DividendYear,
    propose=Permission.SAVINGS_TERMS,
    approve=Permission.SAVINGS_APPROVE,
    life=SHARES_WAIT,
    look=_look_at_booking,
    do=_book,
)

SHARE_ACTIONS: Final = (TRANSFER_SHARES, DECLARE_DIVIDEND, BOOK_DIVIDEND)
