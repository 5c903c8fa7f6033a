"""Transaction status on Daraja's side of the wire: what became of a request or a payment, told later."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.clock import Clock
from core.money import Currency, Money
from integrations.sandbox.daraja_desk import Asked, Decision, Desk
from integrations.sandbox.daraja_results import Parameter, result_body, stamp
from integrations.sandbox.events import MoneyMoved, RequestTaken
from integrations.sandbox.memory import Memory
from integrations.sandbox.post import Letter
from integrations.sandbox.settings import SandboxSettings

UNKNOWN_TRANSACTION = "100000005"
"""What M-Pesa says about a number it does not know is written nowhere; this code says only that a value is wrong."""

_SHILLING = Currency.KES.minor_per_major


class Statuses:
    """Questions about the transactions of one shortcode."""

    def __init__(self, *, settings: SandboxSettings, memory: Memory, desk: Desk, clock: Clock) -> None:
        self._settings = settings
        self._memory = memory
        self._desk = desk
        self._clock = clock

    def routes(self) -> list[Route]:
        return [Route("/mpesa/transactionstatus/v1/query", self._ask, methods=["POST"])]

    async def _ask(self, request: Request) -> Response:
        return await self._desk.take(request, "status", self._decide)

    def _decide(self, asked: Asked) -> Decision:
        parameters = self._found(asked)
        code = asked.operator_code or ("0" if parameters else UNKNOWN_TRANSACTION)
        taken = RequestTaken(
            api="status",
            originator_id=asked.originator_id,
            conversation_id=asked.conversation_id,
            at=asked.at,
            finished_at=asked.at,
            result_code=code,
        )
        return Decision(taken, [Letter(asked.text("ResultURL"), result_body(taken, parameters))])

    def _found(self, asked: Asked) -> list[Parameter]:
        wanted = asked.text("OriginalConversationID")
        request = self._memory.requests.get(wanted)
        receipt = request.receipt if request is not None else asked.text("TransactionID")
        if request is None:
            request = self._with_receipt(receipt)
        if request is not None:
            return self._about_request(request)
        payment = self._memory.book.payment(receipt)
        return [] if payment is None else self._about_payment(payment)

    def _with_receipt(self, receipt: str) -> RequestTaken | None:
        requests = self._memory.requests.values()
        return next((each for each in requests if each.receipt and each.receipt == receipt), None)

    def _about_request(self, request: RequestTaken) -> list[Parameter]:
        is_finished = self._clock.now() >= request.finished_at
        charge = f"Fee For B2C Payment|KES|{Money(request.charge_cents).plain()}"
        finished = stamp(request.finished_at) if is_finished else None
        return [
            ("DebitPartyName", f"{self._shortcode()} - {self._settings.organisation}"),
            ("DebitPartyName", f"{request.party} - SANDBOX CUSTOMER"),
            ("OriginatorConversationID", request.originator_id),
            ("InitiatedTime", stamp(request.at)),
            ("DebitAccountType", "Utility Account"),
            ("DebitPartyCharges", charge if request.charge_cents else None),
            ("TransactionReason", None),
            ("ReasonType", "Business Payment to Customer via API"),
            ("TransactionStatus", request.state if is_finished else "Authorized"),
            ("FinalisedTime", finished),
            ("Amount", str(request.shillings)),
            ("ConversationID", request.conversation_id),
            ("ReceiptNo", request.receipt or None),
        ]

    def _about_payment(self, payment: MoneyMoved) -> list[Parameter]:
        return [
            ("DebitPartyName", f"{payment.counterparty} - SANDBOX CUSTOMER"),
            ("DebitPartyName", f"{self._shortcode()} - {self._settings.organisation}"),
            ("InitiatedTime", stamp(payment.started_at)),
            ("TransactionReason", None),
            ("ReasonType", payment.kind.value),
            ("TransactionStatus", "Completed"),
            ("FinalisedTime", stamp(payment.at)),
            ("Amount", str(abs(payment.cents) // _SHILLING)),
            ("ReceiptNo", payment.receipt),
        ]

    def _shortcode(self) -> str:
        return self._settings.payout_shortcode or self._settings.shortcode
