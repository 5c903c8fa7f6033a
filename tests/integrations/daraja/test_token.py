"""Do processes share one token, replace it once when it fails, and manage without Redis?"""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import redis.asyncio
from typing_extensions import override

from core.payments.ports import SendVerdict
from integrations.daraja.codes import Reason
from integrations.daraja.collect import DarajaCollector
from integrations.daraja.enquiry import DarajaEnquiry
from integrations.daraja.token import (
    DarajaTokens,
    Token,
    TokenCacheUnavailableError,
    TokenRefusedError,
    TokenUnavailableError,
)
from integrations.daraja.token_redis import RedisTokenCache
from integrations.http import ProviderClient, http_client
from integrations.sandbox.events import TokenDropped
from tests.integrations.outside import DARAJA, OTIENO, Outside, a_request, sample

TOKEN_PATH = "/oauth/v1/generate"


@pytest.fixture
async def no_redis(tmp_path: Path) -> AsyncIterator[redis.asyncio.Redis]:
    """A connection to a server that is not there."""
    client = redis.asyncio.Redis(unix_socket_path=str(tmp_path / "nobody.sock"))
    yield client
    await client.aclose()


def tokens_answered(
    outside: Outside, *answers: httpx.Response, cache: RedisTokenCache | None = None
) -> DarajaTokens:
    """A token source whose provider gives these answers, one after the other."""
    left = list(answers)
    client = ProviderClient(
        provider="daraja",
        base_url=DARAJA.base_url,
        http=http_client(httpx.MockTransport(lambda _: left.pop(0))),
        recorder=outside.notebook,
        error_in=lambda _: "",
    )
    return DarajaTokens(
        client=client,
        consumer_key=DARAJA.consumer_key,
        consumer_secret=DARAJA.consumer_secret,
        cache=cache or RedisTokenCache(outside.redis, consumer_key="answered", clock=outside.clock),
        clock=outside.clock,
    )


async def test_two_processes_with_many_requests_fetch_one_token(outside: Outside) -> None:
    other = outside.another_daraja_client()

    await asyncio.gather(
        *(client.post("/mpesa/nothing", {}) for client in (outside.daraja, other) for _ in range(5))
    )

    assert outside.notebook.count(TOKEN_PATH) == 1
    assert outside.sandbox.memory.tokens_issued == 1


async def test_token_that_failed_is_replaced_once_however_many_complain(outside: Outside) -> None:
    here, there = outside.daraja, outside.another_daraja_client()
    checkout = await outside.push()
    outside.sandbox.memory.record(TokenDropped())

    reply, *heard = await asyncio.gather(
        DarajaCollector(here).collect(a_request(payment_id="pay_2", phone=OTIENO)),
        DarajaEnquiry(here).enquire(checkout),
        DarajaEnquiry(there).enquire(checkout),
    )

    assert reply.verdict is SendVerdict.ACCEPTED
    assert [enquiry.reason for enquiry in heard] == [Reason.PROCESSING, Reason.PROCESSING]
    assert outside.sandbox.memory.tokens_issued == 2


async def test_complaint_about_an_old_token_takes_the_newer_one(outside: Outside) -> None:
    tokens = tokens_answered(
        outside,
        httpx.Response(200, json={"access_token": "first", "expires_in": 3599}),
        httpx.Response(200, json={"access_token": "second", "expires_in": 3599}),
    )
    first = await tokens.current()

    replaced = [await tokens.replacing(first) for _ in range(3)]

    assert {token.value for token in replaced} == {"second"}
    assert (await tokens.current()).value == "second"


async def test_token_is_renewed_a_minute_before_its_end(outside: Outside) -> None:
    await outside.daraja.post("/mpesa/nothing", {})

    outside.clock.let_pass(3599 - 61)
    await outside.daraja.post("/mpesa/nothing", {})
    still = outside.notebook.count(TOKEN_PATH)
    outside.clock.let_pass(1)
    await outside.daraja.post("/mpesa/nothing", {})

    assert (still, outside.notebook.count(TOKEN_PATH)) == (1, 2)


async def test_a_process_without_redis_works_and_keeps_its_own_token(
    outside: Outside, no_redis: redis.asyncio.Redis
) -> None:
    client = outside.another_daraja_client(no_redis)

    first = await DarajaCollector(client).collect(a_request())
    await client.post("/mpesa/nothing", {})

    assert first.verdict is SendVerdict.ACCEPTED
    assert outside.notebook.count(TOKEN_PATH) == 1


async def test_two_processes_without_redis_take_turns_and_still_get_through(
    outside: Outside, no_redis: redis.asyncio.Redis
) -> None:
    here, there = outside.another_daraja_client(no_redis), outside.another_daraja_client(no_redis)
    await here.post("/mpesa/nothing", {})
    await there.post("/mpesa/nothing", {})

    reply = await DarajaCollector(here).collect(a_request())

    assert reply.verdict is SendVerdict.ACCEPTED
    assert outside.sandbox.memory.tokens_issued == 3


class UnwritableCache(RedisTokenCache):
    """A Redis that reads and locks but takes nothing, as one whose memory is full."""

    @override
    async def put(self, token: Token) -> None:
        raise TokenCacheUnavailableError("full")


async def test_cache_that_breaks_after_the_token_was_fetched_does_not_fetch_it_again(
    outside: Outside,
) -> None:
    cache = UnwritableCache(outside.redis, consumer_key="full", clock=outside.clock)
    tokens = tokens_answered(
        outside, httpx.Response(200, json={"access_token": "one", "expires_in": 3599}), cache=cache
    )

    assert [(await tokens.current()).value for _ in range(3)] == ["one", "one", "one"]


async def test_lock_of_a_dead_process_ends_by_itself(outside: Outside) -> None:
    cache = RedisTokenCache(outside.redis, consumer_key="dead", clock=outside.clock)

    async with cache.lock():
        keys = await outside.redis.keys("*lock")
        lives = [await outside.redis.pttl(key) for key in keys]

    assert len(lives) == 1
    assert 0 < lives[0] <= 12_000
    assert await outside.redis.keys("*lock") == []


async def test_lock_that_ended_under_its_holder_does_no_harm(outside: Outside) -> None:
    cache = RedisTokenCache(outside.redis, consumer_key="slow", clock=outside.clock)

    async with cache.lock():
        await outside.redis.flushdb()
    async with cache.lock():
        held = await outside.redis.keys("*lock")

    assert len(held) == 1


async def test_what_another_version_wrote_is_no_token(outside: Outside) -> None:
    cache = RedisTokenCache(outside.redis, consumer_key="a", clock=outside.clock)
    await cache.put(Token("secret", outside.clock.now() + timedelta(seconds=3599)))
    (key,) = await outside.redis.keys("daraja:token:*")

    await outside.redis.set(key, b"secret")

    assert await cache.get() is None


async def test_shared_token_ends_with_its_life_and_is_kept_per_app(outside: Outside) -> None:
    cache = RedisTokenCache(outside.redis, consumer_key="a", clock=outside.clock)
    other_app = RedisTokenCache(outside.redis, consumer_key="b", clock=outside.clock)
    token = Token("secret", outside.clock.now() + timedelta(seconds=3599))

    await cache.put(token)

    (key,) = await outside.redis.keys("daraja:token:*")
    assert await cache.get() == token
    assert await other_app.get() is None
    assert 3_590_000 < await outside.redis.pttl(key) <= 3_599_000
    assert "secret" not in repr(token)


async def test_missing_redis_is_reported_as_such(outside: Outside, no_redis: redis.asyncio.Redis) -> None:
    cache = RedisTokenCache(no_redis, consumer_key="a", clock=outside.clock)

    with pytest.raises(TokenCacheUnavailableError):
        await cache.get()
    with pytest.raises(TokenCacheUnavailableError):
        await cache.put(Token("x", outside.clock.now()))
    with pytest.raises(TokenCacheUnavailableError):
        async with cache.lock():
            pass


@pytest.mark.parametrize(
    ("expires_in", "seconds"), [(3599, 3599), ("3599", 3599), ("120", 120), (None, 3599), ("soon", 3599)]
)
async def test_life_is_read_as_string_or_number(outside: Outside, expires_in: object, seconds: int) -> None:
    tokens = tokens_answered(
        outside, httpx.Response(200, json={"access_token": "one", "expires_in": expires_in})
    )

    token = await tokens.current()

    assert token.expires_at - outside.clock.now() == timedelta(seconds=seconds)


async def test_sample_token_is_read(outside: Outside) -> None:
    tokens = tokens_answered(outside, httpx.Response(200, content=sample("daraja/oauth_token_response.json")))

    assert (await tokens.current()).value == "dEm0AccessT0kenValue28chars"


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(400, content=sample("daraja/oauth_error_400.json")),
        httpx.Response(400, content=b""),
        httpx.Response(401, text="<html>"),
    ],
)
async def test_refused_keys_are_told_apart(outside: Outside, answer: httpx.Response) -> None:
    with pytest.raises(TokenRefusedError):
        await tokens_answered(outside, answer).current()


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(503, text="<html>"),
        httpx.Response(200, text="<html>"),
        httpx.Response(200, json={"access_token": ""}),
        httpx.Response(200, json={"access_token": "two\nlines"}),
        httpx.Response(200, json={"expires_in": 3599}),
    ],
)
async def test_no_usable_token_is_a_trouble_of_the_moment(outside: Outside, answer: httpx.Response) -> None:
    with pytest.raises(TokenUnavailableError):
        await tokens_answered(outside, answer).current()
