"""To what does a person agree who joins by phone? The words in each language, by version. Pure.

What was agreed to is stored with the words as they were shown; new words are a new version, and the old ones stay.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from core.members.model import Language

CONSENT_VERSION: Final = "2026-11"
"""The version that is shown now: the text `register.consent.text` of the dialogs, which a test compares."""

CONSENTS: Final[Mapping[str, Mapping[Language, str]]] = MappingProxyType(
    {
        "2026-11": {
            Language.ENGLISH: (
                "{sacco} will keep your name,\nID, birth date and phone to run your account."
                "\nYou may see or correct them any time."
            ),
            Language.SWAHILI: (
                "{sacco} itatunza jina,\nID, tarehe ya kuzaliwa na simu yako"
                "\nkuendesha akaunti. Unaweza kuziona\nau kuzisahihisha."
            ),
        }
    }
)


def consent_words(language: Language, *, institution: str) -> str:
    """The present words as the person reads them."""
    return CONSENTS[CONSENT_VERSION][language].replace("{sacco}", institution)
