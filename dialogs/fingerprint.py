"""How do we recognise a text again without keeping it? By a hash under a key that Redis never sees."""

from hashlib import blake2b

# 64 bits: no call meets another's by chance while it is remembered, and the list of a call's stays small.
_BYTES = 8
_SHORTEST_KEY = 16
_LONGEST_KEY = 64


class Fingerprint:
    """Keyed BLAKE2b. A text that holds a PIN can't be guessed from it without the key of the settings."""

    def __init__(self, key: bytes) -> None:
        if not _SHORTEST_KEY <= len(key) <= _LONGEST_KEY:
            raise ValueError(f"the fingerprint key must have {_SHORTEST_KEY} to {_LONGEST_KEY} bytes")
        self._key = key

    def of(self, *parts: str) -> str:
        """Sixteen hexadecimal digits that stand for these texts in this order."""
        return blake2b("\0".join(parts).encode(), digest_size=_BYTES, key=self._key).hexdigest()
