"""What secures the loan that is asked for? Guarantors and things, written down for members at the counter."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from channels.admin.doors import needs
from channels.admin.loan_application_shapes import CollateralShown, GuaranteeShown
from channels.admin.loan_applications import AmountSaid
from channels.admin.schemas import Said
from channels.admin.writing import Write
from core.db.engine import WriteSession
from core.lending.applications import answer_guarantee, ask_guarantor, give_collateral
from core.lending.applications.security import CollateralKind
from core.money import Money
from core.staff.model import SignedIn
from core.staff.permissions import Permission

router = APIRouter(prefix="/loan-applications", tags=["loan applications"])

_Server = Annotated[SignedIn, needs(Permission.APPLICATIONS_SERVE)]
_Valuer = Annotated[SignedIn, needs(Permission.APPLICATIONS_APPRAISE)]


class Guarantor(Said):
    """Whom the borrower asks, and for how much."""

    member_id: str = Field(max_length=64)
    amount: AmountSaid


class Consent(Said):
    """What the guarantor signed for; all that was asked, or a part."""

    guarantor_id: str = Field(max_length=64)
    amount: AmountSaid


class Refusal(Said):
    """Which guarantor said no."""

    guarantor_id: str = Field(max_length=64)


class Successor(Said):
    """The accepted guarantee that takes the place of this one."""

    successor_id: str = Field(max_length=64)


class Thing(Said):
    """Something given as security, as valued today."""

    kind: CollateralKind
    description: str = Field(min_length=3, max_length=500)
    reference: str = Field(min_length=3, max_length=60, examples=["KDA 123A"])
    worth: AmountSaid


class Worth(Said):
    """What a thing is worth now."""

    worth: AmountSaid


@router.post("/{application_id}/guarantors", response_model=GuaranteeShown, status_code=201)
async def ask(application_id: str, said: Guarantor, who: _Server, write: Write) -> Response:
    """Ask a member to guarantee; they hear of it and have three days to answer."""
    amount = Money.parse(said.amount)

    async def work(session: WriteSession, now: datetime) -> BaseModel:
        ids = write.desk.ids
        asked = await ask_guarantor.request_guarantee(
            session,
            ids,
            guarantee_id=ids.new("gua"),
            application_id=application_id,
            guarantor_id=said.member_id,
            amount=amount,
            by=who.staff.staff_id,
            now=now,
        )
        return GuaranteeShown.of(asked)

    return await write.answer(who, work, status=201)


@router.post("/guarantees/{guarantee_id}/accept", response_model=GuaranteeShown)
async def accept(
    guarantee_id: str,
    said: Consent,
    who: _Server,
    write: Write,
) -> Response:
    """The guarantor signed at the counter; the amount is held on their deposits."""
    amount = Money.parse(said.amount)

    async def work(session: WriteSession, now: datetime) -> BaseModel:
        given = await answer_guarantee.accept_guarantee(
            session,
            write.desk.ids,
            guarantee_id=guarantee_id,
            guarantor_id=said.guarantor_id,
            amount=amount,
            by=who.staff.staff_id,
            now=now,
        )
        return GuaranteeShown.of(given)

    return await write.answer(who, work)


@router.post("/guarantees/{guarantee_id}/decline", response_model=GuaranteeShown)
async def decline(
    guarantee_id: str,
    said: Refusal,
    who: _Server,
    write: Write,
) -> Response:
    """The guarantor said no."""

    async def work(session: WriteSession, now: datetime) -> BaseModel:
        declined = await answer_guarantee.decline_guarantee(
            session,
            write.desk.ids,
            guarantee_id=guarantee_id,
            guarantor_id=said.guarantor_id,
            by=who.staff.staff_id,
            now=now,
        )
        return GuaranteeShown.of(declined)

    return await write.answer(who, work)


@router.post("/{application_id}/guarantors/{guarantee_id}/withdraw", response_model=GuaranteeShown)
async def withdraw(application_id: str, guarantee_id: str, who: _Server, write: Write) -> Response:
    """The borrower doesn't want this guarantee any more."""

    async def work(session: WriteSession, now: datetime) -> BaseModel:
        withdrawn = await ask_guarantor.withdraw_request(
            session,
            write.desk.ids,
            application_id=application_id,
            guarantee_id=guarantee_id,
            by=who.staff.staff_id,
            now=now,
        )
        return GuaranteeShown.of(withdrawn)

    return await write.answer(who, work)


@router.post("/{application_id}/guarantors/{guarantee_id}/substitute", response_model=GuaranteeShown)
async def substitute(
    application_id: str, guarantee_id: str, said: Successor, who: _Server, write: Write
) -> Response:
    """Another guarantee of as much takes its place; it is kept and names its successor."""

    async def work(session: WriteSession, now: datetime) -> BaseModel:
        replaced = await answer_guarantee.substitute_guarantor(
            session,
            write.desk.ids,
            application_id=application_id,
            guarantee_id=guarantee_id,
            successor_id=said.successor_id,
            by=who.staff.staff_id,
            now=now,
        )
        return GuaranteeShown.of(replaced)

    return await write.answer(who, work)


@router.post("/{application_id}/collateral", response_model=CollateralShown, status_code=201)
async def give(application_id: str, said: Thing, who: _Valuer, write: Write) -> Response:
    """Register a thing as security, as valued today."""
    worth = Money.parse(said.worth)

    async def work(session: WriteSession, now: datetime) -> BaseModel:
        thing = await give_collateral.give_collateral(
            session,
            collateral_id=write.desk.ids.new("col"),
            application_id=application_id,
            kind=said.kind,
            description=said.description,
            reference=said.reference,
            worth=worth,
            by=who.staff.staff_id,
            now=now,
        )
        return CollateralShown.of(thing)

    return await write.answer(who, work, status=201)


@router.post("/collateral/{collateral_id}/revalue", response_model=CollateralShown)
async def revalue(
    collateral_id: str,
    said: Worth,
    who: _Valuer,
    write: Write,
) -> Response:
    """A newer valuation."""
    worth = Money.parse(said.worth)

    async def work(session: WriteSession, now: datetime) -> BaseModel:
        thing = await give_collateral.revalue_collateral(
            session, collateral_id=collateral_id, worth=worth, by=who.staff.staff_id, now=now
        )
        return CollateralShown.of(thing)

    return await write.answer(who, work)


@router.post("/{application_id}/collateral/{collateral_id}/release", response_model=CollateralShown)
async def release(application_id: str, collateral_id: str, who: _Valuer, write: Write) -> Response:
    """Give a thing back; the loan has to be secured otherwise."""

    async def work(session: WriteSession, now: datetime) -> BaseModel:
        thing = await give_collateral.release_collateral(
            session,
            application_id=application_id,
            collateral_id=collateral_id,
            by=who.staff.staff_id,
            now=now,
        )
        return CollateralShown.of(thing)

    return await write.answer(who, work)
