"""What does an installation tell us about its Africa's Talking account?"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class AfricasTalkingSettings:
    """One account that sends SMS."""

    base_url: str
    """`https://api.africastalking.com`, or where the sandbox stands."""
    username: str
    api_key: str = field(repr=False)
    sender: str = ""
    """Registered sender id or short code; empty for the provider's shared one."""
