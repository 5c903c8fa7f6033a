"""With which settings do the demo's processes run? Its own, under what the environment says already."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

import msgspec

from imarisha.embedded import ServerUrls
from imarisha.settings import PREFIX


def brings_its_own_servers(environment: Mapping[str, str]) -> bool:
    """Whether both servers are named, so that none of ours is needed."""
    return all(environment.get(f"{PREFIX}{name}") for name in ("DATABASE_URL", "REDIS_URL"))


def environment(
    given: Mapping[str, str], *, url: str, data_dir: Path, urls: ServerUrls | None
) -> dict[str, str]:
    """What web and worker are started with. `url` is where they are reached, `urls` those of our own servers.

    What the command line decides is never taken from the environment, nor is what only one process may hold.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    suggested = {
        "PUBLIC_URL": url,
        "DARAJA_URL": f"{url}/sandbox/daraja",
        "DARAJA_CONSUMER_KEY": "demo-daraja-key",
        "DARAJA_CONSUMER_SECRET": "demo-daraja-secret",
        "DARAJA_PASSKEY": "demo-daraja-passkey",
        "DARAJA_PER_SECOND": "1000",
        "DARAJA_OPERATOR": "demoapi",
        "DARAJA_OPERATOR_PASSWORD": "demo-Operator#1",
        "DARAJA_CERTIFICATE": str((data_dir / "sandbox-operator.crt").absolute()),
        "AFRICASTALKING_URL": f"{url}/sandbox/africastalking",
        "AFRICASTALKING_USERNAME": "demo",
        "AFRICASTALKING_API_KEY": "demo-africastalking-key",
        "AFRICASTALKING_SENDER": "IMARISHA",
        "LOG_LEVEL": "WARNING",
        **_keys(data_dir / "keys.json"),
    }
    if urls is not None:
        suggested |= {"DATABASE_URL": urls.database_url, "REDIS_URL": urls.redis_url}
    # The sandbox remembers in one file, so it can't be in two web processes.
    fixed = {"SANDBOX_JOURNAL": str((data_dir / "sandbox.jsonl").absolute()), "WEB_PROCESSES": "1"}
    wanted = {name: value for name, value in given.items() if value}
    return {**_named(suggested), **wanted, **_named(fixed)}


def _named(settings: Mapping[str, str]) -> dict[str, str]:
    return {PREFIX + name: value for name, value in settings.items()}


_KEYS = ("SESSION_KEY", "PIN_PEPPER", "STAFF_KEY")


def _keys(path: Path) -> Mapping[str, str]:
    """Secrets made at the first start and kept beside the data they protect, as only a demo may.

    A folder of an earlier version gets those that it lacks.
    """
    kept = msgspec.json.decode(path.read_bytes(), type=dict[str, str]) if path.exists() else {}
    keys = {name: kept.get(name) or secrets.token_hex(24) for name in _KEYS}
    if keys != kept:
        # Whole or not at all: half a file would lock every later start out.
        unfinished = path.with_suffix(".new")
        unfinished.unlink(missing_ok=True)
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(msgspec.json.encode(keys))
        unfinished.replace(path)
    return keys
