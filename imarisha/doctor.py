"""What is wrong with this installation, and how is it mended? One finding per part."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import asyncpg
import httpx
from redis.asyncio import Redis
from redis.exceptions import RedisError

from core.clock import SystemClock
from imarisha.migrate import newest_revision
from imarisha.settings import PREFIX, Settings, WrongSetting, read, unknown
from integrations.daraja.credential import CertificateError, expires_at

_SECONDS = 5.0
_POSTGRES_LEAST = 150_000
_REDIS_LEAST = (6, 2)


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `mend` is empty when it is well."""

    part: str
    what: str
    mend: str = ""

    @property
    def is_well(self) -> bool:
        return not self.mend


async def examine(environment: Mapping[str, str]) -> list[Finding]:
    """Look at settings, servers, migrations and providers. Changes nothing."""
    findings = [
        Finding("settings", f"{name} means nothing", "correct or remove it: see .env.example")
        for name in unknown(environment)
    ]
    try:
        settings = read(environment)
    except WrongSetting as error:
        return [*findings, Finding("settings", str(error), "set it: see .env.example")]
    findings.append(Finding("settings", "read"))
    looked = await asyncio.gather(
        _database(settings.database_url),
        _redis("redis", settings.redis_url, "REDIS_URL"),
        _redis("queue", settings.queue_url, "QUEUE_REDIS_URL" if settings.queue_redis_url else "REDIS_URL"),
        _provider("daraja", settings.daraja_url),
        _provider("africastalking", settings.africastalking_url),
    )
    return findings + list(looked) + _keys(settings) + _certificate(settings, SystemClock().now())


async def _database(url: str) -> Finding:
    try:
        number, revision = await _postgres_facts(url)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
        return Finding(
            "database",
            f"does not answer ({type(error).__name__})",
            f"start it, or correct {PREFIX}DATABASE_URL",
        )
    return judge_database(number, revision)


async def _postgres_facts(url: str) -> tuple[int, str | None]:
    """The server's version as it numbers itself, such as 180004, and the revision of our tables."""
    async with asyncio.timeout(_SECONDS):
        connection = await asyncpg.connect(url)
        try:
            number = int(await connection.fetchval("SHOW server_version_num"))
            known = await connection.fetchval("SELECT to_regclass('alembic_version')")
            revision = await connection.fetchval("SELECT version_num FROM alembic_version") if known else None
        finally:
            connection.terminate()
    return number, revision


def judge_database(number: int, revision: str | None) -> Finding:
    """Whether a PostgreSQL of this version, with tables of this revision, serves us."""
    if number < _POSTGRES_LEAST:
        return Finding("database", f"is version {number // 10_000}", "use PostgreSQL 15 or newer")
    if revision is None:
        return Finding("database", "has no tables of ours", "run: imarisha migrate")
    if revision != newest_revision():
        return Finding("database", f"is at revision {revision}", "run: imarisha migrate")
    return Finding("database", f"PostgreSQL {number // 10_000}, revision {revision}")


async def _redis(part: str, url: str, variable: str) -> Finding:
    try:
        async with Redis.from_url(url, socket_timeout=_SECONDS, socket_connect_timeout=_SECONDS) as redis:
            version = str((await redis.info("server"))["redis_version"])
    except (RedisError, OSError, ValueError) as error:
        return Finding(
            part, f"does not answer ({type(error).__name__})", f"start it, or correct {PREFIX}{variable}"
        )
    return judge_redis(part, version)


def judge_redis(part: str, version: str) -> Finding:
    """Whether a Redis of this version serves us."""
    if tuple(int(number) for number in version.split(".")[:2]) < _REDIS_LEAST:
        return Finding(part, f"is Redis {version}", "use Redis 6.2 or newer")
    return Finding(part, f"Redis {version}")


async def _provider(part: str, url: str) -> Finding:
    try:
        async with httpx.AsyncClient(timeout=_SECONDS, trust_env=False) as client:
            answer = await client.get(url)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return Finding(
            part,
            f"can't be reached ({type(error).__name__})",
            f"check the network and {PREFIX}{part.upper()}_URL",
        )
    return Finding(part, f"reachable (answers {answer.status_code})")


def _certificate(settings: Settings, now: datetime) -> list[Finding]:
    """Whether payouts could be asked for, where an operator is named to ask for them."""
    if not settings.daraja_operator:
        return []
    variable = f"{PREFIX}DARAJA_CERTIFICATE"
    try:
        until = expires_at(Path(settings.daraja_certificate).read_bytes())
    except (OSError, CertificateError) as error:
        trouble = str(error) if isinstance(error, CertificateError) else type(error).__name__
        return [Finding("daraja", f"{variable} can't be used ({trouble})", "download it from the portal")]
    if until < now:
        return [Finding("daraja", f"{variable} ended on {until:%Y-%m-%d}", "download it again")]
    return [Finding("daraja", f"certificate good until {until:%Y-%m-%d}")]


def _keys(settings: Settings) -> list[Finding]:
    """Accounts that a running service needs, by name of the variable."""
    needed = {
        "daraja": ("daraja_consumer_key", "daraja_consumer_secret", "daraja_passkey"),
        "africastalking": ("africastalking_username", "africastalking_api_key"),
    }
    return [
        Finding(part, f"{PREFIX}{name.upper()} is not set", f"set it: the {part} portal shows it")
        for part, names in needed.items()
        for name in names
        if not getattr(settings, name)
    ]
