"""B2B on Daraja's side of the wire: out of the working account, to a business, the tax office or the utility account.

Nothing tells a repeated request from a second one: both are done. Till owners who are prompted pay at once.
"""

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.clock import Clock
from core.money import Currency, Money
from integrations.sandbox import numbers
from integrations.sandbox.daraja_desk import Asked, Decision, Desk
from integrations.sandbox.daraja_fields import wrong_field
from integrations.sandbox.daraja_gate import Gate, json_body
from integrations.sandbox.daraja_results import NO_TRANSACTION, Parameter, result_body, stamp
from integrations.sandbox.events import AccountName, MoneyKind, MoneyMoved, RequestTaken
from integrations.sandbox.memory import Memory
from integrations.sandbox.post import Letter, Post
from integrations.sandbox.prompts import HUMAN
from integrations.sandbox.settings import SandboxSettings

_SHILLING = Currency.KES.minor_per_major
_TO_OUR_OWN = frozenset({"BusinessPayToBulk", "BusinessTransferFromMMFToUtility"})
REFUSING_TILL = "000000"
"""The till whose owner says no."""


class BusinessPayments:
    """Payments from the working account of one shortcode."""

    def __init__(
        self, *, settings: SandboxSettings, memory: Memory, desk: Desk, gate: Gate, post: Post, clock: Clock
    ) -> None:
        self._settings = settings
        self._memory = memory
        self._desk = desk
        self._gate = gate
        self._post = post
        self._clock = clock

    def routes(self) -> list[Route]:
        return [
            Route("/mpesa/b2b/v1/paymentrequest", self._pay, methods=["POST"]),
            Route("/mpesa/b2b/v1/remittax", self._pay, methods=["POST"]),
            Route("/v1/ussdpush/get-msisdn", self._prompt_till, methods=["POST"]),
        ]

    async def _pay(self, request: Request) -> Response:
        return await self._desk.take(request, "b2b", self._decide)

    def _decide(self, asked: Asked) -> Decision:
        amount = Money(int(asked.text("Amount")) * _SHILLING)
        is_covered = amount <= self._memory.book.balance(AccountName.WORKING)
        code = asked.operator_code or ("0" if is_covered else "1")
        taken = RequestTaken(
            api="b2b",
            originator_id=asked.originator_id,
            conversation_id=asked.conversation_id,
            at=asked.at,
            finished_at=asked.at,
            result_code=code,
            party=asked.text("PartyB"),
            shillings=int(asked.text("Amount")),
            receipt=numbers.receipt(self._memory.book.receipts + 1, asked.at) if code == "0" else "",
            state="Completed" if code == "0" else "Declined",
        )
        left = self._memory.book.balance(AccountName.WORKING) - amount
        body = result_body(taken, self._parameters(taken, left), codes_are_strings=code == "0")
        return Decision(taken, [Letter(asked.text("ResultURL"), body)], self._moved(asked, taken))

    def _moved(self, asked: Asked, taken: RequestTaken) -> list[MoneyMoved]:
        if not taken.receipt:
            return []
        ours = {self._settings.shortcode, self._settings.payout_shortcode}
        is_transfer = asked.text("CommandID") in _TO_OUR_OWN and taken.party in ours
        out = MoneyMoved(
            receipt=taken.receipt,
            at=asked.at,
            started_at=asked.at,
            kind=MoneyKind.TRANSFER_OUT if is_transfer else MoneyKind.BUSINESS,
            account=AccountName.WORKING,
            cents=-taken.shillings * _SHILLING,
            counterparty=taken.party,
            reference=asked.text("AccountReference"),
        )
        if not is_transfer:
            return [out]
        arrives = msgspec.structs.replace(
            out, kind=MoneyKind.TRANSFER_IN, account=AccountName.UTILITY, cents=-out.cents
        )
        return [out, arrives]

    def _parameters(self, taken: RequestTaken, left: Money) -> list[Parameter]:
        cents = left.minor
        held = f"{{Amount={{CurrencyCode=KES, MinimumAmount={cents}, BasicAmount={left.plain()}}}}}"
        return [
            ("DebitAccountBalance", held),
            ("Amount", Money(taken.shillings * _SHILLING).plain()),
            (
                "DebitPartyAffectedAccountBalance",
                f"Working Account|KES|{left.plain()}|{left.plain()}|0.00|0.00",
            ),
            ("TransCompletedTime", stamp(taken.finished_at)),
            ("DebitPartyCharges", ""),
            ("ReceiverPartyPublicName", f"{taken.party} - SANDBOX BUSINESS"),
            ("Currency", "KES"),
            ("InitiatorAccountCurrentBalance", held),
        ]

    async def _prompt_till(self, request: Request) -> Response:
        if problem := self._gate.token_problem(request, "push"):
            return problem
        body = await json_body(request)
        if wrong := wrong_field("till", body):
            return self._gate.invalid(wrong)
        till, shillings = str(body["primaryShortCode"]), int(str(body["amount"]))
        payment = self._till_payment(till, shillings, str(body["paymentRef"]))
        is_paid = till != REFUSING_TILL
        told = _told(body, payment if is_paid else None)
        reference = str(body["RequestRefID"])
        letter = Letter(str(body["callbackUrl"]), msgspec.json.encode(told).decode())
        moved = [payment] if is_paid else []
        self._memory.record(*moved, *self._post.planned(reference, [letter], HUMAN))
        return JSONResponse({"code": "0", "status": "USSD Initiated Successfully"})

    def _till_payment(self, till: str, shillings: int, reference: str) -> MoneyMoved:
        now = self._clock.now()
        return MoneyMoved(
            receipt=numbers.receipt(self._memory.book.receipts + 1, now),
            at=now,
            started_at=now,
            kind=MoneyKind.PAY_BILL,
            account=AccountName.UTILITY,
            cents=shillings * _SHILLING,
            counterparty=till,
            reference=reference,
        )


def _told(body: object, payment: MoneyMoved | None) -> dict[str, str]:
    fields = body if isinstance(body, dict) else {}
    common = {"requestId": str(fields.get("RequestRefID")), "amount": f"{fields.get('amount')}.0"}
    if payment is None:
        return {
            **common,
            "resultCode": "4001",
            "resultDesc": "User cancelled transaction",
            "paymentReference": str(fields.get("paymentRef")),
        }
    return {
        **common,
        "resultCode": "0",
        "resultDesc": "The service request is processed successfully.",
        "resultType": "0",
        "conversationID": f"AG_{NO_TRANSACTION}",
        "transactionId": payment.receipt,
        "status": "SUCCESS",
    }
