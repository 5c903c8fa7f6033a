"""Does the doctor find what is wrong, and say how to mend it?"""

from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest
from click.testing import CliRunner
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from core.clock import Clock
from imarisha.cli import commands
from imarisha.doctor import Finding, examine, judge_database, judge_redis
from imarisha.migrate import newest_revision
from tests.imarisha.served import served
from tests.operator_key import operator_certificate

NOBODY = "127.0.0.1:1"


class LongAgo(Clock):
    """2010, when certificates were made whose ten years are over."""

    def now(self) -> datetime:
        return datetime(2010, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with served(Starlette(routes=[Route("/", lambda _: PlainTextResponse("here"))])) as url:
        yield url


@pytest.fixture
def well(empty_database_url: str, clean_redis_url: str, provider: str) -> dict[str, str]:
    """The environment of an installation that lacks nothing."""
    return {
        "IMARISHA_DATABASE_URL": empty_database_url,
        "IMARISHA_REDIS_URL": clean_redis_url,
        "IMARISHA_SESSION_KEY": "a session key for tests",
        "IMARISHA_PIN_PEPPER": "a pepper for tests only",
        "IMARISHA_STAFF_KEY": "a staff key for tests",
        "IMARISHA_DARAJA_URL": provider,
        "IMARISHA_DARAJA_CONSUMER_KEY": "key",
        "IMARISHA_DARAJA_CONSUMER_SECRET": "secret",
        "IMARISHA_DARAJA_PASSKEY": "passkey",
        "IMARISHA_AFRICASTALKING_URL": provider,
        "IMARISHA_AFRICASTALKING_USERNAME": "name",
        "IMARISHA_AFRICASTALKING_API_KEY": "key",
    }


async def to_mend(environment: Mapping[str, str]) -> list[tuple[str, str]]:
    """Each part that is unwell, and how to mend it."""
    findings = await examine(environment)
    return [(finding.part, finding.mend) for finding in findings if not finding.is_well]


async def test_a_sound_installation_needs_nothing(well: dict[str, str]) -> None:
    findings = await examine(well)

    assert [finding.mend for finding in findings] == [""] * len(findings)
    assert {finding.part for finding in findings} == {
        "settings",
        "database",
        "redis",
        "queue",
        "daraja",
        "africastalking",
    }
    assert next(each.what for each in findings if each.part == "database").startswith("PostgreSQL ")


@pytest.mark.parametrize(
    ("changed", "part", "mend"),
    [
        ({"IMARISHA_WEB_PROT": "8000"}, "settings", "correct or remove it"),
        ({"IMARISHA_WEB_PORT": "x"}, "settings", "set it: see .env.example"),
        ({"IMARISHA_SESSION_KEY": ""}, "settings", "set it: see .env.example"),
        ({"IMARISHA_DATABASE_URL": f"postgresql://{NOBODY}/x"}, "database", "correct IMARISHA_DATABASE_URL"),
        ({"IMARISHA_REDIS_URL": f"redis://{NOBODY}"}, "redis", "correct IMARISHA_REDIS_URL"),
        ({"IMARISHA_QUEUE_REDIS_URL": f"redis://{NOBODY}"}, "queue", "correct IMARISHA_QUEUE_REDIS_URL"),
        ({"IMARISHA_DARAJA_URL": f"http://{NOBODY}"}, "daraja", "check the network and IMARISHA_DARAJA_URL"),
        (
            {"IMARISHA_AFRICASTALKING_URL": f"http://{NOBODY}"},
            "africastalking",
            "check the network and IMARISHA_AFRICASTALKING_URL",
        ),
        ({"IMARISHA_DARAJA_PASSKEY": ""}, "daraja", "the daraja portal shows it"),
        ({"IMARISHA_DARAJA_OPERATOR": "api"}, "daraja", "download it from the portal"),
        (
            {"IMARISHA_DARAJA_OPERATOR": "api", "IMARISHA_DARAJA_CERTIFICATE": __file__},
            "daraja",
            "download it from the portal",
        ),
        ({"IMARISHA_AFRICASTALKING_API_KEY": ""}, "africastalking", "the africastalking portal shows it"),
    ],
)
async def test_what_is_wrong_is_found_with_its_cure(
    well: dict[str, str], changed: dict[str, str], part: str, mend: str
) -> None:
    found = await to_mend({**well, **changed})

    assert part in {where for where, _ in found}
    assert any(mend in cure for where, cure in found if where == part)


async def test_certificate_is_good_until_it_ends(well: dict[str, str], tmp_path: Path) -> None:
    certificate = operator_certificate(tmp_path / "operator.pem")
    of_old = operator_certificate(tmp_path / "old.pem", clock=LongAgo())
    operator = {**well, "IMARISHA_DARAJA_OPERATOR": "api"}

    good = await to_mend({**operator, "IMARISHA_DARAJA_CERTIFICATE": str(certificate)})
    [(part, mend)] = await to_mend({**operator, "IMARISHA_DARAJA_CERTIFICATE": str(of_old)})

    assert good == []
    assert (part, mend) == ("daraja", "download it again")


async def test_only_what_is_wrong_is_found(well: dict[str, str]) -> None:
    found = await to_mend({**well, "IMARISHA_QUEUE_REDIS_URL": f"redis://{NOBODY}"})

    assert len(found) == 1


async def test_a_refused_password_is_no_traceback(well: dict[str, str]) -> None:
    url = well["IMARISHA_DATABASE_URL"].replace("imarisha:", "imarisha:x", 1)

    [(part, _)] = await to_mend({**well, "IMARISHA_DATABASE_URL": url})

    assert part == "database"


@pytest.fixture
async def without_rights(empty_database_url: str) -> AsyncIterator[str]:
    """A database whose tables belong to somebody else."""
    connection = await asyncpg.connect(empty_database_url)
    await connection.execute("REVOKE ALL ON alembic_version FROM CURRENT_USER")
    yield empty_database_url
    await connection.close()


async def test_missing_rights_are_no_traceback(well: dict[str, str], without_rights: str) -> None:
    [(part, _)] = await to_mend({**well, "IMARISHA_DATABASE_URL": without_rights})

    assert part == "database"


def test_versions_and_revisions_are_judged() -> None:
    assert judge_database(140_011, newest_revision()) == Finding(
        "database", "is version 14", "use PostgreSQL 15 or newer"
    )
    assert judge_database(180_004, "0000").mend == "run: imarisha migrate"
    assert judge_database(180_004, None).mend == "run: imarisha migrate"
    assert judge_database(150_001, newest_revision()).is_well
    assert judge_redis("redis", "6.0.16") == Finding("redis", "is Redis 6.0.16", "use Redis 6.2 or newer")
    assert judge_redis("redis", "7.2.5").is_well
    assert judge_redis("redis", "10.0").is_well


def test_the_command_prints_a_line_per_finding_and_exits_with_one_where_something_is_unwell(
    well: dict[str, str],
) -> None:
    runner = CliRunner(env=well)

    sound = runner.invoke(commands, ["doctor"])
    unwell = runner.invoke(commands, ["doctor"], env={"IMARISHA_REDIS_URL": f"redis://{NOBODY}"})

    assert (sound.exit_code, "MEND" in sound.output) == (0, False)
    assert unwell.exit_code == 1
    assert "MEND redis: does not answer" in unwell.output
    assert "correct IMARISHA_REDIS_URL" in unwell.output
