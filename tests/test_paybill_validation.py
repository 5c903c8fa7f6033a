"""Does the paybill refuse accounts nobody has, where the society wants that?"""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from core.errors import DatabaseUnavailable
from imarisha.institution import OTIENO
from tests.clock import StoppedClock
from tests.test_money_in import member
from tests.test_paybill import CONFIRMATION, VALIDATION, paid
from tests.test_repayment import start_payment
from tests.world import World, a_world, settings_for


@pytest.fixture
async def strict(
    founded_database_url: str, clean_redis_url: str, tmp_path: Path, clock: StoppedClock
) -> AsyncIterator[World]:
    """The house with a paybill that takes known accounts only."""
    usual = settings_for(founded_database_url, clean_redis_url, tmp_path)
    settings = msgspec.structs.replace(usual, paybill_validation="known")
    async with a_world(founded_database_url, clean_redis_url, tmp_path, clock, settings) as living:
        yield living


async def code_for(world: World, reference: str) -> str:
    answer = await world.http.post(VALIDATION, json=paid(world, reference))
    return str(answer.json()["ResultCode"])


async def test_known_accounts_are_taken_and_others_refused(strict: World) -> None:
    number = (await member(strict, OTIENO.phone)).number

    assert await code_for(strict, number) == "0"
    assert await code_for(strict, f"{number}0") == "C2B00012"
    assert await code_for(strict, "SCHOOL") == "C2B00012"


async def test_the_reference_of_a_prompt_is_taken(strict: World) -> None:
    await start_payment(strict)
    [payment] = await strict.payments()

    assert await code_for(strict, payment.account_reference) == "0"


async def test_what_was_refused_and_comes_all_the_same_is_kept(strict: World) -> None:
    answer = await strict.http.post(CONFIRMATION, json=paid(strict, "SCHOOL"))

    assert answer.status_code == 200


async def test_without_a_database_payers_may_pay_and_confirmations_come_again(strict: World) -> None:
    call = paid(strict, "SCHOOL")
    await strict.system.database.close()

    validated = await strict.http.post(VALIDATION, json=call)
    confirmed = await strict.http.post(CONFIRMATION, json=call)
    malformed = await strict.http.post(CONFIRMATION, content=b"nonsense")

    assert validated.json()["ResultCode"] == "0"
    assert confirmed.status_code == 503
    assert malformed.status_code == 400
    with pytest.raises(DatabaseUnavailable):
        await strict.count("paybill_receipt")
