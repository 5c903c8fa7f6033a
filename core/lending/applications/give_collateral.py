"""How is a thing given as security, valued again, and given back?"""

from datetime import datetime

from core.audit import store as audit
from core.clock import business_date
from core.db.engine import WriteSession
from core.errors import AmountNotPositive, CollateralTaken, UnknownCollateral
from core.lending.applications import collateral_store
from core.lending.applications.opening import open_application
from core.lending.applications.security import Collateral, CollateralKind, CollateralState, Valuation
from core.money import Money


async def give_collateral(
    session: WriteSession,
    *,
    collateral_id: str,
    application_id: str,
    kind: CollateralKind,
    description: str,
    reference: str,
    worth: Money,
    by: str,
    now: datetime,
) -> Collateral:
    """Register a thing for an application, as valued today.

    Raises UnknownApplication, ApplicationNotOpen, AmountNotPositive, CollateralTaken.
    """
    application = await open_application(session, application_id, now=now)
    thing = Collateral(
        collateral_id=collateral_id,
        subject=application_id,
        member_id=application.member_id,
        kind=kind,
        description=description,
        reference=reference.strip().upper(),
        valuation=_valued(worth, by, now),
        state=CollateralState.HELD,
    )
    if not await collateral_store.add(session, thing, at=now):
        raise CollateralTaken(reference=thing.reference)
    await _record(session, thing, "registered", by=by, now=now)
    return thing


async def revalue_collateral(
    session: WriteSession, *, collateral_id: str, worth: Money, by: str, now: datetime
) -> Collateral:
    """What it is worth now; the trail keeps what it was. Raises UnknownCollateral, AmountNotPositive."""
    thing = await _held(session, collateral_id)
    valuation = _valued(worth, by, now)
    await collateral_store.revalue(session, collateral_id, valuation)
    await _record(session, thing, "revalued", by=by, now=now, worth=worth)
    return await _held(session, collateral_id)


async def release_collateral(
    session: WriteSession, *, application_id: str, collateral_id: str, by: str, now: datetime
) -> Collateral:
    """Give a thing back while the application is open: the loan has to be secured otherwise.

    Raises UnknownApplication, ApplicationNotOpen, UnknownCollateral.
    """
    await open_application(session, application_id, now=now)
    thing = await _held(session, collateral_id)
    if thing.subject != application_id:
        raise UnknownCollateral
    await collateral_store.release(session, collateral_id, at=now)
    await _record(session, thing, "released", by=by, now=now)
    return thing


async def _held(session: WriteSession, collateral_id: str) -> Collateral:
    thing = await collateral_store.lock(session, collateral_id)
    if thing is None or thing.state is not CollateralState.HELD:
        raise UnknownCollateral
    return thing


def _valued(worth: Money, by: str, now: datetime) -> Valuation:
    if worth.minor <= 0:
        raise AmountNotPositive(amount=worth.plain())
    return Valuation(worth, business_date(now), by)


async def _record(
    session: WriteSession,
    thing: Collateral,
    what: str,
    *,
    by: str,
    now: datetime,
    worth: Money | None = None,
) -> None:
    facts = {
        "for": thing.subject,
        "kind": thing.kind.value,
        "reference": thing.reference,
        "worth": (worth or thing.valuation.worth).plain(),
    }
    await audit.record(
        session, at=now, actor=by, action=f"collateral.{what}", subject=thing.collateral_id, facts=facts
    )
