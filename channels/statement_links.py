"""How is a statement fetched that was sent as a link? The address alone opens it, for a while and a few times."""

from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from core.clock import Clock
from core.db.engine import Database
from core.errors import DatabaseUnavailable, LinkGone
from core.membership.codes import SignedLinks
from core.membership.statement_links import fetch_statement
from core.reports.service import StatementOffice

STATEMENTS_PATH: Final = "/statements"

_GONE: Final = (
    "This link has ended. Dial again for another.\nKiungo hiki kimeisha muda. Piga tena upate kingine.\n"
)
_BUSY: Final = (
    "The service is busy. Please try again later.\nHuduma ina shughuli. Tafadhali jaribu baadaye.\n"
)
_PRIVATE: Final = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


class StatementLinks:
    """Hands out what a link leads to. No session, no cookie: who has the link has the statement."""

    def __init__(
        self, *, database: Database, clock: Clock, office: StatementOffice, links: SignedLinks
    ) -> None:
        self._database = database
        self._clock = clock
        self._office = office
        self._links = links

    async def fetch(self, request: Request) -> Response:
        """The PDF; 404 for a link that is not ours or has ended, which look alike."""
        try:
            file = await fetch_statement(
                self._database, self._clock, self._office, self._links, token=request.path_params["token"]
            )
        except LinkGone:
            return PlainTextResponse(_GONE, status_code=404, headers=_PRIVATE)
        except DatabaseUnavailable:
            return PlainTextResponse(_BUSY, status_code=503, headers=_PRIVATE)
        disposition = {"Content-Disposition": f'inline; filename="{file.name}"'}
        return Response(file.content, media_type=file.media_type, headers={**_PRIVATE, **disposition})
