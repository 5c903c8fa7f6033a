"""Who runs the private servers, and what becomes of them when that process or thread ends?"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from imarisha.embedded import EmbeddedServerError, EmbeddedServers, Postgres, ServerUrls
from imarisha.embedded_account import Account, choose_account
from imarisha.embedded_exec import UNCHANGED
from imarisha.embedded_process import Launcher, wait_for
from tests.imarisha.server_clients import kept_words, redis_takes_orders, run

pytestmark = pytest.mark.slow

NOBODY = pwd.getpwnam("nobody").pw_uid
WITHOUT_NAME = 54321
READ_ANYWHERE = 2
WRITE_ANYWHERE = 1

is_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to lower its rights")

# A process that runs the servers until its input ends, as the demo does.
OWNER = """
import sys
from pathlib import Path
from imarisha.embedded import EmbeddedServers
servers = EmbeddedServers(Path(sys.argv[1]), durable=False)
urls = servers.start()
try:
    print(urls.database_url, urls.redis_url, servers.postgres.pid, servers.redis.pid, flush=True)
    sys.stdin.read()
except KeyboardInterrupt:
    print("interrupted", flush=True)
    sys.stdin.read()
servers.stop()
"""


async def test_killed_owner_takes_its_servers_with_it_and_frees_the_folder(used_folder: Path) -> None:
    with _owner(used_folder) as owner:
        await run(owner.urls, "INSERT INTO kept VALUES ('otieno')")
        owner.process.kill()
        owner.process.wait()

        # At once: the old servers may still be on their way out.
        with EmbeddedServers(used_folder, durable=False) as servers:
            again = servers.urls

            assert not any(_serves(pid) for pid in owner.pids)
            assert again.database_url == owner.urls.database_url
            assert await kept_words(again) == ("amina", "otieno")
            assert await redis_takes_orders(again)


async def test_ctrl_c_reaches_the_owner_and_not_the_servers(used_folder: Path) -> None:
    with _owner(used_folder) as owner:
        os.killpg(owner.process.pid, signal.SIGINT)
        assert owner.says() == "interrupted"

        assert await kept_words(owner.urls) == ("amina",)
        assert await redis_takes_orders(owner.urls)
        assert owner.finishes() == 0
        assert not any(_serves(pid) for pid in owner.pids)


def test_servers_outlive_the_thread_that_started_them(used_folder: Path) -> None:
    servers = EmbeddedServers(used_folder, durable=False)
    starter = threading.Thread(target=servers.start)
    starter.start()
    starter.join()

    try:
        assert not wait_for(
            lambda: not (servers.postgres.is_running and servers.redis.is_running), seconds=0.3
        )
    finally:
        servers.stop()


@is_root
async def test_root_runs_servers_as_another_user_in_a_folder_closed_to_that_user(
    quick_folder: Path, used_folder: Path
) -> None:
    closed = quick_folder / "closed"
    closed.mkdir(mode=0o700)
    shutil.copytree(used_folder, closed / "data")

    with EmbeddedServers(closed / "data", durable=False) as servers:
        assert await kept_words(servers.urls) == ("amina",)
        assert _uid(servers.postgres.pid) != 0
        assert _uid(servers.redis.pid) != 0
    assert closed.stat().st_mode & 0o777 == 0o700
    assert closed.stat().st_uid == 0


@is_root
@pytest.mark.skipif(sys.platform != "linux", reason="capabilities and user namespaces are Linux's")
async def test_every_account_for_root_works_and_takes_the_folder_over_from_the_one_before(
    used_folder: Path,
) -> None:
    await _check_postgres(Account(NOBODY, NOBODY), used_folder)
    await _check_postgres(Account(NOBODY, NOBODY, capability=READ_ANYWHERE), used_folder)
    await _check_postgres(Account(NOBODY, NOBODY, in_namespace=True), used_folder)
    await _check_postgres(Account(NOBODY, NOBODY, capability=WRITE_ANYWHERE), used_folder)


async def _check_postgres(account: Account, data_dir: Path) -> None:
    launcher = Launcher()
    account.take_over(data_dir / "postgres")
    launcher.open(account)
    postgres = Postgres(data_dir, launcher, durable=False)

    postgres.start()

    assert await kept_words(ServerUrls(postgres.url, "")) == ("amina",)
    # The end of the thread that started it is the end of the server: no change of rights lost the signal.
    launcher.close()
    assert wait_for(lambda: not postgres.is_running, seconds=10)


@is_root
def test_root_is_told_when_no_account_can_run_the_programs(tmp_path: Path) -> None:
    with pytest.raises(EmbeddedServerError, match=r"does not run as root.*ordinary user.*No such file"):
        choose_account(["/no/such/program"], data_dir=tmp_path, owned=tmp_path)


@is_root
@pytest.mark.parametrize("uid", [NOBODY, WITHOUT_NAME])
async def test_ordinary_user_starts_stops_and_starts_again(quick_folder: Path, uid: int) -> None:
    place = quick_folder / f"ordinary-{uid}"
    place.mkdir()
    os.chown(place, uid, uid)
    for _ in range(2):
        with _owner(place / "data", uid=uid) as owner:
            assert [_uid(pid) for pid in (owner.process.pid, *owner.pids)] == [uid] * 3
            assert await redis_takes_orders(owner.urls)
            await run(owner.urls, "CREATE TABLE IF NOT EXISTS kept (word text)")
            await run(owner.urls, "INSERT INTO kept VALUES ('njeri')")
            assert owner.finishes() == 0

    # Root goes on with that user's servers and leaves them that user's.
    with EmbeddedServers(place / "data", durable=False) as servers:
        assert await kept_words(servers.urls) == ("njeri", "njeri")
        assert _uid(servers.postgres.pid) == uid


@dataclass(frozen=True)
class Owner:
    """Another process that runs the servers of a folder."""

    process: subprocess.Popen[str]
    urls: ServerUrls
    pids: tuple[int, int]

    def says(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def finishes(self) -> int:
        """Let it stop its servers and end; its exit code."""
        self.process.communicate(timeout=20)
        return self.process.returncode


@contextmanager
def _owner(data_dir: Path, uid: int | None = None) -> Iterator[Owner]:
    command = [sys.executable, "-B", "-c", OWNER, str(data_dir)]
    if uid is not None:
        # Where this interpreter is closed to that user, a capability opens it.
        account = choose_account([sys.executable, "-c", ""], data_dir=data_dir.parent, owned=data_dir.parent)
        if uid == WITHOUT_NAME and account.capability != UNCHANGED:
            pytest.skip("this interpreter is closed to others, and a user namespace opens nothing")
        command = account.command(command, folder=data_dir.parent, death_signal=signal.SIGKILL)
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        assert process.stdout is not None
        database_url, redis_url, *pids = process.stdout.readline().split()
        yield Owner(process, ServerUrls(database_url, redis_url), (int(pids[0]), int(pids[1])))
    finally:
        process.kill()
        process.communicate()


def _serves(pid: int) -> bool:
    """Alive and no zombie: an orphan may wait long for whoever collects it."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _uid(pid: int) -> int:
    return int(psutil.Process(pid).uids().effective)
