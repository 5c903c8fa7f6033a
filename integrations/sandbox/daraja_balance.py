"""Account balance on Daraja's side of the wire: what the paybill's accounts hold, told later."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.money import Money
from integrations.sandbox.daraja_desk import Asked, Decision, Desk
from integrations.sandbox.daraja_results import result_body, stamp
from integrations.sandbox.events import AccountName, RequestTaken
from integrations.sandbox.memory import Memory
from integrations.sandbox.post import Letter
from integrations.sandbox.settings import SandboxSettings


class Balances:
    """Questions about the accounts of one shortcode."""

    def __init__(self, *, settings: SandboxSettings, memory: Memory, desk: Desk) -> None:
        self._settings = settings
        self._memory = memory
        self._desk = desk

    def routes(self) -> list[Route]:
        return [Route("/mpesa/accountbalance/v1/query", self._ask, methods=["POST"])]

    async def _ask(self, request: Request) -> Response:
        return await self._desk.take(request, "balance", self._decide)

    def _decide(self, asked: Asked) -> Decision:
        taken = RequestTaken(
            api="balance",
            originator_id=asked.originator_id,
            conversation_id=asked.conversation_id,
            at=asked.at,
            finished_at=asked.at,
            result_code=asked.operator_code or "0",
        )
        body = result_body(
            taken,
            [("AccountBalance", self._accounts()), ("BOCompletedTime", stamp(asked.at))],
            codes_are_strings=True,
        )
        return Decision(taken, [Letter(asked.text("ResultURL"), body)])

    def _accounts(self) -> str:
        book = self._memory.book
        funds = {
            AccountName.WORKING.value: book.balance(AccountName.WORKING),
            "Float Account": Money.zero(),
            AccountName.UTILITY.value: book.balance(AccountName.UTILITY),
            "Charges Paid Account": Money.zero(),
            "Organization Settlement Account": Money.zero(),
        }
        return "&".join(_line(name, available) for name, available in funds.items())


def _line(name: str, available: Money) -> str:
    return f"{name}|KES|{available.plain()}|{available.plain()}|0.00|0.00"
