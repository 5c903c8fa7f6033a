"""Which sandbox stands in for the providers in the demo and the tests? One that knows our keys."""

from pathlib import Path

import httpx

from core.clock import Clock
from imarisha.settings import Settings
from integrations.sandbox.application import Sandbox, create_sandbox
from integrations.sandbox.settings import SandboxSettings

MOUNT = "/sandbox"

OPENING_FLOAT_SHILLINGS = 5_000_000
"""What each of the paybill's two accounts holds at first, so that loans can be paid out at once."""


def sandbox_for(
    settings: Settings, clock: Clock, *, transport: httpx.AsyncBaseTransport | None = None
) -> Sandbox:
    """The providers with the accounts of these settings, going on where their journal ends."""
    return create_sandbox(
        SandboxSettings(
            consumer_key=settings.daraja_consumer_key,
            consumer_secret=settings.daraja_consumer_secret,
            shortcode=settings.paybill,
            passkey=settings.daraja_passkey,
            operator=settings.daraja_operator,
            operator_password=settings.daraja_operator_password,
            payout_shortcode=settings.daraja_payout_shortcode,
            c2b_base=settings.public_url + settings.webhook_prefix,
            opening_utility_shillings=OPENING_FLOAT_SHILLINGS,
            opening_working_shillings=OPENING_FLOAT_SHILLINGS,
            africastalking_username=settings.africastalking_username,
            africastalking_api_key=settings.africastalking_api_key,
            africastalking_senders=frozenset({settings.africastalking_sender} - {""}),
            organisation=settings.institution_name.upper(),
        ),
        clock,
        Path(settings.sandbox_journal),
        transport=transport,
    )
