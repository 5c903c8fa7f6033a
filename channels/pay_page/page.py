"""What does the page of a payment link show, and what does its form do? No script, no cookie, nothing kept."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from string import Template
from types import MappingProxyType
from typing import Final

import segno
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from channels.forms import BadForm, read_body, read_form
from channels.problems import problem
from core.clock import Clock
from core.db.engine import Database
from core.errors import DatabaseUnavailable, InvalidPhone, LinkClosed, Refusal, UnknownLink
from core.ids import Ids
from core.members import store as members
from core.payment_links import service
from core.phone import Msisdn
from dialogs.catalogue import Catalogue, Texts
from dialogs.pay_words import PAY_SLOTS
from dialogs.render import REMARK_SLOTS, remark_on
from dialogs.values import Values

_ASSETS: Final = Path(__file__).parent / "assets"
_HEADERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Content-Security-Policy": (
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
            "frame-ancestors 'none'"
        ),
        "X-Content-Type-Options": "nosniff",
        # The address is the secret that opens the page.
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
        "X-Robots-Tag": "noindex",
    }
)


@dataclass(frozen=True, slots=True)
class PayDesk:
    """What the page works with; `public_url` is how phones reach this installation."""

    database: Database
    clock: Clock
    ids: Ids
    catalogue: Catalogue
    public_url: str


def routes(desk: PayDesk) -> list[BaseRoute]:
    """The page of each link under `/pay/`, and its picture."""
    page = _Page(desk)
    return [
        Route("/pay/page.css", page.style),
        Route("/pay/{link_id}", page.show, methods=["GET"]),
        Route("/pay/{link_id}", page.pay, methods=["POST"]),
        Route("/pay/{link_id}/qr.svg", page.picture),
    ]


class _Page:
    def __init__(self, desk: PayDesk) -> None:
        self._desk = desk
        self._frame = Template((_ASSETS / "page.html").read_text(encoding="utf-8"))
        self._form = Template((_ASSETS / "form.html").read_text(encoding="utf-8"))

    async def style(self, _: Request) -> Response:
        """The page's look."""
        return FileResponse(_ASSETS / "page.css", headers=dict(_HEADERS))

    async def show(self, request: Request) -> Response:
        """What the link asks for, or that it is over."""
        return await self._answer(request, remark="", phone="")

    async def pay(self, request: Request) -> Response:
        """Have the phone in the form asked."""
        words = self._words(request)
        try:
            phone = read_form(await read_body(request.receive)).get("phone", "")
        except BadForm as error:
            return problem(400, "Bad form", error.why)
        now = self._desk.clock.now()
        try:
            async with self._desk.database.unit_of_work() as session:
                await service.pay(
                    session, self._desk.ids, _link_id(request), phone=Msisdn.parse(phone), now=now
                )
        except DatabaseUnavailable:
            return self._unavailable()
        except (UnknownLink, LinkClosed):
            return await self._answer(request, remark="", phone="")
        except InvalidPhone as refusal:
            return await self._answer(
                request, remark=self._said(refusal, words), phone=phone[:32], status=422
            )
        except Refusal as refusal:
            return await self._answer(request, remark=self._said(refusal, words), phone=phone, status=409)
        return self._framed(words, _paragraph(words["pay_page.prompted"]), 200)

    async def picture(self, request: Request) -> Response:
        """The link as a QR code; no matter whether there is such a link."""
        address = f"{self._desk.public_url.rstrip('/')}/pay/{_link_id(request)}"
        drawn = io.BytesIO()
        segno.make(address, error="m", micro=False).save(drawn, kind="svg", scale=4, border=4)
        return Response(drawn.getvalue(), media_type="image/svg+xml", headers=dict(_HEADERS))

    async def _answer(self, request: Request, *, remark: str, phone: str, status: int = 200) -> Response:
        words = self._words(request)
        try:
            async with self._desk.database.reading() as session:
                link = await service.find(session, _link_id(request))
                member = await members.find(session, link.member_id)
        except UnknownLink:
            return self._framed(words, _paragraph(words["pay_page.unknown"]), 404)
        except DatabaseUnavailable:
            return self._unavailable()
        if link.is_closed or link.is_paid or self._desk.clock.now() >= link.expires_at:
            return self._framed(words, _paragraph(words["pay_page.over"]), 410)
        facts: Values = {
            "amount": str(link.amount),
            "purpose": link.purpose.value,
            "name": member.first_name,
        }
        content = self._form.substitute(
            asked=escape(words.fill("pay_page.asked", facts, PAY_SLOTS)),
            whose=escape(words.fill("pay_page.whose", facts, PAY_SLOTS)),
            remark=escape(remark),
            phone_label=escape(words["pay_page.phone"]),
            phone=escape(phone, quote=True),
            pay=escape(words["pay_page.pay"]),
            path=f"/pay/{link.link_id}",
            scan=escape(words["pay_page.scan"]),
        )
        return self._framed(words, content, status)

    def _framed(self, words: Texts, content: str, status: int) -> Response:
        page = self._frame.substitute(
            language=words.language, title=escape(words["pay_page.title"]), content=content
        )
        return HTMLResponse(page, status_code=status, headers=dict(_HEADERS))

    def _said(self, refusal: Refusal, words: Texts) -> str:
        remark = remark_on(refusal, self._desk.clock.now())
        return self._desk.catalogue.sentence(remark, words.language, REMARK_SLOTS)

    def _words(self, request: Request) -> Texts:
        """In the first of the visitor's languages that we have; else our first."""
        languages = self._desk.catalogue.languages
        for listed in request.headers.get("accept-language", "").split(","):
            if (language := listed.partition(";")[0].strip()[:2].lower()) in languages:
                return self._desk.catalogue[language]
        return self._desk.catalogue[languages[0]]

    def _unavailable(self) -> Response:
        return problem(503, "Service unavailable", "Try again in a minute; nothing was taken.")


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _link_id(request: Request) -> str:
    return str(request.path_params["link_id"])[:64].replace("\0", "")
