"""What must a setting look like, beyond its type? One row per variable that could be written wrong."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from channels.networks import networks_of
from channels.signatures import networks
from dialogs.institution import LONGEST
from dialogs.redis_connection import RedisAddress
from dialogs.trail import Keys
from integrations.daraja.settings import FORBIDDEN_WORDS


class Form(NamedTuple):
    """How a value is told from a mistake, and what is expected, in words for an operator."""

    fits: Callable[[str], bool]
    expected: str


def _shaped(pattern: str, *, longest: int = 2048) -> Callable[[str], bool]:
    shape = re.compile(pattern, re.ASCII)
    return lambda value: len(value) <= longest and shape.fullmatch(value) is not None


def _short(longest: int) -> Callable[[str], bool]:
    return lambda value: len(value) <= longest and value.isprintable()


def _takes(read: Callable[[str], object]) -> Callable[[str], bool]:
    """Whether `read` raises no ValueError for the value."""

    def fits(value: str) -> bool:
        try:
            read(value)
        except ValueError:
            return False
        return True

    return fits


def _reaches_us(value: str) -> bool:
    """Safaricom calls back only where none of its own words stands in the URL."""
    return not any(word in value.lower() for word in FORBIDDEN_WORDS)


_LONGEST_ADDRESS = 70
"""With it a link to a statement fits one SMS."""
_WEB_ADDRESS = _shaped(r"https?://[^/?#\s]+(/[^?#\s]*[^/?#\s])?")
_PATH = _shaped(r"(/[\w.~-]+)*")
_NETWORKS = Form(_takes(networks), "networks or addresses such as 196.201.214.0/24, 10.0.0.7")
_PROVIDER = Form(_WEB_ADDRESS, "a web address without a slash at its end")

FORMS: Mapping[str, Form] = MappingProxyType(
    {
        "database_url": Form(_shaped(r"postgres(ql)?://\S+"), "postgresql://user:password@host/database"),
        "redis_url": Form(
            lambda value: _shaped(r"(redis|unix)://\S+")(value) and _takes(RedisAddress.parse)(value),
            "redis://[user:password@]host:port/0 or unix://path",
        ),
        "queue_redis_url": Form(_shaped(r"((rediss?|unix)://\S+)?"), "redis://host:port/0, or nothing"),
        "public_url": Form(
            lambda value: _WEB_ADDRESS(value) and _reaches_us(value) and len(value) <= _LONGEST_ADDRESS,
            f"a web address of at most {_LONGEST_ADDRESS} letters, without a slash at its end"
            f" and without {', '.join(FORBIDDEN_WORDS)}",
        ),
        "webhook_prefix": Form(
            lambda value: _PATH(value) and _reaches_us(value),
            f"a path such as /h/4be1c7a9 without {', '.join(FORBIDDEN_WORDS)}, or nothing",
        ),
        "pin_peppers_old": Form(
            _shaped(r"([1-9]\d*:[^\s,:]{16,}(,(?=.)|$))*"),
            "version:pepper of at least 16 characters, by commas",
        ),
        "field_keys_old": Form(
            _shaped(r"([1-9]\d*:[^\s,:]{16,}(,(?=.)|$))*"),
            "version:key of at least 16 characters, by commas",
        ),
        "daraja_url": _PROVIDER,
        "africastalking_url": _PROVIDER,
        "africastalking_addresses": _NETWORKS,
        "daraja_addresses": _NETWORKS,
        "trusted_proxies": _NETWORKS,
        "institution_name": Form(_short(LONGEST["name"]), f"at most {LONGEST['name']} letters"),
        "support_phone": Form(_short(LONGEST["support"]), f"at most {LONGEST['support']} letters"),
        "service_code": Form(
            _shaped(r"\*\d+(\*\d+)*#", longest=LONGEST["service_code"]),
            f"a code such as *100*1#, at most {LONGEST['service_code']} characters",
        ),
        "paybill": Form(_shaped(r"\d{5,7}"), "five to seven digits"),
        "menu_keys": Form(_takes(Keys.read), "keys of one to three digits, such as more=99,help=97"),
        "ussd_networks": Form(
            _takes(networks_of), 'JSON such as {"63903": {"budget": 170}}, as channels/networks.py has them'
        ),
        "log_level": Form(
            _shaped(r"(?i:debug|info|warning|error|critical)"), "debug, info, warning, error or critical"
        ),
    }
)
