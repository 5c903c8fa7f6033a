"""Does every command explain itself, and end with 0, 1 or 2 and one line where it can't go on?"""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping

import httpx
import pytest
from click.testing import CliRunner

from imarisha.cli import commands
from tests.imarisha.running_demo import free_port, imarisha, until

NOWHERE = {
    "IMARISHA_DATABASE_URL": "postgresql://imarisha@127.0.0.1:1/imarisha",
    "IMARISHA_REDIS_URL": "redis://127.0.0.1:1/0",
    "IMARISHA_SESSION_KEY": "a session key for tests",
    "IMARISHA_PIN_PEPPER": "a pepper for tests only",
    "IMARISHA_STAFF_KEY": "a staff key for tests",
    "IMARISHA_FIELD_KEY": "a field key for tests",
}


@pytest.fixture
def somewhere(founded_database_url: str, clean_redis_url: str) -> dict[str, str]:
    """The environment of an installation whose servers run."""
    return {
        **NOWHERE,
        "IMARISHA_DATABASE_URL": founded_database_url,
        "IMARISHA_REDIS_URL": clean_redis_url,
        "IMARISHA_WEB_PORT": str(free_port()),
    }


def given(monkeypatch: pytest.MonkeyPatch, environment: Mapping[str, str]) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize("name", sorted(commands.commands))
def test_every_command_has_help_with_an_example(name: str) -> None:
    shown = CliRunner().invoke(commands, [name, "--help"])

    assert shown.exit_code == 0
    assert "Example" in shown.output
    assert f"imarisha {name}" in shown.output


@pytest.mark.slow
def test_a_missing_setting_is_named_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, {**NOWHERE, "IMARISHA_PIN_PEPPER": ""})

    refused = imarisha("worker")

    assert refused.returncode == 2
    assert refused.stderr == "imarisha: IMARISHA_PIN_PEPPER is not set\n"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["worker", "verify-ledger"])
def test_a_database_that_is_down_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    given(monkeypatch, NOWHERE)

    refused = imarisha(name)

    assert (refused.returncode, refused.stdout) == (1, "")
    assert "the database does not answer" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


@pytest.mark.slow
def test_a_web_process_told_to_end_ends_well(somewhere: dict[str, str]) -> None:
    web = subprocess.Popen(
        [sys.executable, "-m", "imarisha.cli", "web"],
        env={**os.environ, **somewhere},
        stderr=subprocess.DEVNULL,
    )

    def is_ready() -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{somewhere['IMARISHA_WEB_PORT']}/readyz").status_code == 200
        except httpx.TransportError:
            return False

    until(is_ready, "ready")
    web.send_signal(signal.SIGTERM)

    assert web.wait(10) == 0


@pytest.mark.slow
def test_a_web_process_without_a_port_or_a_database_ends_with_one(
    monkeypatch: pytest.MonkeyPatch, somewhere: dict[str, str]
) -> None:
    given(monkeypatch, somewhere)
    with socket.create_server(("127.0.0.1", int(somewhere["IMARISHA_WEB_PORT"]))):
        without_port = imarisha("web")
    given(monkeypatch, NOWHERE)
    without_database = imarisha("web")

    assert (without_port.returncode, without_database.returncode) == (1, 1)
    assert "address already in use" in without_port.stderr
    assert "trouble.database" in without_database.stderr


@pytest.mark.slow
def test_a_worker_told_to_end_ends_well(somewhere: dict[str, str]) -> None:
    worker = subprocess.Popen(
        [sys.executable, "-m", "imarisha.cli", "worker"],
        env={**os.environ, **somewhere},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert worker.stderr is not None
    for line in worker.stderr:
        if "Starting worker" in line:
            break

    worker.send_signal(signal.SIGTERM)

    assert worker.wait(10) == 0
    worker.stderr.close()
