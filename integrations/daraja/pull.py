"""Which payments reached the paybill in the last two days? Pulled, for what no callback told us.

Asking is safe to repeat. Wire format: Daraja 3.0 portal, page Pull Transactions; `Ghostscypher/php-mpesa`
mpesa_endpoints.md. The portal asks with GET and a body, packages with POST: which one is a setting.
"""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from core.clock import NAIROBI
from core.money import Money
from core.phone import Msisdn
from integrations.daraja.client import DarajaClient
from integrations.daraja.codes import Api, Reason, meaning_of
from integrations.daraja.figures import amount_in, moment_in
from integrations.daraja.question import Unanswered, ask
from integrations.daraja.results import receipt_in
from integrations.daraja.settings import callback_url
from integrations.daraja.wire import Body
from integrations.reading import code, field, listed, words

REGISTER_PATH = "/pulltransactions/v1/register"
QUERY_PATH = "/pulltransactions/v1/query"

WINDOW_HOURS = 48
"""Older payments are not told."""

_FOUND = "1000"
_NONE = "1001"


class PullRegisterBody(Body, frozen=True, kw_only=True):
    """The registration as it travels."""

    short_code: str
    request_type: str
    nominated_number: str
    call_back_url: str


class PullBody(Body, frozen=True, kw_only=True):
    """The question as it travels."""

    short_code: str
    start_date: str
    end_date: str
    off_set_value: str


class PulledPayment(msgspec.Struct, frozen=True, kw_only=True):
    """One payment to the paybill."""

    receipt: str
    amount: Money
    at: datetime
    reference: str
    payer: str
    """The number as it comes: nine digits, masked, or hashed."""
    kind: str


class PulledPage(msgspec.Struct, frozen=True, kw_only=True):
    """Part of the payments in a span. Ask again from `rows` further on until a page has none."""

    payments: tuple[PulledPayment, ...]
    rows: int
    """How many were told, those we could not read included."""

    @property
    def unreadable(self) -> int:
        return self.rows - len(self.payments)


async def register_pull(client: DarajaClient, *, nominated: Msisdn) -> Unanswered | None:
    """Switch pulling on, with the number named to Safaricom; None when it is on, now or since before."""
    body = PullRegisterBody(
        short_code=client.settings.shortcode,
        request_type="Pull",
        nominated_number=nominated.digits,
        call_back_url=callback_url(client.settings, "pull"),
    )
    answer = await ask(client, Api.PULL, REGISTER_PATH, body)
    return answer if isinstance(answer, Unanswered) else read_pull_registration(answer)


def read_pull_registration(answer: Mapping[str, object]) -> Unanswered | None:
    """What a registration is answered with; an older form writes its keys with spaces."""
    said = code(field(answer, "ResponseStatus")) or code(field(answer, "Response Status"))
    if said in {_FOUND, _NONE}:
        return None
    text = words(field(answer, "ResponseDescription"))
    return Unanswered(reason=Reason.UNKNOWN if said else Reason.UNREADABLE, code=said, text=text)


async def pull_payments(
    client: DarajaClient, *, since: datetime, until: datetime, offset: int = 0
) -> PulledPage | Unanswered:
    """One page of the payments in this span, which lies within the last 48 hours."""
    body = PullBody(
        short_code=client.settings.shortcode,
        start_date=_written(since),
        end_date=_written(until),
        off_set_value=str(offset),
    )
    answer = await ask(client, Api.PULL, QUERY_PATH, body, method=client.settings.pull_method)
    return answer if isinstance(answer, Unanswered) else read_pulled(answer)


def read_pulled(answer: Mapping[str, object]) -> PulledPage | Unanswered:
    """The payments in an answer, in the order told. A row without receipt, amount or moment is counted only."""
    said = code(field(answer, "ResponseCode"))
    meaning = meaning_of(said, Api.PULL)
    if said not in {_FOUND, _NONE}:
        reason = meaning.reason if said else Reason.UNREADABLE
        return Unanswered(reason=reason, code=said, text=words(field(answer, "ResponseMessage")))
    rows = [row for part in listed(field(answer, "Response")) for row in listed(part)]
    read = [_payment(row) for row in rows]
    return PulledPage(payments=tuple(each for each in read if each is not None), rows=len(rows))


def _payment(row: object) -> PulledPayment | None:
    receipt, amount = receipt_in(field(row, "transactionId")), amount_in(field(row, "amount"))
    at = moment_in(field(row, "trxDate"))
    if receipt is None or not amount or at is None:
        return None
    payer = field(row, "msisdn")
    return PulledPayment(
        receipt=receipt,
        amount=amount,
        at=at,
        reference=words(field(row, "billreference")),
        payer=str(payer) if isinstance(payer, int) else words(payer),
        kind=words(field(row, "transactiontype")),
    )


def _written(moment: datetime) -> str:
    return f"{moment.astimezone(NAIROBI):%Y-%m-%d %H:%M:%S}"
