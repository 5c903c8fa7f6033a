"""How is a write done once? Each carries a key; under the same key the first answer comes back and nothing is done."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel

from channels.admin.desk import AdminDesk, Desk
from core.db.engine import WriteSession
from core.staff import answers
from core.staff.model import SignedIn

Work = Callable[[WriteSession, datetime], Awaitable[BaseModel]]

_Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=100,
        pattern=r"^[\x21-\x7e]+$",
        description="Made by the caller, new for each thing that is wanted, the same for each try at it.",
    ),
]


@dataclass(frozen=True, slots=True)
class Writing:
    """One write of one request: a transaction in which the work and its answer are kept, both or neither."""

    desk: AdminDesk
    key: str
    fingerprint: bytes

    async def answer(self, who: SignedIn, work: Work, *, status: int = 200) -> Response:
        """Do the work, or give the answer it had. Raises IdempotencyConflict, and what the work refuses."""
        now = self.desk.clock.now()
        async with self.desk.database.unit_of_work() as session:

            async def written() -> str:
                return (await work(session, now)).model_dump_json()

            body = await answers.once(
                session,
                now,
                written,
                staff_id=who.staff.staff_id,
                key=self.key,
                fingerprint=self.fingerprint,
            )
        return Response(body, status_code=status, media_type="application/json")


async def _writing(request: Request, desk: Desk, idempotency_key: _Key) -> Writing:
    wanted = b"%s %s\n%s" % (request.method.encode(), request.url.path.encode(), await request.body())
    return Writing(desk, idempotency_key, hashlib.blake2b(wanted, digest_size=16).digest())


Write = Annotated[Writing, Depends(_writing)]
"""How a route that changes something asks for it."""
