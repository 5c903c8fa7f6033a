"""What do members say in a measured call, and which screens must answer?

The requests are made beforehand, byte by byte as Africa's Talking posts them, so that sending one costs nothing.
"""

from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

import msgspec

PATH = "/channels/ussd/africastalking"
SERVICE_CODE = "*384*96#"


class Member(msgspec.Struct, frozen=True):
    """Who calls, and the first lines of their balance screen."""

    phone: str
    pin: str
    balances: str


class Step(msgspec.Struct, frozen=True):
    """One input and how its answer begins; `{pin}` and `{balances}` are the member's. Only timed ones count."""

    typed: str
    screen: str
    is_timed: bool = False


class Hop(msgspec.Struct, frozen=True):
    """A whole request, and how the body of its answer begins."""

    request: bytes
    answer: bytes
    is_timed: bool


_HOME = "CON Imarisha Sacco\n1. Check Balance\n2. Apply for Loan\n3. Repay Loan\n"
_MORE = "CON Imarisha Sacco\n1. Deposit\n"
_SIGN_IN = (Step("", "CON Hello "), Step("{pin}", _HOME))

# A member with a slow network gets through about fifteen screens before it ends the call.
MENU_CALL = (*_SIGN_IN, *7 * (Step("6", _MORE, is_timed=True), Step("0", _HOME, is_timed=True)))
BALANCE_CALL = (*_SIGN_IN, *7 * (Step("1", "CON {balances}", is_timed=True), Step("0", _HOME)))
SIGN_IN_CALL = (_SIGN_IN[0], Step("{pin}", _HOME, is_timed=True))


def requests_of(call_id: str, member: Member, steps: Iterable[Step]) -> list[Hop]:
    """The hops of one member's call; each request carries all that was typed before, as the gateway's do."""
    hops = []
    typed: list[str] = []
    for step in steps:
        typed += [step.typed.format(pin=member.pin)] if step.typed else []
        answer = step.screen.format(balances=member.balances).encode()
        hops.append(Hop(_request(call_id, member.phone, "*".join(typed)), answer, step.is_timed))
    return hops


def with_any_screen(steps: Sequence[Step]) -> tuple[Step, ...]:
    """The same call to a bare server, which always answers the same."""
    return tuple(Step(step.typed, "CON ", step.is_timed) for step in steps)


def _request(call_id: str, phone: str, text: str) -> bytes:
    form = {
        "sessionId": call_id,
        "serviceCode": SERVICE_CODE,
        "phoneNumber": phone,
        "networkCode": "63902",
        "text": text,
    }
    body = urlencode(form).encode()
    head = (
        f"POST {PATH} HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
    )
    return "\r\n".join((*head, "", "")).encode() + body
