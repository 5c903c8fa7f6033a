"""Who may come in? Each route says which permission it needs, or that it is open to all."""

from typing import Annotated, Final

from fastapi import Depends, Request, Security
from fastapi.params import Depends as Dependency
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from channels.admin.desk import Desk
from core.errors import TokenFault, TokenRefused
from core.staff import sessions
from core.staff.model import SignedIn
from core.staff.permissions import Permission
from core.staff.sessions import Whence

_bearer: Final = HTTPBearer(auto_error=False, description="The access token that sign-in or refresh gave.")
_Credentials = Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]


class Needs:
    """The door of one route: lets a signed-in person through who holds the permission; None asks for none.

    Raises TokenRefused, NotPermitted.
    """

    def __init__(self, permission: Permission | None) -> None:
        self.permission = permission

    async def __call__(self, desk: Desk, credentials: _Credentials) -> SignedIn:
        if credentials is None:
            raise TokenRefused(why=TokenFault.MISSING)
        who = await sessions.recognise(
            desk.database, desk.clock, desk.keys, access_token=credentials.credentials
        )
        if self.permission is not None:
            sessions.require(who, self.permission)
        return who


def needs(permission: Permission) -> Dependency:
    """The door of a route that asks for this permission. It gives the route who came in."""
    return Dependency(Needs(permission))


AnyStaff = Annotated[SignedIn, Depends(Needs(None))]
"""For a route about oneself: signed in, whatever the role."""


def anybody() -> None:
    """For a route that must be open: sign-in itself. A test finds routes that say neither."""


OPEN: Final = Depends(anybody)


def whence(request: Request) -> Whence:
    """Where the request came from; the address is the connection's, or what a trusted proxy says."""
    address = request.client.host if request.client else ""
    return Whence(address=address, agent=request.headers.get("user-agent", ""))
