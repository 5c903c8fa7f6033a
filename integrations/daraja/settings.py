"""What does an installation tell us about its M-Pesa paybill?"""

from dataclasses import dataclass, field
from pathlib import Path

# Safaricom refuses callback URLs with these words in any case ("Invalid CallBackURL", 400.002.02).
FORBIDDEN_WORDS = ("mpesa", "m-pesa", "safaricom", "exe", "cmd", "sql", "query")


@dataclass(frozen=True, slots=True)
class DarajaSettings:
    """One Daraja app and the paybill it collects for. Raises ValueError for a callback base Safaricom refuses."""

    base_url: str
    """`https://api.safaricom.co.ke`, or where the sandbox stands."""
    consumer_key: str = field(repr=False)
    consumer_secret: str = field(repr=False)
    shortcode: str
    passkey: str = field(repr=False)
    callback_base: str
    """Where Safaricom reaches us, a secret path prefix included; the contract's paths stand after it."""
    operator: str = ""
    """User name of the API operator who asks for payouts; empty where nothing is paid out."""
    operator_password: str = field(default="", repr=False)
    certificate: Path | None = None
    """File with Safaricom's certificate for operators' passwords, as downloaded from the portal."""
    payout_shortcode: str = ""
    """The shortcode that payouts are made from; empty where it is the paybill itself."""
    pull_method: str = "POST"
    """The verb that pulled transactions are asked with; the portal's page says GET, packages use POST."""

    def __post_init__(self) -> None:
        word = next((word for word in FORBIDDEN_WORDS if word in self.callback_base.lower()), None)
        if word is not None:
            raise ValueError(f"callback base contains {word!r}, which Safaricom refuses")

    @property
    def pays_from(self) -> str:
        """The shortcode that payouts, status and balance are asked for."""
        return self.payout_shortcode or self.shortcode


def callback_url(settings: DarajaSettings, path: str, payment_id: str = "") -> str:
    """Where Safaricom is to tell about this payment; `path` is the contract's, such as `b2c/result`.

    A random id may happen to contain one of the forbidden words. One letter of it is then percent-encoded,
    which names the same path.
    """
    tail = payment_id
    for word in FORBIDDEN_WORDS:
        while (at := tail.lower().find(word)) >= 0:
            tail = f"{tail[: at + 1]}%{ord(tail[at + 1]):02X}{tail[at + 2 :]}"
    return f"{settings.callback_base.rstrip('/')}/payments/daraja/{path}{f'/{tail}' if tail else ''}"
