"""Is this the code on the person's phone? Time-based codes (RFC 6238) and recovery codes. Pure.

The secret is not stored but derived from the installation's staff key, so that a stolen database opens nothing.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import pyotp
from pyotp.exceptions import OTPVerificationError

STEP_SECONDS: Final = 30
_STEPS_EITHER_SIDE: Final = 1
"""Phones' clocks differ; RFC 6238 section 5.2 allows for one step."""
_SECRET_BYTES: Final = 20
"""The length of SHA-1's output, as RFC 4226 section 4 recommends."""
_LABEL: Final = b"imarisha staff second factor"
_RECOVERY_LABEL: Final = b"imarisha staff recovery code"

RECOVERY_CODES: Final = 10
_RECOVERY_LETTERS: Final = 12
_RECOVERY_ALPHABET: Final = "23456789abcdefghjkmnpqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class FactorKey:
    """The installation's key for second factors; its text form shows nothing."""

    key: bytes

    def __repr__(self) -> str:
        return "FactorKey(...)"

    def totp(self, staff_id: str, serial: int) -> pyotp.TOTP:
        """What the person's authenticator holds; a new serial is a new secret."""
        derived = hmac.digest(self.key, b"%s:%s:%d" % (_LABEL, staff_id.encode(), serial), hashlib.sha256)
        secret = base64.b32encode(derived[:_SECRET_BYTES]).decode()
        return pyotp.TOTP(secret, interval=STEP_SECONDS)

    def hash_of_recovery(self, staff_id: str, code: str) -> bytes:
        """How a recovery code is stored: 59 random bits, keyed, so it needs no slow hash (32 bytes)."""
        plain = code.strip().lower().replace("-", "")
        return hmac.digest(
            self.key, b"%s:%s:%s" % (_RECOVERY_LABEL, staff_id.encode(), plain.encode()), hashlib.sha256
        )


def step_of(totp: pyotp.TOTP, code: str, now: datetime) -> int | None:
    """The time step this code belongs to, within one step of now; None for a wrong one."""
    try:
        return totp.verify_and_get_timecode(code, for_time=now, valid_window=_STEPS_EITHER_SIDE)
    except OTPVerificationError:
        return None


def next_code(totp: pyotp.TOTP, *, last_step: int, now: datetime) -> tuple[str, int]:
    """A code that would open now although that of `last_step` was used, and for how many seconds it does.

    The code is empty, and the seconds those to wait, where the codes of this moment are used up.
    """
    step = max(totp.timecode(now), last_step + 1)
    this_step = totp.timecode(now)
    into_step = int(now.timestamp()) % STEP_SECONDS
    if step > this_step + _STEPS_EITHER_SIDE:
        return "", STEP_SECONDS - into_step
    return totp.generate_otp(step), (step - this_step + 1 + _STEPS_EITHER_SIDE) * STEP_SECONDS - into_step


def new_recovery_codes() -> tuple[str, ...]:
    """Ten codes to be written down once, such as `k7m2p9-x4w8rt`; each opens once in place of the phone."""
    return tuple(_recovery_code() for _ in range(RECOVERY_CODES))


def _recovery_code() -> str:
    letters = "".join(secrets.choice(_RECOVERY_ALPHABET) for _ in range(_RECOVERY_LETTERS))
    half = _RECOVERY_LETTERS // 2
    return f"{letters[:half]}-{letters[half:]}"
