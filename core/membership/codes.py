"""Which code was sent, and whose link is this? Both are made from an id and a key, so neither is stored anywhere. Pure.

A stolen database holds ids alone, which open nothing without the key.
"""

import base64
import hashlib
import hmac
import re
from typing import Final

CODE_DIGITS: Final = 6
_MARK_BYTES: Final = 10
"""80 bits: a guess a microsecond for a life-time of the link finds nothing."""
_TOKEN: Final = re.compile(r"(?P<id>[a-z]{3}_[0-9a-z]{26})\.(?P<mark>[A-Za-z2-7]{16})", re.ASCII)


class OneTimeCodes:
    """Codes that prove who holds a phone number; one per id, for ever the same."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def code_for(self, subject_id: str) -> str:
        """The six digits for what has this id.

        >>> len(OneTimeCodes(b"a key for this example").code_for("pch_1"))
        6
        """
        keyed = hmac.digest(self._key, f"imarisha one-time code:{subject_id}".encode(), hashlib.sha256)
        return f"{int.from_bytes(keyed[:8]) % 10**CODE_DIGITS:0{CODE_DIGITS}d}"

    def is_right(self, subject_id: str, typed: str) -> bool:
        """Whether these are they, in a time that tells nothing."""
        return hmac.compare_digest(self.code_for(subject_id).encode(), typed.encode())


class SignedLinks:
    """Tokens in addresses: an id with the mark that only we can make."""

    def __init__(self, key: bytes, *, base: str) -> None:
        """`base` is what stands before the token, such as `https://sacco.example/statements/`."""
        self._key = key
        self._base = base

    def url(self, link_id: str) -> str:
        """Where the thing with this id can be fetched."""
        return f"{self._base}{link_id}.{self._mark(link_id)}"

    def id_of(self, token: str) -> str | None:
        """The id in a token of ours; None for any other."""
        match = _TOKEN.fullmatch(token)
        if match is None or not hmac.compare_digest(self._mark(match["id"]), match["mark"]):
            return None
        return match["id"]

    def _mark(self, link_id: str) -> str:
        keyed = hmac.digest(self._key, f"imarisha link:{link_id}".encode(), hashlib.sha256)
        return base64.b32encode(keyed[:_MARK_BYTES]).decode().lower()
