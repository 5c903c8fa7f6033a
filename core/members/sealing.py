"""How is a field kept secret in the database? Sealed with a key that is not in it, and found by a keyed print. Pure.

Stored form: `key<version>$` and, in base 64, a random nonce with what AES-256-GCM made of the text. The owner's id is
bound into the seal, so that a sealed field moved to another row does not open.
"""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES: Final = 12
"""NIST SP 800-38D, section 8.2.2: a random nonce of 96 bits."""
_LEAST_KEY_BYTES: Final = 16
_STORED: Final = re.compile(r"key(?P<version>\d{1,9})\$(?P<sealed>[A-Za-z0-9_-]+={0,2})", re.ASCII)


class SealBroken(ValueError):
    """A stored field is not one of ours, was moved or changed, or its key is not given. It never carries the field."""


class FieldSealer:
    """Seals fields with the current key, and opens those of any key that is given."""

    def __init__(self, keys: Mapping[int, bytes], *, current: int) -> None:
        """Raises ValueError where the current key is missing or one is too short to be a key."""
        if current not in keys:
            raise ValueError(f"field key {current} is current but not given")
        if any(len(key) < _LEAST_KEY_BYTES for key in keys.values()):
            raise ValueError(f"a field key has at least {_LEAST_KEY_BYTES} bytes")
        self._keys = dict(keys)
        self._current = current

    def seal(self, text: str, *, owner: str) -> str:
        """What may be stored; never the same twice."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = self._cipher(self._current).encrypt(nonce, text.encode(), owner.encode())
        return f"key{self._current}${base64.urlsafe_b64encode(nonce + sealed).decode()}"

    def open(self, stored: str, *, owner: str) -> str:
        """The text that was sealed for this owner. Raises SealBroken."""
        match = _STORED.fullmatch(stored)
        if match is None or int(match["version"]) not in self._keys:
            raise SealBroken("not sealed with a key that is given")
        try:
            content = base64.urlsafe_b64decode(match["sealed"])
            opened = self._cipher(int(match["version"])).decrypt(
                content[:_NONCE_BYTES], content[_NONCE_BYTES:], owner.encode()
            )
        except (InvalidTag, ValueError):
            raise SealBroken("a sealed field was moved or changed") from None
        return opened.decode()

    def prints(self, text: str) -> list[bytes]:
        """By which an equal text is found without opening any: one per key, that of the current one first."""
        versions = [self._current, *(version for version in self._keys if version != self._current)]
        return [self._derived(version, b"print", text.encode()) for version in versions]

    def _cipher(self, version: int) -> AESGCM:
        return AESGCM(self._derived(version, b"seal", b""))

    def _derived(self, version: int, purpose: bytes, text: bytes) -> bytes:
        return hmac.digest(self._keys[version], b"imarisha field " + purpose + b":" + text, hashlib.sha256)
