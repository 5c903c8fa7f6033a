"""What does a signed-in person carry? A short access token and a refresh token that is good for one use."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import jwt

from core.errors import TokenFault, TokenRefused

ACCESS_LIFE: Final = timedelta(minutes=10)
_ALGORITHM: Final = "HS256"
_ISSUER: Final = "imarisha"
_AUDIENCE: Final = "imarisha-staff"
_LABEL: Final = b"imarisha staff access token"
_REFRESH_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class AccessKey:
    """Signs access tokens; its text form shows nothing."""

    key: bytes

    def __repr__(self) -> str:
        return "AccessKey(...)"

    def issue(self, *, staff_id: str, session_id: str, now: datetime) -> str:
        """A token for this session, good for ten minutes. It names no role: what one may do is looked up each time."""
        claims = {
            "iss": _ISSUER,
            "aud": _AUDIENCE,
            "sub": staff_id,
            "sid": session_id,
            "iat": int(now.timestamp()),
            "exp": int((now + ACCESS_LIFE).timestamp()),
        }
        return jwt.encode(claims, self._signing_key, algorithm=_ALGORITHM)

    def read(self, token: str, now: datetime) -> tuple[str, str]:
        """Staff and session of a token of ours that has not expired. Raises TokenRefused.

        The time is the caller's clock, as everywhere in this house, so PyJWT's own look at it is off.
        """
        try:
            claims = jwt.decode(
                token,
                self._signing_key,
                algorithms=[_ALGORITHM],
                audience=_AUDIENCE,
                issuer=_ISSUER,
                options={
                    "require": ["exp", "iat", "sub", "sid"],
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
        except jwt.InvalidTokenError as error:
            raise TokenRefused(why=TokenFault.NOT_OURS) from error
        if now.timestamp() >= int(claims["exp"]):
            raise TokenRefused(why=TokenFault.EXPIRED)
        return str(claims["sub"]), str(claims["sid"])

    @property
    def _signing_key(self) -> bytes:
        """Derived, so that one key in the settings serves two purposes that never meet."""
        return hmac.digest(self.key, _LABEL, hashlib.sha256)


def new_refresh_token() -> str:
    """256 random bits, to be given out and never stored."""
    return secrets.token_urlsafe(_REFRESH_BYTES)


def hash_of_refresh(token: str) -> bytes:
    """How a refresh token is stored; it is random, so a quick hash is enough (32 bytes)."""
    return hashlib.sha256(token.encode()).digest()
