"""How do staff sign in, go on and sign out, and what can they do about themselves?"""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field, SecretStr

from channels.admin.desk import Desk
from channels.admin.doors import OPEN, AnyStaff, whence
from channels.admin.schemas import Said
from channels.admin.staff import Colleague
from core.staff import people, session_store, sessions
from core.staff import sign_in as door
from core.staff.sessions import Opened
from core.staff.sign_in import Typed

router = APIRouter(tags=["sign-in"])

_Password = Annotated[SecretStr, Field(min_length=1, max_length=200)]
_Code = Annotated[SecretStr, Field(min_length=6, max_length=20)]


class SignIn(Said):
    """E-mail, password, and a code of the authenticator or a recovery code."""

    email: str = Field(min_length=3, max_length=200, examples=["teller@demo.imarisha"])
    password: _Password
    code: _Code


class Refresh(Said):
    """The refresh token that came last; it is good for one use."""

    refresh_token: SecretStr = Field(min_length=20, max_length=200)


class ChangePassword(Said):
    """The old password and the new one."""

    old: _Password
    new: _Password


class Confirmation(Said):
    """The password once more, so that a token alone is not enough."""

    password: _Password


class Tokens(BaseModel):
    """What to go on with. The access token goes into `Authorization: Bearer ...`."""

    access_token: str
    access_ends_at: datetime
    refresh_token: str
    session_ends_at: datetime
    me: Colleague

    @classmethod
    def of(cls, opened: Opened) -> "Tokens":
        return cls(
            access_token=opened.access_token,
            access_ends_at=opened.access_ends_at,
            refresh_token=opened.refresh_token,
            session_ends_at=opened.session_ends_at,
            me=Colleague.of(opened.who.staff),
        )


class SessionShown(BaseModel):
    """A session of one's own that goes on."""

    id: str
    started_at: datetime
    ends_at: datetime
    address: str
    agent: str
    is_this: bool


class Ended(BaseModel):
    """How many sessions were ended."""

    sessions_ended: int


class RecoveryCodes(BaseModel):
    """Codes to be written down: each opens once in place of the authenticator."""

    codes: list[str]


@router.post("/sign-in", dependencies=[OPEN])
async def sign_in(said: SignIn, request: Request, desk: Desk) -> Tokens:
    """Open a session. Which of the three was wrong is not told."""
    place = whence(request)
    await desk.limits.count(place.address)
    typed = Typed(said.email, said.password.get_secret_value(), said.code.get_secret_value())
    opened = await door.sign_in(
        desk.database, desk.clock, desk.ids, desk.checks, desk.keys, typed=typed, whence=place
    )
    return Tokens.of(opened)


@router.post("/refresh", dependencies=[OPEN])
async def refresh(said: Refresh, request: Request, desk: Desk) -> Tokens:
    """Change the refresh token for new tokens. One that comes a second time ends the session."""
    await desk.limits.count(whence(request).address)
    opened = await sessions.refresh(
        desk.database, desk.clock, desk.keys, token=said.refresh_token.get_secret_value()
    )
    return Tokens.of(opened)


@router.post("/sign-out", status_code=204)
async def sign_out(who: AnyStaff, desk: Desk) -> None:
    """End this session and every token of it."""
    async with desk.database.unit_of_work() as session:
        await sessions.sign_out(session, desk.clock.now(), who)


@router.get("/me")
async def me(who: AnyStaff) -> Colleague:
    """Who I am, and what I may do."""
    return Colleague.of(who.staff)


@router.get("/me/sessions")
async def my_sessions(who: AnyStaff, desk: Desk) -> list[SessionShown]:
    """My sessions that go on, the newest first."""
    async with desk.database.reading() as session:
        found = await session_store.open_sessions(session, who.staff.staff_id, now=desk.clock.now())
    return [
        SessionShown(
            id=each.session_id,
            started_at=each.started_at,
            ends_at=each.ends_at,
            address=each.address,
            agent=each.agent,
            is_this=each.session_id == who.session_id,
        )
        for each in found
    ]


@router.post("/me/password")
async def change_password(said: ChangePassword, who: AnyStaff, desk: Desk) -> Ended:
    """Choose another password; my other sessions end."""
    ended = await people.change_password(
        desk.database,
        desk.clock,
        desk.checks,
        who,
        old=said.old.get_secret_value(),
        new=said.new.get_secret_value(),
    )
    return Ended(sessions_ended=ended)


@router.post("/me/recovery-codes")
async def new_recovery_codes(said: Confirmation, who: AnyStaff, desk: Desk) -> RecoveryCodes:
    """Fresh recovery codes; the old ones open nothing any more. A repeat gives others: none is kept to be repeated."""
    await door.check_password(
        desk.database,
        desk.clock,
        desk.checks,
        email=who.staff.email,
        password=said.password.get_secret_value(),
    )
    staff_id = who.staff.staff_id
    async with desk.database.unit_of_work() as session:
        codes = await people.give_recovery_codes(
            session, desk.clock.now(), desk.keys.factor, staff_id, by=staff_id
        )
    return RecoveryCodes(codes=list(codes))
