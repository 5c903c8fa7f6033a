"""How does a payment look to staff?"""

from datetime import datetime

from pydantic import BaseModel

from channels.admin.schemas import Amount
from core.payments.incidents import SeenPayment


class PaymentShown(BaseModel):
    """A payment. `incident` says what a person should look at; empty for nothing."""

    id: str
    member_id: str
    purpose: str
    subject: str
    phone: str
    amount: Amount
    collected: Amount
    account_reference: str
    state: str
    receipt: str | None
    reason: str
    incident: str
    requested_at: datetime

    @classmethod
    def of(cls, seen: SeenPayment) -> "PaymentShown":
        payment = seen.payment
        return cls(
            id=payment.payment_id,
            member_id=payment.member_id,
            purpose=payment.purpose,
            subject=payment.subject,
            phone=payment.phone.e164,
            amount=Amount.of(payment.amount),
            collected=Amount.of(payment.collected),
            account_reference=payment.account_reference,
            state=payment.state,
            receipt=payment.receipt,
            reason=payment.reason,
            incident=seen.incident,
            requested_at=payment.requested_at,
        )
