"""What do our accounts at M-Pesa hold? Asked at any time; told later, to a ResultURL.

The question may be repeated: it moves nothing. Wire format: Daraja 3.0 portal, page Account Balance.
"""

from datetime import datetime
from typing import Final

import msgspec

from core.money import Money
from integrations.daraja.acknowledgement import Acknowledgement, acknowledged, operator_of, refused
from integrations.daraja.client import DarajaClient
from integrations.daraja.codes import Api, Reason
from integrations.daraja.figures import balance_in
from integrations.daraja.results import MalformedResultError, read_told
from integrations.daraja.settings import callback_url
from integrations.daraja.wire import OperatorBody

PATH = "/mpesa/accountbalance/v1/query"

UTILITY: Final = "Utility Account"
"""Payouts are taken from here."""
WORKING: Final = "Working Account"

_SHORTCODE: Final = "4"


class BalanceBody(OperatorBody, frozen=True, kw_only=True):
    """The question as it travels."""

    initiator: str
    command_id: str
    party_a: str
    identifier_type: str


class AccountFunds(msgspec.Struct, frozen=True):
    """One account. Funds may be less than nothing: charges are."""

    name: str
    available: Money


class BalanceResult(msgspec.Struct, frozen=True, kw_only=True):
    """The answer; without accounts where M-Pesa could not give one."""

    question_id: str
    is_answered: bool
    reason: Reason | None
    """None where it was answered."""
    result_code: str
    text: str
    accounts: tuple[AccountFunds, ...] = ()
    at: datetime | None = None

    def available(self, name: str) -> Money | None:
        """What the account of that name holds; None where it was not told."""
        return next((each.available for each in self.accounts if each.name == name), None)


async def ask_balance(client: DarajaClient, question_id: str) -> Acknowledgement:
    """Ask; the answer comes to `balance/result/{question_id}`. Moves nothing, so it may be asked again."""
    operator = operator_of(client)
    if operator is None:
        return refused(Reason.OPERATOR)
    name, credential = operator
    settings = client.settings
    body = BalanceBody(
        initiator=name,
        security_credential=credential,
        command_id="AccountBalance",
        party_a=settings.pays_from,
        identifier_type=_SHORTCODE,
        remarks="balance",
        queue_time_out_url=callback_url(settings, "balance/timeout", question_id),
        result_url=callback_url(settings, "balance/result", question_id),
    )
    return await acknowledged(client, Api.BALANCE, PATH, body)


def read_balance_result(body: bytes) -> BalanceResult:
    """What a ResultURL was told in answer. Raises MalformedResultError."""
    told = read_told(body)
    is_answered = told.result_code == "0"
    accounts = _accounts(told.value("AccountBalance")) if is_answered else ()
    return BalanceResult(
        question_id=told.originator_conversation_id,
        is_answered=is_answered,
        reason=None if is_answered else told.meaning(Api.BALANCE).reason,
        result_code=told.result_code,
        text=told.text,
        accounts=accounts,
        at=told.moment("BOCompletedTime"),
    )


def _accounts(value: object) -> tuple[AccountFunds, ...]:
    """`name|currency|available|...` joined by `&`. An account in figures nobody can mean is left out.

    A page prints "0.008&" where "0.00&" must have stood, so one unreadable account does not spoil the others.
    """
    if not isinstance(value, str):
        raise MalformedResultError("AccountBalance")
    read = tuple(_account(part) for part in value.split("&"))
    accounts = tuple(account for account in read if account is not None)
    if not accounts:
        raise MalformedResultError("AccountBalance")
    return accounts


def _account(text: str) -> AccountFunds | None:
    parts = [part.strip() for part in text.split("|")]
    if len(parts) < 3 or parts[1] != "KES":  # noqa: PLR2004 (name, currency, what is available)
        return None
    available = balance_in(parts[2])
    return None if available is None else AccountFunds(parts[0], available)
