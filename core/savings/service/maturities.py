"""What happens when an agreed time ends? Interest less tax, then paid out or begun again; set-based."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from core.db.engine import WriteSession
from core.ids import Ids
from core.ledger import postings
from core.ledger import store as ledger
from core.ledger.journal import Journal
from core.money import Money
from core.notices.bulk import News, tell_members
from core.notices.model import NoticeKind
from core.savings import interest_store, store, term_store
from core.savings.interest_store import PostedInterest, Running, Turned
from core.savings.interest_terms import Rates
from core.savings.model import Account, AccountStatus
from core.savings.periods import Period, months_later
from core.savings.products import USUAL_PRODUCTS, Catalogue
from core.savings.service.interest import posting_of
from core.savings.term_deposits import AtMaturity, TermState, broken_percent, rules_of
from core.savings.term_store import TermDeposit
from core.savings.withholding import TaxedPayment


@dataclass(frozen=True, slots=True)
class Ending:
    """One deposit whose time is over: what it comes to on `on`."""

    deposit: TermDeposit
    running: Running
    payout: Account
    on: date
    interest: Money
    tax: Money

    @property
    def principal(self) -> Money:
        return Money(self.running.balance, self.running.currency)

    @property
    def paid(self) -> Money:
        """What the payout account gets when it ends for good."""
        return self.principal + self.interest - self.tax

    @property
    def keeps_all(self) -> bool:
        """Held money is not paid out: such a deposit begins again with its interest, whatever was asked for."""
        is_payable = self.running.minimum <= 0 and self.payout.status is not AccountStatus.CLOSED
        return not is_payable or self.deposit.at_maturity is AtMaturity.RENEW_ALL

    @property
    def renews(self) -> bool:
        """An empty one does not: nobody paid into it."""
        wanted = self.keeps_all or self.deposit.at_maturity is AtMaturity.RENEW_PRINCIPAL
        return wanted and bool(self.principal)


async def mature_terms(
    session: WriteSession,
    *,
    ids: Ids,
    on: date,
    now: datetime,
    most: int = 500,
    products: Catalogue = USUAL_PRODUCTS,
) -> int:
    """End or renew up to `most` deposits whose time is over by that day; how many. Call until none."""
    deposits = await term_store.lock_maturing(session, on=on, most=most)
    endings = await endings_of(session, deposits, products)
    await _renew(session, [ending for ending in endings if ending.renews], products, now)
    ended = [ending for ending in endings if not ending.renews]
    await end_terms(session, ended, TermState.MATURED, products=products, now=now)
    await tell_owners(session, ids, endings, now)
    return len(deposits)


async def endings_of(
    session: WriteSession,
    deposits: Sequence[TermDeposit],
    products: Catalogue,
    *,
    broken_on: date | None = None,
) -> list[Ending]:
    """What locked deposits come to at maturity, or at the lower rate when broken before; accounts are locked."""
    payouts = await store.lock(
        session, [id_ for d in deposits for id_ in (d.account_id, d.payout_account_id)]
    )
    running = await interest_store.lock_some(session, [d.account_id for d in deposits])
    withholding = await interest_store.withholding(session)
    endings = []
    for deposit in deposits:
        account = running[deposit.account_id]
        on = broken_on or deposit.matures_on
        interest = Money(_interest(account, products, on, is_broken=broken_on is not None), account.currency)
        tax = withholding.withheld(interest, TaxedPayment.DEPOSIT_INTEREST, account.residence, on=on)
        endings.append(Ending(deposit, account, payouts[deposit.payout_account_id], on, interest, tax))
    return endings


def _interest(running: Running, products: Catalogue, until: date, *, is_broken: bool) -> int:
    terms = products[running.product]
    agreed = running.agreed_percent or Fraction(0)
    percent = broken_percent(terms, agreed) if is_broken else agreed
    if terms.interest is None or until <= running.since:
        return 0
    account = running.at_percent(percent)
    return posting_of(
        account, terms.interest, Rates.fixed(percent), Period(running.since, until, until)
    ).interest


async def end_terms(
    session: WriteSession,
    endings: Sequence[Ending],
    state: TermState,
    *,
    products: Catalogue,
    now: datetime,
) -> None:
    """Pay everything to the payout accounts and close the deposits."""
    journals = [
        postings.fixed_deposit_ended(
            deposit_id=f"{ending.deposit.account_id}:{ending.deposit.began_on.isoformat()}",
            kind=f"term_deposit_{state}",
            event_at=now,
            business_date=ending.on,
            deposit=(ending.running.ledger_code, ending.principal),
            accounts=products.accounts(ending.running.product, ending.running.currency),
            accrued=Money.zero(ending.running.currency),
            interest=ending.interest,
            withheld=ending.tax,
            paid_to=ending.payout.ledger_code,
        )
        for ending in endings
        if ending.principal
    ]
    await ledger.post_batch(session, journals)
    await _keep(session, endings)
    await term_store.end(session, [ending.deposit.account_id for ending in endings], state)
    for ending in endings:
        await store.set_status(session, ending.deposit.account_id, AccountStatus.CLOSED, closed_on=ending.on)


async def _renew(
    session: WriteSession, endings: Sequence[Ending], products: Catalogue, now: datetime
) -> None:
    journals = [_interest_journal(ending, products, now) for ending in endings if ending.interest]
    await ledger.post_batch(session, journals)
    await _keep(session, endings)
    turned = [
        Turned(ending.deposit.account_id, ending.on, *ending.running.brought_into(ending.on), posts_on=None)
        for ending in endings
    ]
    await interest_store.turn_periods(session, turned)
    await term_store.renew(session, [_next_term(ending, products) for ending in endings])


def _interest_journal(ending: Ending, products: Catalogue, now: datetime) -> Journal:
    account = ending.running.ledger_code if ending.keeps_all else ending.payout.ledger_code
    return postings.savings_interest_posted(
        account_id=ending.deposit.account_id,
        event_at=now,
        business_date=ending.on,
        account=account,
        accounts=products.accounts(ending.running.product, ending.running.currency),
        accrued=Money.zero(ending.running.currency),
        not_accrued=ending.interest,
        withheld=ending.tax,
    )


def _next_term(ending: Ending, products: Catalogue) -> tuple[str, date, date, Fraction]:
    """As long as before, at what the product gives now."""
    months = ending.deposit.months
    begins_with = ending.paid if ending.keeps_all else ending.principal
    rules = rules_of(products[ending.running.product])
    percent = rules.percent(months=months, amount_minor=begins_with.minor)
    return ending.deposit.account_id, ending.on, months_later(ending.on, months), percent


async def _keep(session: WriteSession, endings: Sequence[Ending]) -> None:
    kept = [
        PostedInterest(
            account_id=ending.deposit.account_id,
            start=ending.running.since,
            end=ending.on,
            posted_on=ending.on,
            interest=ending.interest.minor,
            tax=ending.tax.minor,
            overdraft=0,
            overdraft_let_go=0,
            currency=ending.running.currency,
        )
        for ending in endings
        if ending.interest
    ]
    await interest_store.keep_postings(session, kept)


async def tell_owners(session: WriteSession, ids: Ids, endings: Sequence[Ending], now: datetime) -> None:
    """What each deposit came to."""
    news = [
        News(
            ending.running.member_id,
            NoticeKind.TERM_ENDED,
            {
                "account": ending.running.product.value,
                "amount": str(ending.principal),
                "interest": str(ending.interest - ending.tax),
            },
            f"term:{ending.deposit.account_id}:{ending.deposit.began_on.isoformat()}",
        )
        for ending in endings
        if ending.principal
    ]
    await tell_members(session, ids=ids, news=news, now=now)
