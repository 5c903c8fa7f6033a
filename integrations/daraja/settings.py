"""What does an installation tell us about its M-Pesa paybill?"""

from dataclasses import dataclass, field

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

    def __post_init__(self) -> None:
        word = next((word for word in FORBIDDEN_WORDS if word in self.callback_base.lower()), None)
        if word is not None:
            raise ValueError(f"callback base contains {word!r}, which Safaricom refuses")


def stk_callback_url(settings: DarajaSettings, payment_id: str) -> str:
    """Where the outcome of this payment's prompt is to be sent.

    A random id may happen to contain one of the forbidden words. One letter of it is then percent-encoded,
    which names the same path.
    """
    tail = payment_id
    for word in FORBIDDEN_WORDS:
        while (at := tail.lower().find(word)) >= 0:
            tail = f"{tail[: at + 1]}%{ord(tail[at + 1]):02X}{tail[at + 2 :]}"
    return f"{settings.callback_base.rstrip('/')}/payments/daraja/stk/{tail}"
