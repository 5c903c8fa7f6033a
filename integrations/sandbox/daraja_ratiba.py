"""Ratiba on Daraja's side of the wire: the customer is prompted once, and approves or not.

The payments of an approved order are not made here: a handset makes them as any other payment to the paybill.
"""

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from integrations.sandbox import numbers
from integrations.sandbox.daraja_fields import wrong_field
from integrations.sandbox.daraja_gate import Gate, json_body
from integrations.sandbox.daraja_results import NO_TRANSACTION
from integrations.sandbox.magic import script_of
from integrations.sandbox.memory import Memory
from integrations.sandbox.post import Letter, Post
from integrations.sandbox.prompts import HUMAN
from integrations.sandbox.results import PAID

_APPROVED = "APPROVED01"


class StandingOrders:
    """Standing orders in favour of the paybill. A handset that answers by itself does so; all others approve."""

    def __init__(self, *, memory: Memory, gate: Gate, post: Post) -> None:
        self._memory = memory
        self._gate = gate
        self._post = post

    def routes(self) -> list[Route]:
        path = "/standingorder/v1/createStandingOrderExternal"
        return [Route(path, self._create, methods=["POST"])]

    async def _create(self, request: Request) -> Response:
        if problem := self._gate.token_problem(request, "push"):
            return problem
        body = await json_body(request)
        if wrong := wrong_field("ratiba", body):
            return self._gate.invalid(wrong)
        reference = numbers.request_id("ratiba", self._memory.callbacks_planned)
        phone = str(body["PartyA"])
        script = script_of(phone)
        told = _told(reference, phone, PAID if script is None else script.result_code)
        letter = Letter(str(body["CallBackURL"]), msgspec.json.encode(told).decode())
        self._memory.record(*self._post.planned(reference, [letter], script or HUMAN))
        accepted = {"responseDescription": "Request accepted for processing", "responseCode": "200"}
        header = {
            "responseRefID": reference,
            **accepted,
            "ResultDesc": "The service request is processed successfully.",
        }
        return JSONResponse({"ResponseHeader": header, "ResponseBody": accepted})


def _told(reference: str, phone: str, code: str) -> dict[str, object]:
    """Keys in lower case where it was approved, in capitals where not."""
    if code == PAID:
        items = {"TransactionID": _APPROVED, "responseCode": "0", "Status": "OKAY", "Msisdn": _masked(phone)}
        return {
            "responseHeader": {
                "responseRefID": reference,
                "requestRefID": reference,
                "responseCode": "0",
                "responseDescription": "The service request is processed successfully",
            },
            "responseBody": {
                "responseData": [{"name": name, "value": value} for name, value in items.items()]
            },
        }
    items = {
        "TransactionID": NO_TRANSACTION,
        "responseCode": code,
        "Status": "ERROR",
        "Msisdn": _masked(phone),
    }
    return {
        "ResponseHeader": {
            "responseRefID": reference,
            "requestRefID": reference,
            "responseCode": code,
            "responseDescription": "Error",
        },
        "ResponseBody": {"ResponseData": [{"Name": name, "Value": value} for name, value in items.items()]},
    }


def _masked(phone: str) -> str:
    return f"{phone[:3]}******{phone[-3:]}"
