"""Who pays? Members' phones asked for money, members who pay the paybill, members who take money out.

A sort begins one payment and names it as both books can be asked about it.
"""

import random
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote

from core.collecting import request_payment
from core.errors import Refusal
from core.members import store as members
from core.members.model import Member
from core.money import Money
from core.payments.model import Purpose
from core.savings.model import SavingsProduct
from core.savings.service.withdraw import quote_withdrawal, request_withdrawal
from tests.chaos.house import House


@dataclass(frozen=True, slots=True)
class Payer:
    """A member, and where their money may go."""

    member: Member
    savings: str
    loan: str | None


class Sort(Protocol):
    """One way in which money moves."""

    async def begin(self, house: House, payer: Payer, choice: random.Random) -> str | None:
        """The id of a payment begun; None where the house refused it and nothing is under way."""
        ...


class AskedByPrompt(Sort):
    """The member's phone is prompted: a loan is paid, or savings."""

    async def begin(self, house: House, payer: Payer, choice: random.Random) -> str | None:
        payment_id = house.system.ids.new("pay")
        to_loan = payer.loan is not None and choice.random() < 0.5
        subject = payer.loan if to_loan and payer.loan else payer.savings
        try:
            async with house.system.database.unit_of_work() as session:
                await request_payment(
                    session,
                    payment_id=payment_id,
                    member=payer.member,
                    purpose=Purpose.LOAN_REPAYMENT if to_loan else Purpose.SAVINGS,
                    subject=subject,
                    amount=Money(choice.randint(100, 50_000)),
                    channel="chaos",
                    now=house.clock.now(),
                )
        except Refusal:
            return None
        return payment_id


class PaidFromOwnMenu(Sort):
    """The member pays the paybill, and types the account as people do."""

    async def begin(self, house: House, payer: Payer, choice: random.Random) -> str | None:
        number = payer.member.number
        typed = choice.choice(
            [number, number.lower(), f"{number} S", f"{number}D", f"0{payer.member.phone.digits[3:]}", "?"]
        )
        answer = await house.provider.post(
            f"/handset/{quote(payer.member.phone.e164)}/pay",
            json={"paybill": house.paybill, "account": typed, "amount": f"{choice.randint(1, 500)}.00"},
        )
        receipt = answer.json().get("receipt")
        return receipt if isinstance(receipt, str) and receipt else None


class TakenOut(Sort):
    """The member takes savings out to the phone."""

    async def begin(self, house: House, payer: Payer, choice: random.Random) -> str | None:
        payout_id = house.system.ids.new("out")
        amount = Money(100 * choice.randint(50, 300))
        try:
            async with house.system.database.unit_of_work() as session:
                quote_now = await quote_withdrawal(
                    session,
                    member_id=payer.member.member_id,
                    account_id=payer.savings,
                    amount=amount,
                    now=house.clock.now(),
                )
                await request_withdrawal(
                    session,
                    ids=house.system.ids,
                    payout_id=payout_id,
                    member_id=payer.member.member_id,
                    account_id=payer.savings,
                    amount=amount,
                    total_shown=quote_now.total,
                    channel="chaos",
                    now=house.clock.now(),
                )
        except Refusal:
            return None
        return payout_id


async def payers(house: House) -> list[Payer]:
    """Every member of the society."""
    async with house.system.database.reading() as session:
        rows = await session.rows(
            """SELECT m.id, a.id AS savings,
                      (SELECT min(l.id) FROM loan l WHERE l.member_id = m.id AND l.status = 'active') AS loan
                 FROM member m JOIN savings_account a ON a.member_id = m.id AND a.product = $1
                ORDER BY m.id""",
            SavingsProduct.SAVINGS,
        )
        return [Payer(await members.find(session, row["id"]), row["savings"], row["loan"]) for row in rows]
