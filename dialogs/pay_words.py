"""Which words does the page of a payment link use?"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from dialogs.slots import NAME, Slot, TextSlot, WordSlot

PAY_SLOTS: Final[Mapping[str, Slot]] = MappingProxyType(
    {"amount": TextSlot(13), "purpose": WordSlot("purpose"), "name": NAME}
)
"""What its sentences may hold; the amount is written already, as in notices."""

PAY_KEYS: Final = tuple(
    f"pay_page.{name}"
    for name in ("title", "asked", "whose", "phone", "pay", "prompted", "over", "unknown", "scan")
)
