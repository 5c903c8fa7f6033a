"""Which entries do members' savings and deposits make? Money in, between accounts, interest, fees. No I/O."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from core.ledger.chart import Gl, code_in
from core.ledger.journal import Journal
from core.ledger.postings.sides import Part, sides, total
from core.ledger.product_accounts import SavingsAccounts
from core.money import Money


def money_paid_in(
    *,
    key: str,
    kind: str,
    event_at: datetime,
    business_date: date,
    account: str,
    amount: Money,
    received_in: str = Gl.BANK,
) -> Journal:
    """A member paid into an account of theirs: over the bank, the paybill or the counter."""
    return Journal(
        key=key,
        kind=kind,
        event_at=event_at,
        business_date=business_date,
        lines=sides(debits=[(received_in, amount)], credits_=[(account, amount)]),
    )


def money_paid_out(
    *,
    key: str,
    kind: str,
    event_at: datetime,
    business_date: date,
    account: str,
    amount: Money,
    paid_from: str = Gl.BANK,
) -> Journal:
    """A member took money out of an account of theirs: over the bank or the counter."""
    return Journal(
        key=key,
        kind=kind,
        event_at=event_at,
        business_date=business_date,
        lines=sides(debits=[(account, amount)], credits_=[(paid_from, amount)]),
    )


def money_transferred(
    *, key: str, kind: str, event_at: datetime, business_date: date, given_from: str, given_to: Sequence[Part]
) -> Journal:
    """From one account to others: a member's own (standing order, sweep) or other members'."""
    return Journal(
        key=key,
        kind=kind,
        event_at=event_at,
        business_date=business_date,
        lines=sides(debits=[(given_from, total(given_to))], credits_=given_to),
    )


def account_fee_charged(
    *,
    key: str,
    event_at: datetime,
    business_date: date,
    account: str,
    accounts: SavingsAccounts,
    fee: Money,
    excise: Money,
) -> Journal:
    """A member paid a fee out of an account; the excise on it is the state's."""
    return Journal(
        key=key,
        kind="account_fee",
        event_at=event_at,
        business_date=business_date,
        lines=sides(
            debits=[(account, fee + excise)],
            credits_=[(accounts.fee_income, fee), (accounts.excise, excise)],
        ),
    )


def fee_paid(
    *,
    key: str,
    event_at: datetime,
    business_date: date,
    received_in: str,
    fee: Money,
    excise: Money,
    meta: Mapping[str, str],
) -> Journal:
    """A member paid a fee of the society with money from outside; the excise on it is the state's."""
    currency = fee.currency
    return Journal(
        key=key,
        kind="fee_paid",
        event_at=event_at,
        business_date=business_date,
        lines=sides(
            debits=[(received_in, fee + excise)],
            credits_=[(code_in(Gl.ACCOUNT_FEES, currency), fee), (code_in(Gl.EXCISE_DUTY, currency), excise)],
        ),
        meta=dict(meta),
    )


def savings_interest_accrued(
    *,
    product: str,
    run: str,
    event_at: datetime,
    business_date: date,
    accounts: SavingsAccounts,
    amount: Money,
) -> Journal:
    """Interest of all accounts of a product since the last accrual, not yet the members'; below zero, taken back."""
    return Journal(
        key=f"savings_interest:{product}:{business_date.isoformat()}:{run}",
        kind="savings_interest_accrual",
        event_at=event_at,
        business_date=business_date,
        lines=sides(
            debits=[(accounts.interest_expense, amount)], credits_=[(accounts.interest_payable, amount)]
        ),
        meta={"product": product},
    )


def savings_interest_posted(
    *,
    account_id: str,
    event_at: datetime,
    business_date: date,
    account: str,
    accounts: SavingsAccounts,
    accrued: Money,
    not_accrued: Money,
    withheld: Money,
) -> Journal:
    """Interest became the member's, less the tax withheld.

    `accrued` had been booked as payable; `not_accrued` is expense of this day, below zero where too much had been.
    """
    return Journal(
        key=f"savings_interest:{account_id}:{business_date.isoformat()}",
        kind="savings_interest",
        event_at=event_at,
        business_date=business_date,
        lines=sides(
            debits=[(accounts.interest_payable, accrued), (accounts.interest_expense, not_accrued)],
            credits_=[(accounts.withholding, withheld), (account, accrued + not_accrued - withheld)],
        ),
        meta={"account": account_id},
    )


def overdraft_interest_charged(
    *,
    account_id: str,
    event_at: datetime,
    business_date: date,
    account: str,
    accounts: SavingsAccounts,
    amount: Money,
) -> Journal:
    """A member pays for having been below zero: apart from interest earned, never netted with it."""
    return Journal(
        key=f"overdraft_interest:{account_id}:{business_date.isoformat()}",
        kind="overdraft_interest",
        event_at=event_at,
        business_date=business_date,
        lines=sides(debits=[(account, amount)], credits_=[(accounts.overdraft_income, amount)]),
        meta={"account": account_id},
    )


def fixed_deposit_opened(
    *, deposit_id: str, event_at: datetime, business_date: date, paid_from: str, deposit: Part
) -> Journal:
    """Money was bound for a term, from an account of the member's or from where it came in."""
    return Journal(
        key=fixed_deposit_opening_key(deposit_id),
        kind="fixed_deposit_opened",
        event_at=event_at,
        business_date=business_date,
        lines=sides(debits=[(paid_from, deposit[1])], credits_=[deposit]),
        meta={"deposit": deposit_id},
    )


def fixed_deposit_opening_key(deposit_id: str) -> str:
    """Under which key the amount bound stands in the books."""
    return f"fixed_deposit:{deposit_id}:opened"


def fixed_deposit_ended(
    *,
    deposit_id: str,
    kind: str,
    event_at: datetime,
    business_date: date,
    deposit: Part,
    accounts: SavingsAccounts,
    accrued: Money,
    interest: Money,
    withheld: Money,
    paid_to: str,
) -> Journal:
    """A fixed deposit matured or was broken: principal and interest less tax go to an account of the member's.

    All that was accrued leaves the payable. `interest` is what the member earns: where it is less, as after an
    early break, the rest comes back from expense.
    """
    _, principal = deposit
    return Journal(
        key=f"fixed_deposit:{deposit_id}:ended",
        kind=kind,
        event_at=event_at,
        business_date=business_date,
        lines=sides(
            debits=[
                deposit,
                (accounts.interest_payable, accrued),
                (accounts.interest_expense, interest - accrued),
            ],
            credits_=[(accounts.withholding, withheld), (paid_to, principal + interest - withheld)],
        ),
        meta={"deposit": deposit_id},
    )
