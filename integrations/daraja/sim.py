"""When did a customer's SIM last change hands? Asked before a large payout to a phone; safe to repeat.

Each question costs money past a free number of them. Wire format: Daraja 3.0 portal, pages Swap and IMSI.
"""

from collections.abc import Mapping
from datetime import date, datetime

import msgspec

from core.clock import NAIROBI
from core.phone import Msisdn
from integrations.daraja.client import DarajaClient
from integrations.daraja.codes import Api, Reason
from integrations.daraja.question import Unanswered, ask
from integrations.daraja.wire import Body
from integrations.reading import code, field, words

SWAP_PATH = "/imsi/v2/checkATI"
IMSI_PATH = "/imsi/v1/checkATI"

_NOT_LATELY = date(1900, 1, 1)
_FORMS = ("%d-%m-%Y %H:%M", "%d-%m-%Y")


class SimBody(Body, frozen=True, kw_only=True, rename="camel"):
    """The question as it travels."""

    customer_number: str


class Sim(msgspec.Struct, frozen=True, kw_only=True):
    """What the operator knows of the SIM behind a number."""

    swapped_on: date | None
    """None where it was not swapped within three months."""
    registered_on: date | None = None


async def check_sim(client: DarajaClient, phone: Msisdn) -> Sim | Unanswered:
    """The SIM behind this number."""
    answer = await ask(client, Api.SIM, SWAP_PATH, SimBody(customer_number=phone.digits))
    return answer if isinstance(answer, Unanswered) else read_sim(answer)


def read_sim(answer: Mapping[str, object]) -> Sim | Unanswered:
    """What is told of a SIM, by either of the two APIs. A date that nobody can read is no answer."""
    said = code(field(answer, "responseCode"))
    if said != "200":
        reason = Reason.UNKNOWN if said else Reason.UNREADABLE
        return Unanswered(reason=reason, code=said, text=words(field(answer, "responseDesc")))
    swapped = _day(field(answer, "lastSwapDate"))
    if swapped is None:
        return Unanswered(reason=Reason.UNREADABLE, code=said)
    return Sim(
        swapped_on=None if swapped == _NOT_LATELY else swapped,
        registered_on=_day(field(answer, "msisdnRegistrationDate")),
    )


def _day(value: object) -> date | None:
    for form in _FORMS:
        try:
            return datetime.strptime(words(value), form).replace(tzinfo=NAIROBI).date()
        except ValueError:
            continue
    return None
