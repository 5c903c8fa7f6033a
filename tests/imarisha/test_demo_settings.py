"""With which settings does the demo start its processes?"""

from pathlib import Path

from imarisha.demo_settings import brings_its_own_servers, environment
from imarisha.embedded import ServerUrls
from imarisha.settings import read

URL = "http://127.0.0.1:8123"
OURS = ServerUrls("postgresql://imarisha:x@127.0.0.1:1/imarisha", "redis://:x@127.0.0.1:2/0")


def test_it_needs_nothing_from_outside(tmp_path: Path) -> None:
    settings = read(environment({}, url=URL, data_dir=tmp_path / "data", urls=OURS))

    assert (settings.database_url, settings.redis_url) == (OURS.database_url, OURS.redis_url)
    assert settings.public_url == URL
    assert settings.is_demo


def test_the_secrets_are_the_same_at_every_start_and_nobody_else_s_to_read(tmp_path: Path) -> None:
    first = environment({}, url=URL, data_dir=tmp_path, urls=OURS)

    again = environment({}, url=URL, data_dir=tmp_path, urls=OURS)
    elsewhere = environment({}, url=URL, data_dir=tmp_path / "other", urls=OURS)

    for name in ("IMARISHA_SESSION_KEY", "IMARISHA_PIN_PEPPER", "IMARISHA_STAFF_KEY", "IMARISHA_FIELD_KEY"):
        assert first[name] == again[name]
        assert first[name] != elsewhere[name]
    assert (tmp_path / "keys.json").stat().st_mode & 0o777 == 0o600


def test_a_folder_of_an_earlier_version_keeps_its_secrets_and_gets_those_it_lacks(tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_text(
        '{"SESSION_KEY": "a session key of old", "PIN_PEPPER": "an old pepper of ours"}'
    )

    first = read(environment({}, url=URL, data_dir=tmp_path, urls=OURS))
    again = read(environment({}, url=URL, data_dir=tmp_path, urls=OURS))

    assert first.session_key == "a session key of old"
    assert len(first.staff_key) == 48
    assert again.staff_key == first.staff_key


def test_a_start_that_was_killed_while_it_wrote_the_secrets_hinders_no_other(tmp_path: Path) -> None:
    (tmp_path / "keys.new").write_text('{"SESSION_KEY": "half')

    settings = read(environment({}, url=URL, data_dir=tmp_path, urls=OURS))

    assert len(settings.session_key) == 48


def test_the_environment_is_heard_but_for_what_the_command_line_and_the_sandbox_decide(
    tmp_path: Path,
) -> None:
    given = {
        "PATH": "/bin",
        "IMARISHA_INSTITUTION_NAME": "Umoja Sacco",
        "IMARISHA_LOG_LEVEL": "",
        "IMARISHA_WEB_PROCESSES": "4",
        "IMARISHA_SANDBOX_JOURNAL": "/elsewhere",
        "IMARISHA_DATABASE_URL": "postgresql://mine/db",
    }

    chosen = environment(given, url=URL, data_dir=tmp_path, urls=OURS)

    settings = read(chosen)
    assert chosen["PATH"] == "/bin"
    assert settings.institution_name == "Umoja Sacco"
    assert settings.log_level == "WARNING"
    assert settings.web_processes == 1
    assert settings.sandbox_journal == str(tmp_path / "sandbox.jsonl")
    assert settings.database_url == "postgresql://mine/db"


def test_servers_of_ours_are_spared_only_where_both_are_named() -> None:
    both = {"IMARISHA_DATABASE_URL": "postgresql://db/x", "IMARISHA_REDIS_URL": "redis://cache"}

    assert brings_its_own_servers(both)
    assert not brings_its_own_servers({**both, "IMARISHA_REDIS_URL": ""})
    assert not brings_its_own_servers({})
