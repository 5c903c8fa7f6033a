"""What is a receipt of the paybill? Money that has come already, with what its payer typed and who they may be."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.money import Money
from core.phone import Msisdn


class ReceiptState(StrEnum):
    """What became of a receipt."""

    PROMPTED = "prompted"
    """It is the money of a prompt of ours, which has its own payment."""

    CREDITED = "credited"
    """Its reference was understood and it is posted."""

    SUSPENSE = "suspense"
    """Nobody can say for sure whose it is: it waits for staff."""

    ALLOCATED = "allocated"
    """Staff said whose it is."""


@dataclass(frozen=True, slots=True)
class PaybillReceipt:
    """One payment to the paybill, as the provider confirmed it."""

    receipt: str
    amount: Money
    reference: str
    """What the payer typed as account number, as they typed it."""
    paid_at: datetime
    payer_name: str = ""
    payer_hash: str = ""
    """`phone_hash` of the payer's number; empty where the provider shows a part of the number only."""
    payer_ending: str = ""
    """The last digits of the payer's number, where only they are shown."""


def phone_hash(phone: Msisdn) -> str:
    """How Daraja's C2B version 1 names a payer: the SHA-256 of the twelve digits, in lower-case hex.

    >>> phone_hash(Msisdn("+254711000001"))[:16]
    '74094eb79589829a'
    """
    return hashlib.sha256(phone.digits.encode()).hexdigest()
