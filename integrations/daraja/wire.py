"""How do field names travel? Python's names become Daraja's, spelt as its pages spell them."""

import msgspec

_SPELT = {"id": "ID", "url": "URL", "qr": "QR", "cpi": "CPI"}


def wire_name(name: str) -> str:
    """Daraja's name of a field; its misspelt ones are named where they are.

    >>> wire_name("originator_conversation_id"), wire_name("queue_time_out_url")
    ('OriginatorConversationID', 'QueueTimeOutURL')
    """
    return "".join(_SPELT.get(word, word.capitalize()) for word in name.split("_"))


class Body(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename=wire_name):
    """A request's body. What has a default is left out where it stands at it."""

    def fields(self) -> dict[str, object]:
        """As it is sent."""
        named: dict[str, object] = msgspec.to_builtins(self)
        return named


class OperatorBody(Body, frozen=True, kw_only=True):
    """What every request of an API operator says, and where its outcome is to be told."""

    security_credential: str
    remarks: str
    queue_time_out_url: str
    result_url: str


class PromptBody(Body, frozen=True, kw_only=True):
    """What every request about prompts says."""

    business_short_code: str
    password: str
    timestamp: str
