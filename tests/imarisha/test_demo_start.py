"""What does `imarisha demo` do when it can't start, and what do the other commands without a demo?"""

import socket
import time
from pathlib import Path

import pytest

from imarisha.embedded import EmbeddedServers
from tests.imarisha.running_demo import RunningDemo, free_port, imarisha, until

pytestmark = pytest.mark.slow


def test_a_port_that_is_taken_is_told_at_once_and_nothing_is_left_running(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        began = time.monotonic()
        refused = imarisha("demo", "--data-dir", str(tmp_path / "data"), "--port", str(port))
        took = time.monotonic() - began

    assert (refused.returncode, refused.stdout) == (1, "")
    [line] = refused.stderr.splitlines()
    assert f"port {port}" in line
    assert "--port" in line
    assert took < 10
    free_again = EmbeddedServers(tmp_path / "data")
    free_again.hold()
    free_again.stop()


def test_told_to_end_while_it_starts_it_leaves_nothing_behind(tmp_path: Path) -> None:
    unfinished = RunningDemo(tmp_path / "data")
    unfinished.begin()
    until((unfinished.folder / "postgres" / "cluster.new").exists, "it makes its database")

    unfinished.stop()

    assert unfinished.printed.read_bytes() == b""
    assert unfinished.log.read_bytes() == b""


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"IMARISHA_TURN_SECONDS": "soon"}, 2),
        (
            {
                "IMARISHA_DATABASE_URL": "postgresql://127.0.0.1:1/x",
                "IMARISHA_REDIS_URL": "redis://127.0.0.1:1",
            },
            1,
        ),
    ],
)
def test_what_hinders_the_start_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], code: int
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    refused = imarisha("demo", "--data-dir", str(tmp_path / "data"), "--port", str(free_port()))

    assert refused.returncode == code
    assert len(refused.stderr.splitlines()) == 1, refused.stderr


def test_books_are_verified_only_where_there_are_any(tmp_path: Path) -> None:
    refused = imarisha("verify-ledger", "--data-dir", str(tmp_path))

    assert (refused.returncode, refused.stdout) == (1, "")
    assert len(refused.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []
