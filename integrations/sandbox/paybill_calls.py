"""What does M-Pesa tell the organisation of a payment to its paybill, and where? Validation and confirmation."""

import hashlib

import msgspec

from core.money import Currency, Money
from integrations.sandbox.daraja_results import stamp
from integrations.sandbox.events import AccountName, MoneyMoved, UrlsRegistered
from integrations.sandbox.memory import Memory
from integrations.sandbox.post import FORGED_RECEIPT, Letter
from integrations.sandbox.settings import SandboxSettings

_FORGED_CENTS = 99_999 * Currency.KES.minor_per_major


class PaybillCalls:
    """The calls as the version registered words them."""

    def __init__(self, *, settings: SandboxSettings, memory: Memory) -> None:
        self._settings = settings
        self._memory = memory

    def urls(self) -> UrlsRegistered | None:
        """Those registered, else those that the installation began with; None where nobody is to be told."""
        base = self._settings.c2b_base
        if self._memory.urls is not None or not base:
            return self._memory.urls
        path = f"{base}/payments/daraja/c2b"
        return UrlsRegistered(
            version="v1",
            response_type="Completed",
            confirmation_url=f"{path}/confirmation",
            validation_url=f"{path}/validation",
        )

    def confirmations(self, payment: MoneyMoved) -> list[Letter]:
        """What is told about money that comes with this payment, and what a forger would tell in its place."""
        urls = self.urls()
        if urls is None:
            return []
        forged = msgspec.structs.replace(payment, receipt=FORGED_RECEIPT, cents=_FORGED_CENTS)
        return [
            Letter(
                urls.confirmation_url,
                self._call(urls, payment, is_confirmed=True),
                forgery=self._call(urls, forged, is_confirmed=True),
            )
        ]

    def question(self, urls: UrlsRegistered, payment: MoneyMoved) -> str:
        """What the organisation is asked before the money comes."""
        return self._call(urls, payment, is_confirmed=False)

    def _call(self, urls: UrlsRegistered, payment: MoneyMoved, *, is_confirmed: bool) -> str:
        balance = self._memory.book.balance(AccountName.UTILITY) + Money(payment.cents)
        body = {
            "TransactionType": "Pay Bill",
            "TransID": payment.receipt,
            "TransTime": stamp(payment.at),
            "TransAmount": Money(payment.cents).plain(),
            "BusinessShortCode": self._settings.shortcode,
            "BillRefNumber": payment.reference,
            "InvoiceNumber": "",
            "OrgAccountBalance": balance.plain() if is_confirmed else "",
            "ThirdPartyTransID": "",
            "MSISDN": _number(payment.counterparty, urls.version),
            "FirstName": "SANDBOX",
            "MiddleName": "",
            "LastName": "CUSTOMER" if urls.version == "v1" else "",
        }
        return msgspec.json.encode(body).decode()


def _number(phone: str, version: str) -> str:
    """Hashed or masked, as the version registered has it."""
    if version == "v1":
        return hashlib.sha256(phone.encode()).hexdigest()
    return f"{phone[:4]} ***** {phone[-3:]}"
