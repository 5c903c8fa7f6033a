"""Reversal on Daraja's side of the wire: a customer's payment given back, once, out of the utility account."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.money import Currency, Money
from integrations.sandbox import numbers
from integrations.sandbox.daraja_desk import Asked, Decision, Desk
from integrations.sandbox.daraja_results import Parameter, figure, result_body, stamp
from integrations.sandbox.events import AccountName, MoneyKind, MoneyMoved, RequestTaken
from integrations.sandbox.memory import Memory
from integrations.sandbox.post import Letter
from integrations.sandbox.settings import SandboxSettings

ALREADY_REVERSED = "R000001"
UNKNOWN_ORIGINAL = "R000002"

_SHILLING = Currency.KES.minor_per_major


class Reversals:
    """Reversals of payments to one paybill."""

    def __init__(self, *, settings: SandboxSettings, memory: Memory, desk: Desk) -> None:
        self._settings = settings
        self._memory = memory
        self._desk = desk

    def routes(self) -> list[Route]:
        return [Route("/mpesa/reversal/v1/request", self._reverse, methods=["POST"])]

    async def _reverse(self, request: Request) -> Response:
        return await self._desk.take(request, "reversal", self._decide)

    def _decide(self, asked: Asked) -> Decision:
        original = self._memory.book.payment(asked.text("TransactionID"))
        shillings = int(asked.text("Amount"))
        code = asked.operator_code or self._code(original, shillings)
        taken = RequestTaken(
            api="reversal",
            originator_id=asked.originator_id,
            conversation_id=asked.conversation_id,
            at=asked.at,
            finished_at=asked.at,
            result_code=code,
            party=original.counterparty if original is not None else "",
            shillings=shillings,
            receipt=numbers.receipt(self._memory.book.receipts + 1, asked.at) if code == "0" else "",
            state="Completed" if code == "0" else "Declined",
        )
        moved = [] if original is None or not taken.receipt else [_given_back(asked, taken, original)]
        body = result_body(taken, self._parameters(asked, taken))
        return Decision(taken, [Letter(asked.text("ResultURL"), body)], moved)

    def _code(self, original: MoneyMoved | None, shillings: int) -> str:
        book = self._memory.book
        if original is None or original.kind is not MoneyKind.PAY_BILL:
            return UNKNOWN_ORIGINAL
        if book.is_reversed(original.receipt):
            return ALREADY_REVERSED
        if shillings * _SHILLING != original.cents:
            return "2"
        return "0" if Money(original.cents) <= book.balance(AccountName.UTILITY) else "1"

    def _parameters(self, asked: Asked, taken: RequestTaken) -> list[Parameter]:
        amount = Money(taken.shillings * _SHILLING)
        left = (self._memory.book.balance(AccountName.UTILITY) - amount).plain()
        return [
            ("DebitAccountBalance", f"Utility Account|KES|{left}|{left}|0.00|0.00"),
            ("Amount", figure(amount)),
            ("TransCompletedTime", int(stamp(taken.finished_at))),
            ("OriginalTransactionID", asked.text("TransactionID")),
            ("Charge", figure(Money.zero())),
            ("CreditPartyPublicName", f"{taken.party} - SANDBOX CUSTOMER"),
            ("DebitPartyPublicName", f"{self._settings.shortcode} - {self._settings.organisation}"),
        ]


def _given_back(asked: Asked, taken: RequestTaken, original: MoneyMoved) -> MoneyMoved:
    return MoneyMoved(
        receipt=taken.receipt,
        at=asked.at,
        started_at=asked.at,
        kind=MoneyKind.REVERSAL,
        account=AccountName.UTILITY,
        cents=-original.cents,
        counterparty=original.counterparty,
        reference=original.reference,
        linked=original.receipt,
    )
