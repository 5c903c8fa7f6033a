"""What was this installation told? The only reader of the environment; typed; a wrong value names its variable."""

import re
from collections.abc import Mapping
from typing import Annotated

import msgspec
from typing_extensions import override

from imarisha.setting_forms import FORMS

PREFIX = "IMARISHA_"

Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]
AtLeastOne = Annotated[int, msgspec.Meta(ge=1)]
Secret = Annotated[str, msgspec.Meta(min_length=16)]


class WrongSetting(Exception):
    """A setting is missing or can't be read; the text names the variable and never its value."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """One field per variable `IMARISHA_<FIELD>`; `.env.example` lists them all with their meaning."""

    database_url: str
    """PostgreSQL 15 or newer, such as postgresql://imarisha@localhost/imarisha."""
    redis_url: str
    """Redis 6.2 or newer for sessions, such as redis://localhost:6379/0."""
    queue_redis_url: str = ""
    """Redis of the job queue where it isn't the sessions' (a cluster can't hold the queue)."""
    public_url: str = "http://127.0.0.1:8000"
    """How providers reach this installation; callbacks are built on it."""

    institution_name: str = "Imarisha Sacco"
    service_code: str = "*384*96#"
    support_phone: str = "0800 720 096"
    """Printed on screens as it is written here."""
    paybill: str = "600996"
    menu_keys: str = ""
    """Keys that move about, where an operator keeps ours for itself, such as more=99; else back=0, home=00, more=98,
    cancel=000, help=09."""
    ussd_networks: str = ""
    """What is different on a network, as JSON by its code: {"63903": {"budget": 170, "call_seconds": 120}}. Fields:
    name, budget, style (cumulative or latest), code_first, start_repeats, tells_end, call_seconds, idle_seconds."""

    session_key: Secret
    """Keys the fingerprints of what members type; changing it ends the calls that are open."""
    pin_pepper: Secret
    """Keeps a stolen database useless against PINs. Who changes it counts the version up and keeps the old one."""
    pin_pepper_version: AtLeastOne = 1
    pin_peppers_old: str = ""
    """Comma list of version:pepper, such as 1:4f0c..., until every member has signed in under a newer one."""
    pin_threads: AtLeastOne = 2
    """PINs checked at once per web process; each takes 19 MiB and about 20 ms of a core."""
    pin_waiting: AtLeastOne = 64
    """PIN checks that may wait in a web process before members are asked to try again."""

    staff_key: Secret
    """Keeps staff's tokens and second factors; changing it has everybody set up the second factor again."""

    field_key: Secret
    """Seals national ids in the database, and makes one-time codes and links. Who changes it counts the version up."""
    field_key_version: AtLeastOne = 1
    field_keys_old: str = ""
    """Comma list of version:key, such as 1:4f0c..., as long as a field is sealed with one of them."""

    webhook_prefix: str = ""
    """Secret path before the providers' paths, such as /h/5d41402abc4b; empty for none."""
    africastalking_addresses: str = ""
    """Comma list of networks that may post USSD and SMS; empty for any."""
    daraja_addresses: str = ""
    """Comma list of networks that may post M-Pesa callbacks; empty for any."""
    trusted_proxies: str = ""
    """Comma list of proxies whose X-Forwarded-For is believed; empty for none."""

    daraja_url: str = "https://api.safaricom.co.ke"
    daraja_consumer_key: str = ""
    daraja_consumer_secret: str = ""
    daraja_passkey: str = ""

    africastalking_url: str = "https://api.africastalking.com"
    africastalking_username: str = ""
    africastalking_api_key: str = ""
    africastalking_sender: str = ""

    web_host: str = "127.0.0.1"
    web_port: Port = 8000
    web_processes: AtLeastOne = 1
    database_connections: AtLeastOne = 10
    """Connections per process."""
    turn_seconds: Annotated[float, msgspec.Meta(gt=0, le=7)] = 6.0
    """A USSD answer is given within this time, whatever happens. The gateway waits 10 s, and a second request of
    the same member up to 2.5 s for the first."""
    log_level: str = "INFO"
    sandbox_journal: str = ""
    """File of the provider sandbox; set by `imarisha demo` alone, and it opens the simulator."""

    @override
    def __repr__(self) -> str:
        """Without any value: half of them are secrets, and a traceback would show them."""
        return "Settings(...)"

    @property
    def pin_peppers(self) -> dict[int, bytes]:
        """All peppers by version, the present one included."""
        return {**_by_version(self.pin_peppers_old), self.pin_pepper_version: self.pin_pepper.encode()}

    @property
    def field_keys(self) -> dict[int, bytes]:
        """All field keys by version, the present one included."""
        return {**_by_version(self.field_keys_old), self.field_key_version: self.field_key.encode()}

    @property
    def queue_url(self) -> str:
        return self.queue_redis_url or self.redis_url

    @property
    def is_demo(self) -> bool:
        return bool(self.sandbox_journal)


def _by_version(listed: str) -> dict[int, bytes]:
    pairs = (each.partition(":") for each in listed.split(",") if each)
    return {int(version): key.encode() for version, _, key in pairs}


def read(environment: Mapping[str, str]) -> Settings:
    """Settings from variables. Raises WrongSetting naming the variable that is missing or wrong."""
    given = {
        name: environment[PREFIX + name.upper()]
        for name in fields()
        if environment.get(PREFIX + name.upper())
    }
    for name, form in FORMS.items():
        if name in given and not form.fits(given[name]):
            raise WrongSetting(f"{PREFIX}{name.upper()} is wrong: expected {form.expected}")
    try:
        return msgspec.convert(given, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise WrongSetting(_named(str(error))) from None


def fields() -> tuple[str, ...]:
    """The names of all settings, without the prefix."""
    return tuple(field.name for field in msgspec.structs.fields(Settings))


def unknown(environment: Mapping[str, str]) -> list[str]:
    """Variables that look like ours and mean nothing: a typing error, most likely."""
    known = {PREFIX + name.upper() for name in fields()}
    return sorted(name for name in environment if name.startswith(PREFIX) and name not in known)


def _named(message: str) -> str:
    if missing := re.search(r"missing required field `(\w+)`", message):
        return f"{PREFIX}{missing[1].upper()} is not set"
    if at := re.search(r"(.*?) - at `\$\.(\w+)`", message):
        return f"{PREFIX}{at[2].upper()} is wrong: {at[1][0].lower()}{at[1][1:]}"
    return message
