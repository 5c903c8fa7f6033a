"""What may stand in a person's name, and how much of it do others see? Pure."""

import unicodedata
from typing import Final

from core.errors import InvalidName
from core.members.model import Member

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


def short_name(member: Member) -> str:
    """What other members are shown of a member's name, so that they know whom they mean: `Mwangi M`"""
    return f"{member.first_name} {member.last_name[:1]}"
