"""Where is Safaricom to tell of payments that customers make to the paybill from their own menu?

Registering is not repeated here. It may be tried again by a person: what is registered already is said so. In
production it counts once; after that the URLs change in the portal only. Wire format: Daraja 3.0 portal, page
Customer To Business Register URL.
"""

from enum import StrEnum

from integrations.daraja.acknowledgement import Acknowledgement, acknowledged
from integrations.daraja.client import DarajaClient
from integrations.daraja.codes import Api
from integrations.daraja.settings import callback_url
from integrations.daraja.wire import Body


class Version(StrEnum):
    """How payers' numbers come, which is settled by the version that was registered."""

    HASHED = "v1"
    """As the SHA-256 of the number: our own members can be told by it."""

    MASKED = "v2"
    """With three digits at the end left."""


class Unanswered(StrEnum):
    """What M-Pesa does with a payment whose validation we don't answer within about eight seconds."""

    COMPLETED = "Completed"
    CANCELLED = "Cancelled"


class UrlsBody(Body, frozen=True, kw_only=True):
    """The request as it travels."""

    short_code: str
    response_type: Unanswered
    confirmation_url: str
    validation_url: str


async def register_urls(
    client: DarajaClient, *, version: Version, unanswered: Unanswered = Unanswered.COMPLETED
) -> Acknowledgement:
    """Register the contract's two paths. ACCEPTED for the reason `duplicate`: some were registered before."""
    settings = client.settings
    body = UrlsBody(
        short_code=settings.shortcode,
        response_type=unanswered,
        confirmation_url=callback_url(settings, "c2b/confirmation"),
        validation_url=callback_url(settings, "c2b/validation"),
    )
    return await acknowledged(client, Api.C2B, f"/mpesa/c2b/{version}/registerurl", body)
