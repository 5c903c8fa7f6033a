"""Does a wrong setting name its variable, and does `.env.example` know them all?"""

import re
from pathlib import Path

import pytest

from imarisha.settings import PREFIX, Settings, WrongSetting, fields, read, unknown

ENV_EXAMPLE = Path(__file__).parents[2] / ".env.example"
_LINE = re.compile(r"#? ?(IMARISHA_[A-Z_]+)=(.*)")

NEEDED = {
    "IMARISHA_DATABASE_URL": "postgresql://imarisha@localhost/imarisha",
    "IMARISHA_REDIS_URL": "redis://localhost:6379/0",
    "IMARISHA_SESSION_KEY": "a session key for tests",
    "IMARISHA_PIN_PEPPER": "a pepper for tests only",
    "IMARISHA_STAFF_KEY": "a staff key for tests",
    "IMARISHA_FIELD_KEY": "a field key for tests",
}


def test_the_needed_variables_are_enough() -> None:
    settings = read(NEEDED)

    assert settings.web_port == 8000
    assert settings.service_code == "*384*96#"
    assert settings.queue_url == settings.redis_url
    assert not settings.is_demo


@pytest.mark.parametrize("name", sorted(NEEDED))
@pytest.mark.parametrize("given", [None, ""])
def test_a_missing_variable_is_named(name: str, given: str | None) -> None:
    rest = {other: value for other, value in NEEDED.items() if other != name}

    with pytest.raises(WrongSetting, match=rf"^{name} is not set$"):
        read(rest if given is None else {**rest, name: given})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WEB_PORT", "eight thousand"),
        ("WEB_PORT", "70000"),
        ("WEB_PROCESSES", "0"),
        ("PIN_PEPPER", "short"),
        ("SESSION_KEY", "short"),
        ("FIELD_KEY", "short"),
        ("FIELD_KEYS_OLD", "1:short"),
        ("PUBLIC_URL", "https://" + "x" * 63),
        ("TURN_SECONDS", "-3"),
        ("TURN_SECONDS", "9.5"),
        ("DATABASE_URL", "localhost/imarisha"),
        ("DATABASE_URL", "mysql://localhost/imarisha"),
        ("REDIS_URL", "localhost:6379"),
        ("REDIS_URL", "rediss://localhost:6379"),
        ("REDIS_URL", "redis://localhost:6379/first"),
        ("REDIS_URL", "redis://localhost:port/0"),
        ("QUEUE_REDIS_URL", "http://localhost:6379"),
        ("PUBLIC_URL", "pay.example.co.ke"),
        ("PUBLIC_URL", "https://pay.example.co.ke/"),
        ("PUBLIC_URL", "https://mpesa.example.co.ke"),
        ("WEBHOOK_PREFIX", "h/5d41402abc4b"),
        ("WEBHOOK_PREFIX", "/h/5d41402abc4b/"),
        ("WEBHOOK_PREFIX", "/h/{secret}"),
        ("WEBHOOK_PREFIX", "/h/sql"),
        ("DARAJA_URL", "api.safaricom.co.ke"),
        ("AFRICASTALKING_URL", "ftp://api.africastalking.com"),
        ("DARAJA_ADDRESSES", "196.201.214.200, somewhere"),
        ("AFRICASTALKING_ADDRESSES", "10.0.0.1/8"),
        ("TRUSTED_PROXIES", "*"),
        ("SERVICE_CODE", "384*96"),
        ("SERVICE_CODE", "*384*961234567#"),
        ("PAYBILL", "till"),
        ("INSTITUTION_NAME", "A society with a very long name"),
        ("SUPPORT_PHONE", "0800 720 096 or 0800 720 097"),
        ("LOG_LEVEL", "loud"),
        ("PIN_PEPPERS_OLD", "an old pepper without a version"),
        ("PIN_PEPPERS_OLD", "1:short"),
        ("PIN_PEPPERS_OLD", "1:a-pepper-of-1999,"),
    ],
)
def test_a_wrong_value_names_its_variable_and_is_not_repeated(name: str, value: str) -> None:
    with pytest.raises(WrongSetting, match=rf"^IMARISHA_{name} is wrong: \S") as refused:
        read({**NEEDED, PREFIX + name: value})

    assert value not in str(refused.value).partition(":")[2]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REDIS_URL", "redis://user:p%40ss@redis.internal:6380/3"),
        ("REDIS_URL", "unix:///run/redis.sock?db=1"),
        ("QUEUE_REDIS_URL", "rediss://queue:6379/0"),
        ("WEBHOOK_PREFIX", "/h/5d41402abc4b2a76"),
        ("PUBLIC_URL", "https://pay.example.co.ke/sacco"),
        ("DARAJA_ADDRESSES", "196.201.214.0/24, 2001:db8::/32"),
        ("TRUSTED_PROXIES", "127.0.0.1"),
        ("LOG_LEVEL", "warning"),
        ("TURN_SECONDS", "4.5"),
        ("PIN_PEPPERS_OLD", "1:a-pepper-of-1999"),
        ("PIN_PEPPERS_OLD", "1:a-pepper-of-1999,2:a-pepper-of-2009"),
    ],
)
def test_a_right_value_is_taken(name: str, value: str) -> None:
    settings = read({**NEEDED, PREFIX + name: value})

    assert str(getattr(settings, name.lower())) == value


def test_a_mistyped_variable_is_found() -> None:
    environment = {**NEEDED, "IMARISHA_WEB_PROT": "8000", "PATH": "/bin"}

    assert unknown(environment) == ["IMARISHA_WEB_PROT"]
    assert unknown(NEEDED) == []


def test_settings_don_t_show_their_secrets() -> None:
    settings = read(
        {
            **NEEDED,
            "IMARISHA_DATABASE_URL": "postgresql://imarisha:hush-one@localhost/imarisha",
            "IMARISHA_DARAJA_PASSKEY": "hush-two",
            "IMARISHA_AFRICASTALKING_API_KEY": "hush-three",
            "IMARISHA_WEBHOOK_PREFIX": "/h/hush-four",
        }
    )

    for shown in (repr(settings), str(settings)):
        assert "hush" not in shown
        assert "for tests" not in shown


def test_every_setting_is_in_the_example_with_its_meaning_and_nothing_else_is() -> None:
    lines = ENV_EXAMPLE.read_text(encoding="utf-8").splitlines()
    found = {
        match[1]: above
        for above, line in zip(["", *lines], lines, strict=False)
        if (match := _LINE.fullmatch(line))
    }

    assert sorted(found) == sorted(PREFIX + name.upper() for name in fields())
    without_meaning = [
        name for name, above in found.items() if not re.match(r"# \w.{8,}", above) or "=" in above
    ]
    assert without_meaning == []


def test_the_example_s_values_are_the_defaults() -> None:
    lines = ENV_EXAMPLE.read_text(encoding="utf-8").splitlines()
    found = {
        match[1]: match[2] for line in lines if line.startswith("#") and (match := _LINE.fullmatch(line))
    }
    settings = read(NEEDED)

    for name in fields():
        written = found.get(PREFIX + name.upper())
        if written is not None:
            assert written == str(getattr(settings, name)), name


def test_the_example_is_a_working_start() -> None:
    lines = ENV_EXAMPLE.read_text(encoding="utf-8").splitlines()
    given = {
        match[1]: match[2]
        for line in lines
        if line.startswith("IMARISHA") and (match := _LINE.fullmatch(line))
    }

    names = ("IMARISHA_SESSION_KEY", "IMARISHA_PIN_PEPPER", "IMARISHA_STAFF_KEY", "IMARISHA_FIELD_KEY")
    keys = dict.fromkeys(names, "x" * 16)

    assert isinstance(read({**given, **keys}), Settings)


def test_peppers_are_known_by_their_versions() -> None:
    settings = read(
        {
            **NEEDED,
            "IMARISHA_PIN_PEPPER_VERSION": "3",
            "IMARISHA_PIN_PEPPERS_OLD": "1:a-pepper-of-1999,2:a-pepper-of-2009",
        }
    )

    assert settings.pin_peppers == {
        1: b"a-pepper-of-1999",
        2: b"a-pepper-of-2009",
        3: b"a pepper for tests only",
    }
    assert read(NEEDED).pin_peppers == {1: b"a pepper for tests only"}
