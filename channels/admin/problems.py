"""What does staff's program hear when something is refused? One problem document for every kind of refusal."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from channels.problems import MEDIA_TYPE, problem
from core import errors
from core.errors import ImarishaError, Refusal, SignInLocked, TokenRefused, TooManyTries, Trouble
from dialogs.catalogue import Catalogue
from dialogs.render import REMARK_SLOTS, remark_on

_log = structlog.get_logger(__name__)

STATUS_OF: Final[Mapping[type[Refusal], int]] = MappingProxyType(
    {
        errors.SignInRefused: 401,
        errors.TokenRefused: 401,
        errors.NotPermitted: 403,
        errors.OwnRequest: 403,
        errors.NotYourRequest: 403,
        errors.SomebodyElseDecides: 403,
        errors.UnknownMember: 404,
        errors.UnknownMemberRequest: 404,
        errors.UnknownPayment: 404,
        errors.UnknownReceipt: 404,
        errors.UnknownMandate: 404,
        errors.UnknownLink: 404,
        errors.MandateEnded: 409,
        errors.UnknownCallback: 404,
        errors.UnknownPayout: 404,
        errors.UnknownStaff: 404,
        errors.UnknownSavingsAccount: 404,
        errors.UnknownStandingOrder: 404,
        errors.UnknownRequest: 404,
        errors.UnknownJob: 404,
        errors.UnknownJournal: 404,
        errors.UnknownMatch: 404,
        errors.StatementKnown: 409,
        errors.NotOpen: 409,
        errors.UnknownApplication: 404,
        errors.UnknownCollateral: 404,
        errors.UnknownLoan: 404,
        errors.LoanNotRunning: 409,
        errors.IdempotencyConflict: 409,
        errors.RequestClosed: 409,
        errors.RequestWaits: 409,
        errors.HoldNotOpen: 409,
        errors.AccountExists: 409,
        errors.DividendAlreadyDeclared: 409,
        errors.AlreadyMember: 409,
        errors.MemberNotPending: 409,
        errors.StaffAlreadyThere: 409,
        errors.NoIncident: 409,
        errors.ReceiptPlaced: 409,
        errors.CallbackNotParked: 409,
        errors.PaymentInProgress: 409,
        errors.AlreadyReversed: 409,
        errors.PeriodClosed: 409,
        errors.ApplicationAlreadyOpen: 409,
        errors.ApplicationNotOpen: 409,
        errors.VotedAlready: 409,
        errors.GuaranteeNotOpen: 409,
        errors.GuarantorAskedAlready: 409,
        errors.CollateralTaken: 409,
        errors.DisclosureChanged: 409,
        errors.WithdrawalCostChanged: 409,
        errors.PayoutNotOpen: 409,
        errors.PayoutTooFresh: 409,
        errors.PayoutsNotStopped: 409,
        errors.SignInLocked: 429,
        errors.TooManyTries: 429,
    }
)
"""The status of a refusal; 422 where none stands here."""

_REFUSED: Final = 422
_TRY_AGAIN_SECONDS: Final = 5
FOR_STAFF: Final[Mapping[str, str]] = MappingProxyType(
    {
        errors.UnknownMember.code: "There is no such member.",
        errors.UnknownSavingsAccount.code: "The member has no such account.",
        errors.UnknownStandingOrder.code: "There is no such standing order, or it has ended.",
        errors.MemberNotActive.code: "The member is not active.",
        errors.PinNotSet.code: "The member has no PIN yet.",
        errors.PinLocked.code: "The member's PIN is locked.",
        errors.PinAlreadySet.code: "The member has a PIN already.",
        errors.NoLoanToRepay.code: "The member has no such loan to repay.",
        errors.ApplicationAlreadyOpen.code: "The member has applied for this loan already.",
        errors.GuaranteeAboveFreeDeposits.code: "The guarantor's free deposits are less than that amount.",
        errors.GuarantorIsBorrower.code: "Nobody guarantees their own loan. Another member is needed.",
        errors.GuarantorAskedAlready.code: "This member was asked already for the same loan.",
        errors.MembershipPending.code: "The member's request to join is not decided yet.",
        errors.SamePhone.code: "That is the member's number already.",
        errors.DailyLimitReached.code: "That is more than the member may withdraw today.",
        errors.WithdrawalsPaused.code: "The member's phone or PIN was changed: withdrawals wait.",
        errors.PaymentInProgress.code: "A payment request is on the member's phone already.",
        errors.NotEnoughSaved.code: "The account holds too little; `facts` say what is available.",
        errors.AccountExists.code: "The member has such an account already.",
        errors.BelowMinimumShares.code: "The member must keep the least number of shares; `facts` say which.",
        errors.NoShareAccount.code: "One of the two has no share account, or both are one.",
    }
)
"""What members are told otherwise; staff ask about somebody else."""
# What the caller sent is not repeated.
_NOT_TOLD: Final = frozenset({"text"})


class FieldProblem(BaseModel):
    """One thing that is wrong with what was sent."""

    field: str = Field(examples=["body.lines.0.amount"])
    why: str


class Problem(BaseModel):
    """A refusal (RFC 9457). `code` is stable; `detail` is for people and may change."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str = Field(examples=["staff.not_permitted"])
    facts: dict[str, str | int] = Field(default_factory=dict)
    errors: list[FieldProblem] = Field(default_factory=list)


PROBLEMS: Final[dict[int | str, dict[str, object]]] = {
    status: {
        "description": text,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for status, text in (
        (401, "No token that opens anything now"),
        (403, "Not permitted to this person"),
        (404, "There is no such thing"),
        (409, "It stands otherwise by now"),
        (422, "Refused; `errors` or `facts` say what is wrong"),
        (429, "Too many tries"),
        (503, "Try again later, with the same idempotency key"),
    )
}
"""What every route may answer besides its success."""


def handle_problems(app: FastAPI, catalogue: Catalogue) -> None:
    """Turn every refusal, validation error and unknown path of this application into a problem document."""

    async def refused(request: Request, error: Exception) -> Response:
        if not isinstance(error, Refusal):
            raise error
        now = request.app.state.desk.clock.now()
        return refusal_problem(error, catalogue, _language(request, catalogue), now)

    async def troubled(_: Request, error: Exception) -> Response:
        if not isinstance(error, Trouble):
            raise error
        _log.warning("staff request in trouble", trouble=error.code)
        return problem(
            503,
            "Service unavailable",
            "Something is down or busy. Try again with the same Idempotency-Key: nothing is done twice.",
            members={"code": error.code},
            headers={"retry-after": str(_TRY_AGAIN_SECONDS)},
        )

    app.add_exception_handler(Refusal, refused)
    app.add_exception_handler(Trouble, troubled)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _bug)


def refusal_problem(refusal: Refusal, catalogue: Catalogue, language: str, now: datetime) -> Response:
    """The document for a refusal of the core, in a person's language."""
    status = STATUS_OF.get(type(refusal), _REFUSED)
    detail = FOR_STAFF.get(refusal.code) or catalogue.sentence(
        remark_on(refusal, now), language, REMARK_SLOTS
    )
    return problem(
        status,
        HTTPStatus(status).phrase,
        detail,
        members={"code": refusal.code, "facts": _facts(refusal)},
        headers=_headers(refusal, now),
    )


def _facts(refusal: ImarishaError) -> dict[str, str | int]:
    return {
        name: value if isinstance(value, int) else _written(value)
        for name, value in vars(refusal).items()
        if value is not None and name not in _NOT_TOLD
    }


def _written(fact: object) -> str:
    return fact.isoformat() if isinstance(fact, datetime) else str(fact)


def _headers(refusal: Refusal, now: datetime) -> dict[str, str]:
    if isinstance(refusal, TokenRefused):
        return {"www-authenticate": "Bearer"}
    if isinstance(refusal, SignInLocked):
        return {"retry-after": str(max(1, int((refusal.until - now).total_seconds())))}
    if isinstance(refusal, TooManyTries):
        return {"retry-after": str(refusal.seconds)}
    return {}


def _language(request: Request, catalogue: Catalogue) -> str:
    """The first of the caller's languages that we have; else our first."""
    for listed in request.headers.get("accept-language", "").split(","):
        language = listed.partition(";")[0].strip()[:2].lower()
        if language in catalogue.languages:
            return language
    return catalogue.languages[0]


async def _invalid(_: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    wrong = [
        {"field": ".".join(str(part) for part in each["loc"]), "why": str(each["msg"])}
        for each in error.errors()
    ]
    return problem(
        _REFUSED,
        HTTPStatus(_REFUSED).phrase,
        "The request is not of the form that /admin/openapi.json describes.",
        members={"code": "request.invalid", "errors": wrong},
    )


async def _http(_: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    return problem(
        error.status_code,
        HTTPStatus(error.status_code).phrase,
        error.detail,
        members={"code": f"http.{error.status_code}"},
        headers=error.headers,
    )


async def _bug(_: Request, __: Exception) -> Response:
    """Starlette raises the error again behind this answer, so the server writes it down, once."""
    return problem(
        500, "Internal Server Error", "A fault of ours; it is written down.", members={"code": "bug"}
    )
