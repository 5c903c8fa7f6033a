"""How do the tests of the private servers look at them from outside?"""

import asyncpg
import redis.asyncio

from imarisha.embedded import ServerUrls


async def run(urls: ServerUrls, sql: str) -> None:
    connection = await asyncpg.connect(urls.database_url)
    await connection.execute(sql)
    await connection.close()


async def row(urls: ServerUrls, sql: str) -> tuple[object, ...]:
    connection = await asyncpg.connect(urls.database_url)
    row = await connection.fetchrow(sql)
    await connection.close()
    assert row is not None
    return tuple(row.values())


async def kept_words(urls: ServerUrls) -> tuple[object, ...]:
    (words,) = await row(urls, "SELECT array_agg(word ORDER BY word) FROM kept")
    assert isinstance(words, list)
    return tuple(words)


async def redis_takes_orders(urls: ServerUrls) -> bool:
    async with redis.asyncio.Redis.from_url(urls.redis_url) as client:
        await client.set("word", "asha")
        return bool(await client.get("word") == b"asha")
