"""Which accounts do the sandbox's providers know, and how long do things take there?"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """One Daraja app with its paybill and API operator, and one Africa's Talking account."""

    consumer_key: str = field(repr=False)
    consumer_secret: str = field(repr=False)
    shortcode: str
    passkey: str = field(repr=False)
    africastalking_username: str
    africastalking_api_key: str = field(repr=False)
    africastalking_senders: frozenset[str] = frozenset()
    """Sender ids registered to the account; without one, messages come from AFRICASTKNG."""
    organisation: str = "IMARISHA DEMO SACCO"
    operator: str = "imarishaapi"
    operator_password: str = field(default="", repr=False)
    """Empty for an organisation without an API operator: then nobody can ask for a payout."""
    operator_key_bits: int = 2048
    payout_shortcode: str = ""
    """Empty where payouts are made from the paybill itself."""
    opening_utility_shillings: int = 0
    """The float in the utility account before anything happened; payouts come out of it."""
    opening_working_shillings: int = 0
    c2b_base: str = ""
    """Where the organisation's paths stand: payments are told there until other URLs are registered."""
    token_seconds: int = 3599
    prompt_seconds: int = 60
    """How long a prompt stays on the handset."""
    magic_seconds: int = 2
    """How soon a handset that answers by itself does so."""
    hang_seconds: float = 40.0
    """How long an answer is held back under a `timeout` fault: longer than our clients wait."""
    settling_seconds: float = 2.0
    """After a start, callbacks left over from before wait so long for the receiving side to be up."""
