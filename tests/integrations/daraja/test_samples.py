"""Is every known payload of Daraja read to its meaning, or refused with its reason? What is expected stands beside it.

Sources of the samples: `tests/integrations/samples/README.md`.
"""

import json
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from integrations.daraja import (
    b2b,
    b2c,
    balance,
    reversal,
    status,
)
from integrations.daraja.results import MalformedResultError
from tests.integrations.daraja.samples_of_money_in import READ_IN
from tests.integrations.daraja.samples_of_money_out import READ_OUT
from tests.integrations.daraja.samples_sent import SENT
from tests.integrations.outside import SAMPLES, sample, sample_object
from tests.world import World

FOLDER = SAMPLES / "daraja"
READ = {**READ_IN, **READ_OUT}

ELSEWHERE = {
    "c2b_simulate_request.json",
    "c2b_validation_accept.json",
    "c2b_validation_reject.json",
    "c2b_confirmation_ack.json",
}
"""What a developer asks the sandbox, and what we answer: played above, and in `sandbox/test_daraja_c2b.py`."""


@pytest.mark.parametrize("name", READ)
def test_what_daraja_says_is_read_to_its_meaning(name: str) -> None:
    read, expected = READ[name]

    assert read(sample(f"daraja/{name}")) == expected


@pytest.mark.parametrize("name", SENT)
def test_what_we_send_has_the_documented_form(name: str) -> None:
    kind, expected = SENT[name]

    body = msgspec.json.decode(sample(f"daraja/{name}"), type=kind)

    assert {field: getattr(body, field) for field in expected} == expected
    assert body.fields() == json.loads(sample(f"daraja/{name}"))


async def test_confirmation_is_acknowledged_as_documented(world: World) -> None:
    told = {**sample_object("daraja/c2b_confirmation_v1_hashed.json"), "BusinessShortCode": "600996"}

    answer = await world.http.post("/payments/daraja/c2b/confirmation", json=told)

    assert answer.json() == sample_object("daraja/c2b_confirmation_ack.json")


def test_every_sample_is_expected_to_mean_something() -> None:
    assert {path.name for path in FOLDER.glob("*.json")} == {*READ, *SENT, *ELSEWHERE}


RESULTS: dict[str, Callable[[bytes], object]] = {
    "b2c_result_success.json": b2c.read_payout_result,
    "transaction_status_result_completed.json": status.read_status_result,
    "account_balance_result.json": balance.read_balance_result,
    "reversal_result_success.json": reversal.read_reversal_result,
    "b2b_result_success.json": b2b.read_business_result,
}


@pytest.mark.parametrize("name", RESULTS)
@pytest.mark.parametrize(
    ("field", "value"), [("ResultCode", None), ("ResultCode", [0]), ("OriginatorConversationID", 7)]
)
def test_result_without_code_or_handle_is_refused_by_name(name: str, field: str, value: object) -> None:
    told = json.loads(sample(f"daraja/{name}"))
    told["Result"][field] = value
    told["Result"]["ConversationID"] = None

    with pytest.raises(MalformedResultError) as refused:
        RESULTS[name](json.dumps(told).encode())

    assert refused.value.field in {field, "OriginatorConversationID"}


@pytest.mark.parametrize("name", RESULTS)
@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"Result": 1}', b"\xff", b"{" * 70_000])
def test_what_is_no_result_is_refused(name: str, body: bytes) -> None:
    with pytest.raises(MalformedResultError):
        RESULTS[name](body)


MONEY_RESULTS = {
    "b2c_result_success.json": ("TransactionAmount", b2c.read_payout_result),
    "transaction_status_result_completed.json": ("Amount", status.read_status_result),
    "reversal_result_success.json": ("Amount", reversal.read_reversal_result),
    "b2b_result_success.json": ("Amount", b2b.read_business_result),
}


@pytest.mark.parametrize("name", MONEY_RESULTS)
@pytest.mark.parametrize("amount", [0, -5, "-1500.00", "1e9", 10**30, "0.001", True, None, {"a": 1}])
def test_success_without_an_amount_anyone_can_mean_is_refused(name: str, amount: object) -> None:
    field, read = MONEY_RESULTS[name]
    told = json.loads(sample(f"daraja/{name}"))
    for item in told["Result"]["ResultParameters"]["ResultParameter"]:
        if item["Key"] == field:
            item["Value"] = amount

    with pytest.raises(MalformedResultError) as refused:
        read(json.dumps(told).encode())

    assert refused.value.field == field


def test_folder_of_samples_names_its_sources() -> None:
    notes = (Path(FOLDER).parent / "README.md").read_text(encoding="utf-8")

    kinds = {path.name.split("_")[0] for path in FOLDER.glob("*.json")}
    assert {kind for kind in kinds if f"`{kind}_" not in notes} == set()
