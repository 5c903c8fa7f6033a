"""What does the end of a day do to running loans? Income, arrears, provisions and penalties.

Everything here may run again for the same day: it finds nothing new to write. The caller's transaction holds all of a
step, so that the rows and the journal over them are written together.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta

from core.db.engine import WriteSession
from core.ledger import postings
from core.ledger import store as ledger
from core.ledger.chart import HOME_CURRENCY, Gl
from core.ledger.journal import Journal
from core.ledger.product_accounts import LoanAccounts, loan_accounts, loan_product_terms
from core.lending import penalty_events, penalty_store, recognition_store, standing_store
from core.lending.impairment import statutory_reserve
from core.money import Money

_RUN = "day_close"


async def accrue_interest(session: WriteSession, *, on: date, at: datetime) -> int:
    """The day's interest of all loans becomes income, one journal a product; how many instalments it is of."""
    await recognition_store.hold_running_loans(session)
    found = await recognition_store.accrue_interest(session, on=on)
    await _open_accounts(session)
    journals = []
    for one in found:
        accounts = loan_accounts(one.product, one.amount.currency)
        is_own = one.interest_code != accounts.interest_due
        journals.append(
            postings.interest_accrued(
                product=one.product,
                run=one.interest_code if is_own else _RUN,
                event_at=at,
                business_date=on,
                accounts=replace(accounts, interest_due=one.interest_code),
                amount=one.amount,
            )
        )
    await ledger.post_batch(session, journals)
    return sum(one.rows for one in found)


async def recognise_fees(session: WriteSession, *, on: date, at: datetime) -> int:
    """Fees of instalments due by the day become income, one journal a product; how many instalments."""
    await recognition_store.hold_running_loans(session)
    found = await recognition_store.recognise_fees(session, on=on)
    await _open_accounts(session)
    journals = [
        postings.loan_fees_fell_due(
            product=one.product,
            run=_RUN,
            event_at=at,
            business_date=on,
            accounts=loan_accounts(one.product, one.amount.currency),
            fee=one.amount,
            excise=Money.zero(one.amount.currency),
            insurance=Money.zero(one.amount.currency),
        )
        for one in found
    ]
    await ledger.post_batch(session, journals)
    return sum(one.rows for one in found)


async def age_loans(session: WriteSession, *, on: date) -> int:
    """How every running loan stands at the end of the day; how many."""
    return await standing_store.age_loans(session, on=on)


async def suspend_interest(session: WriteSession, *, on: date, at: datetime) -> int:
    """Bring interest in suspense to what is unpaid on loans that don't perform, as last aged; journals posted.

    The account is compared with what it should hold, so interest that was paid since, and that of loans that
    perform again, comes back to income by itself.
    """
    await _open_accounts(session)
    wanted = await recognition_store.unpaid_on_bad_loans(session)
    journals = []
    for product, currency in await recognition_store.products_lent(session):
        accounts = loan_accounts(product, currency)
        held = -await ledger.balance(session, accounts.interest_in_suspense)
        change = wanted.get((product, currency), Money.zero(currency)) - held
        if change:
            journals.append(
                postings.interest_accrued(
                    product=product,
                    run=f"suspense:{held.minor}",
                    event_at=at,
                    business_date=on,
                    accounts=accounts,
                    amount=Money.zero(currency),
                    suspended=change,
                )
            )
    await ledger.post_batch(session, journals)
    return len(journals)


async def provide_for_losses(session: WriteSession, *, on: date, at: datetime) -> int:
    """Bring each product's allowance to the loss expected, and the reserve to what the regulator asks above it.

    Loans count as last aged. How many journals it took.
    """
    await _open_accounts(session)
    journals, provision, expected = [], Money.zero(), Money.zero()
    for product, currency in await recognition_store.products_lent(session):
        required, loss = await standing_store.losses(session, product)
        accounts = loan_accounts(product, currency)
        held = -await ledger.balance(session, accounts.allowance)
        if loss != held:
            journals.append(_allowance_moved(product, accounts, loss - held, held, on, at))
        if currency is HOME_CURRENCY:
            provision, expected = provision + required, expected + loss
    reserved = await ledger.balance(session, Gl.LOAN_LOSS_RESERVE)
    change = statutory_reserve(provision=provision, expected=expected) - reserved
    if change:
        journals.append(
            postings.loan_loss_reserve_changed(
                run=f"{_RUN}:{reserved.minor}", event_at=at, business_date=on, change=change
            )
        )
    await ledger.post_batch(session, journals)
    return len(journals)


def _allowance_moved(
    product: str, accounts: LoanAccounts, change: Money, held: Money, on: date, at: datetime
) -> Journal:
    return postings.provision_changed(
        product=product,
        run=f"{_RUN}:{held.minor}",
        event_at=at,
        business_date=on,
        accounts=accounts,
        change=change,
    )


async def charge_penalties(session: WriteSession, *, on: date, at: datetime) -> int:
    """Charge the penalties of the day after `on`, as it begins; one journal a product; how many penalties.

    Each is a line in its loan's log too, so that the loan stays a function of its events.
    """
    day = on + timedelta(days=1)
    await recognition_store.hold_running_loans(session)
    charged = await penalty_store.charge_penalties(session, on=day)
    await penalty_events.enter(session, for_day=day, at=at)
    await _open_accounts(session)
    journals = [
        postings.penalties_charged(
            product=one.product,
            run=_RUN,
            event_at=at,
            business_date=day,
            accounts=loan_accounts(one.product, one.amount.currency),
            amount=one.amount,
        )
        for one in charged
    ]
    await ledger.post_batch(session, journals)
    return sum(one.charges for one in charged)


async def _open_accounts(session: WriteSession) -> None:
    """The control accounts of every product lent, for a product that was never booked so far."""
    for product, currency in await recognition_store.products_lent(session):
        await ledger.open_accounts(session, loan_product_terms(product, product, currency))
