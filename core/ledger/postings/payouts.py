"""Which entries does money that leaves make? Held first, then settled or voided by what the provider says. No I/O."""

from datetime import date, datetime

from core.ledger.chart import Gl
from core.ledger.journal import Journal
from core.ledger.postings.sides import Part, sides
from core.money import Money


def payout_held(
    *,
    payment_id: str,
    event_at: datetime,
    business_date: date,
    account: str,
    amount: Money,
    charge: Part | None = None,
    excise: Part | None = None,
) -> Journal:
    """A member's money is on its way out: off the account, not yet gone. Our charge and its excise go with it."""
    on_top = [part for part in (charge, excise) if part is not None]
    taken = sum((part[1] for part in on_top), start=amount)
    return Journal(
        key=f"payout:{payment_id}:held",
        kind="payout_held",
        event_at=event_at,
        business_date=business_date,
        lines=sides(debits=[(account, taken)], credits_=[(Gl.PAYOUTS_HELD, amount), *on_top]),
        meta={"payment": payment_id},
    )


def payout_settled(
    *,
    payment_id: str,
    event_at: datetime,
    business_date: date,
    amount: Money,
    paid_from: str = Gl.MPESA_UTILITY,
    provider_charge: Money | None = None,
    receipt: str | None = None,
) -> Journal:
    """The provider confirmed it: the money left our float, and with it what the provider takes for it."""
    cost = provider_charge if provider_charge is not None else Money.zero(amount.currency)
    return Journal(
        key=f"payout:{payment_id}:settled",
        kind="payout_settled",
        event_at=event_at,
        business_date=business_date,
        lines=sides(
            debits=[(Gl.PAYOUTS_HELD, amount), (Gl.PROVIDER_CHARGES, cost)],
            credits_=[(paid_from, amount + cost)],
        ),
        meta={"payment": payment_id} | ({"receipt": receipt} if receipt else {}),
    )


def payout_voided(
    *,
    payment_id: str,
    event_at: datetime,
    business_date: date,
    account: str,
    amount: Money,
    charge: Part | None = None,
    excise: Part | None = None,
) -> Journal:
    """It failed for good: the money is back in the account, our charge and its excise with it."""
    given_back = [part for part in (charge, excise) if part is not None]
    returned = sum((part[1] for part in given_back), start=amount)
    return Journal(
        key=f"payout:{payment_id}:voided",
        kind="payout_voided",
        event_at=event_at,
        business_date=business_date,
        lines=sides(debits=[(Gl.PAYOUTS_HELD, amount), *given_back], credits_=[(account, returned)]),
        meta={"payment": payment_id},
    )


def payout_paid_late(
    *,
    payment_id: str,
    event_at: datetime,
    business_date: date,
    owed_by: str,
    amount: Money,
    charge: Part | None = None,
    excise: Part | None = None,
) -> Journal:
    """It was paid after it had been voided: taken again, from the account or, where that is empty, owed to us."""
    on_top = [part for part in (charge, excise) if part is not None]
    taken = sum((part[1] for part in on_top), start=amount)
    return Journal(
        key=f"payout:{payment_id}:late",
        kind="payout_held",
        event_at=event_at,
        business_date=business_date,
        lines=sides(debits=[(owed_by, taken)], credits_=[(Gl.PAYOUTS_HELD, amount), *on_top]),
        meta={"payment": payment_id},
    )


def payable_remitted(
    *, key: str, kind: str, event_at: datetime, business_date: date, payable: Part, paid_from: str = Gl.BANK
) -> Journal:
    """What was collected for others is handed on: tax to the state, premiums to the insurer."""
    return Journal(
        key=key,
        kind=kind,
        event_at=event_at,
        business_date=business_date,
        lines=sides(debits=[payable], credits_=[(paid_from, payable[1])]),
    )


def money_moved_between_own(
    *, key: str, event_at: datetime, business_date: date, given_from: str, given_to: str, amount: Money
) -> Journal:
    """The society moved its own money: paybill to bank, bank to utility float, vault to till."""
    return Journal(
        key=key,
        kind="own_transfer",
        event_at=event_at,
        business_date=business_date,
        lines=sides(debits=[(given_to, amount)], credits_=[(given_from, amount)]),
    )
