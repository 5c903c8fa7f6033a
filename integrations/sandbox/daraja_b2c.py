"""B2C on Daraja's side of the wire: a payout, taken once under its number, out of the utility account."""

from collections.abc import Mapping

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.money import Currency, Money
from integrations.sandbox import numbers
from integrations.sandbox.daraja_desk import Asked, Decision, Desk, finished_at
from integrations.sandbox.daraja_results import figure, point_stamp, result_body
from integrations.sandbox.events import AccountName, MoneyKind, MoneyMoved, RequestTaken
from integrations.sandbox.faults import Faults
from integrations.sandbox.magic import script_of
from integrations.sandbox.memory import Memory
from integrations.sandbox.post import Letter
from integrations.sandbox.prompts import CONTRADICTION_SECONDS, HUMAN
from integrations.sandbox.settings import SandboxSettings

SHILLINGS_MIN = 10
SHILLINGS_MAX = 250_000
QUEUE_SECONDS = 60
"""How long a payout waits where it waits too long."""

_SHILLING = Currency.KES.minor_per_major
_INTERNAL_ERROR = "17"


class Payouts:
    """Payouts of one shortcode."""

    def __init__(self, *, settings: SandboxSettings, memory: Memory, faults: Faults, desk: Desk) -> None:
        self._settings = settings
        self._memory = memory
        self._faults = faults
        self._desk = desk

    def routes(self) -> list[Route]:
        return [Route("/mpesa/b2c/v3/paymentrequest", self._pay, methods=["POST"])]

    async def _pay(self, request: Request) -> Response:
        return await self._desk.take(request, "b2c", self._decide)

    def _decide(self, asked: Asked) -> Decision:
        script = script_of(asked.text("PartyB")) or HUMAN
        is_expired = self._faults.happens("daraja.b2c.queue_expired")
        is_late = script.payout_waits or self._faults.happens("daraja.b2c.queue_late")
        code = self._code(asked, script.payout_code)
        taken = self._taken(asked, "17" if is_expired else code, is_late=is_late, is_expired=is_expired)
        moved = self._moved(asked, taken)
        letters = self._letters(asked, taken, moved)
        return Decision(taken, letters, moved, script, has_error=script.payout_error)

    def _code(self, asked: Asked, scripted: str) -> str:
        shillings = int(asked.text("Amount"))
        if asked.operator_code is not None:
            return asked.operator_code
        if asked.text("PartyA") != (self._settings.payout_shortcode or self._settings.shortcode):
            return "2028"
        if shillings < SHILLINGS_MIN:
            return "2"
        if shillings > SHILLINGS_MAX:
            return "3"
        if scripted != "0":
            return scripted
        needed = shillings + self._faults.shillings("daraja.b2c.charge")
        return "0" if Money(needed * _SHILLING) <= self._memory.book.balance(AccountName.UTILITY) else "1"

    def _taken(self, asked: Asked, code: str, *, is_late: bool, is_expired: bool) -> RequestTaken:
        is_paid = code == "0"
        waits = QUEUE_SECONDS if is_late or is_expired else 0
        return RequestTaken(
            api="b2c",
            originator_id=asked.originator_id,
            conversation_id=asked.conversation_id,
            at=asked.at,
            finished_at=finished_at(asked, waits),
            result_code=code,
            party=asked.text("PartyB"),
            shillings=int(asked.text("Amount")),
            receipt=numbers.receipt(self._memory.book.receipts + 1, asked.at) if is_paid else "",
            charge_cents=self._faults.shillings("daraja.b2c.charge") * _SHILLING if is_paid else 0,
            state="Completed" if is_paid else "Expired" if is_expired else "Declined",
        )

    def _moved(self, asked: Asked, taken: RequestTaken) -> list[MoneyMoved]:
        if not taken.receipt:
            return []
        payout = MoneyMoved(
            receipt=taken.receipt,
            at=asked.at,
            started_at=asked.at,
            kind=MoneyKind.PAYOUT,
            account=AccountName.UTILITY,
            cents=-taken.shillings * _SHILLING,
            counterparty=taken.party,
            reference=asked.text("Remarks"),
        )
        if not taken.charge_cents:
            return [payout]
        charge = msgspec.structs.replace(payout, kind=MoneyKind.CHARGE, cents=-taken.charge_cents)
        return [payout, charge]

    def _letters(self, asked: Asked, taken: RequestTaken, moved: list[MoneyMoved]) -> list[Letter]:
        """The result; before it, where the payout waits, the request itself to the timeout URL."""
        waits = (taken.finished_at - asked.at).total_seconds()
        timeout = Letter(asked.text("QueueTimeOutURL"), _echo(asked.body))
        if taken.state == "Expired":
            return [timeout]
        funds = self._memory.book.balance(AccountName.UTILITY) + Money(sum(each.cents for each in moved))
        paid = self._parameters(taken, funds)
        url, truth = asked.text("ResultURL"), result_body(taken, paid)
        false = result_body(taken, code=_INTERNAL_ERROR if taken.receipt else "2001")
        result = Letter(url, truth, after_seconds=waits, forgery=false)
        if waits:
            return [timeout, result]
        if taken.receipt and self._faults.happens("daraja.b2c.contradict"):
            contrary = Letter(url, result_body(taken, code="1"))
            return [contrary, Letter(url, truth, after_seconds=CONTRADICTION_SECONDS)]
        return [result]

    def _parameters(self, taken: RequestTaken, funds: Money) -> list[tuple[str, object]]:
        return [
            ("TransactionAmount", taken.shillings),
            ("TransactionReceipt", taken.receipt),
            ("ReceiverPartyPublicName", f"{taken.party} - SANDBOX CUSTOMER"),
            ("TransactionCompletedDateTime", point_stamp(taken.finished_at)),
            ("B2CUtilityAccountAvailableFunds", figure(funds)),
            (
                "B2CWorkingAccountAvailableFunds",
                figure(self._memory.book.balance(AccountName.WORKING)),
            ),
            ("B2CRecipientIsRegisteredCustomer", "Y"),
            ("B2CChargesPaidAccountAvailableFunds", figure(Money.zero())),
        ]


def _echo(body: Mapping[str, object]) -> str:
    """What the timeout URL is told: the request as it came. Its credential is good for nothing but this sandbox."""
    return msgspec.json.encode(body).decode()
