"""Can an operator take the first person on, and help one who lost a phone?"""

import asyncio

import pyotp
import pytest
from click.testing import CliRunner, Result

from imarisha.cli import commands
from imarisha.institution_staff import TELLER
from tests.channels.admin.conftest import sign_in
from tests.world import World

PASSWORD = "maembe matamu sana"
JANE = ("add", "Jane@Sacco.example", "--first-name", "Jane", "--last-name", "Doe")


@pytest.fixture
def environment(world: World) -> dict[str, str]:
    settings = world.system.settings
    return {
        "IMARISHA_DATABASE_URL": settings.database_url,
        "IMARISHA_REDIS_URL": settings.redis_url,
        "IMARISHA_SESSION_KEY": settings.session_key,
        "IMARISHA_PIN_PEPPER": settings.pin_pepper,
        "IMARISHA_STAFF_KEY": settings.staff_key,
        "IMARISHA_FIELD_KEY": settings.field_key,
    }


async def staff(environment: dict[str, str], *words: str, password: str = PASSWORD) -> Result:
    """In a thread, as a command begins an event loop of its own."""
    typed = f"{password}\n{password}\n"
    return await asyncio.to_thread(
        CliRunner(env=environment).invoke, commands, ["staff", *words], input=typed
    )


def enrolled(printed: str) -> tuple[pyotp.TOTP, list[str]]:
    """The authenticator and the recovery codes that were printed."""
    lines = [line.strip() for line in printed.splitlines()]
    [uri] = [line for line in lines if line.startswith("otpauth://")]
    totp = pyotp.parse_uri(uri)
    assert isinstance(totp, pyotp.TOTP)
    return totp, lines[-10:]


async def test_who_was_taken_on_signs_in_with_what_was_printed(
    world: World, environment: dict[str, str]
) -> None:
    added = await staff(environment, *JANE, "--role", "accountant", "--role", "auditor")
    assert added.exit_code == 0, added.output
    totp, codes = enrolled(added.output)

    by_phone = await sign_in(world, "jane@sacco.example", password=PASSWORD, code=totp.at(world.clock.now()))
    by_paper = await sign_in(world, "jane@sacco.example", password=PASSWORD, code=codes[0])

    assert by_phone.json()["me"]["roles"] == ["accountant", "auditor"]
    assert by_paper.status_code == 200


async def test_a_new_factor_makes_the_lost_one_worthless(world: World, environment: dict[str, str]) -> None:
    lost = enrolled((await staff(environment, *JANE, "--role", "teller")).output)[0]

    fresh = enrolled((await staff(environment, "factor", "jane@sacco.example")).output)[0]

    now = world.clock.now()
    refused = await sign_in(world, "jane@sacco.example", password=PASSWORD, code=lost.at(now))
    opened = await sign_in(world, "jane@sacco.example", password=PASSWORD, code=fresh.at(now))
    assert (refused.status_code, opened.status_code) == (401, 200)


async def test_what_is_refused_is_told_in_one_line(environment: dict[str, str]) -> None:
    weak = await staff(environment, *JANE, "--role", "teller", password="jane-is-good")
    taken = await staff(environment, *("add", TELLER.email, *JANE[2:]), "--role", "teller")
    unnamed = await staff(environment, *JANE[:3], "\x1b[31m", *JANE[4:], "--role", "teller")
    nobody = await staff(environment, "factor", "nobody@sacco.example")
    no_role = await staff(environment, *JANE, "--role", "boss")

    assert (weak.exit_code, "names the person" in weak.output) == (1, True)
    assert (taken.exit_code, "has this e-mail" in taken.output) == (1, True)
    assert (unnamed.exit_code, "written in letters" in unnamed.output) == (1, True)
    assert (nobody.exit_code, "nobody of staff" in nobody.output) == (1, True)
    assert no_role.exit_code == 2
