"""What may stand in a person's name? Letters of any script, and what joins them. Pure."""

import unicodedata
from typing import Final

from core.errors import InvalidName

_JOINTS: Final = frozenset(" '\u2019-.")


def personal_name(text: str) -> str:
    """The name in its composed form, without blanks around it and with single ones in it. Raises InvalidName.

    >>> personal_name("  Achieng'   wa  Otieno-Ouma ")
    "Achieng' wa Otieno-Ouma"
    """
    kinds = [unicodedata.category(letter)[0] for letter in text if letter not in _JOINTS]
    if "L" not in kinds or not {"L", "M"}.issuperset(kinds):
        raise InvalidName(text=text)
    return " ".join(unicodedata.normalize("NFC", text).split())
