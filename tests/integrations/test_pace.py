"""Do all processes together ask a provider no more often than it takes?"""

import asyncio
from pathlib import Path

import httpx
import redis.asyncio

from integrations.http import NotSent, ProviderClient, http_client
from integrations.pace import RedisPace
from tests.integrations.outside import Notebook


def a_pace(client: redis.asyncio.Redis, *, per_second: int = 2, wait_seconds: float = 0) -> RedisPace:
    return RedisPace(client, account="daraja", per_second=per_second, wait_seconds=wait_seconds)


async def test_so_many_may_go_at_once_over_all_processes(empty_redis: redis.asyncio.Redis) -> None:
    one, other = a_pace(empty_redis), a_pace(empty_redis)

    turns = [await pace.turn() for pace in (one, other, one, other)]

    assert turns == [True, True, False, False]


async def test_next_one_waits_for_its_turn(empty_redis: redis.asyncio.Redis) -> None:
    pace = a_pace(empty_redis, per_second=20, wait_seconds=5)

    turns = await asyncio.gather(*(pace.turn() for _ in range(21)))

    assert all(turns)


async def test_without_redis_everybody_may_go(tmp_path: Path) -> None:
    async with redis.asyncio.Redis(unix_socket_path=str(tmp_path / "nobody.sock")) as nobody:
        pace = a_pace(nobody)

        assert [await pace.turn() for _ in range(3)] == [True, True, True]


async def test_request_without_a_turn_is_surely_not_sent(empty_redis: redis.asyncio.Redis) -> None:
    async with http_client(httpx.MockTransport(lambda _: httpx.Response(200))) as http:
        client = ProviderClient(
            provider="x",
            base_url="http://x",
            http=http,
            recorder=Notebook(),
            error_in=lambda _: "",
            pace=a_pace(empty_redis, per_second=1),
        )
        await client.send(client.build("GET", "/", headers={}), seconds=1)

        result = await client.send(client.build("GET", "/", headers={}), seconds=1)

    assert result == NotSent("too many requests at once")
