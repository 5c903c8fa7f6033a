"""Post what accounts have earned, and set the rates. Set-based: a few statements for thousands of accounts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from core.audit import store as audit
from core.db.engine import WriteSession
from core.errors import ContradictorySavingsTerms
from core.ledger import postings
from core.ledger import store as ledger
from core.ledger.chart import HOME_CURRENCY
from core.ledger.journal import Journal
from core.money import Currency, Money
from core.savings import interest_store
from core.savings.interest import Posting, earned, rounded
from core.savings.interest_store import PostedInterest, Running, Turned
from core.savings.interest_terms import InterestTerms, Rates
from core.savings.model import SavingsProduct
from core.savings.periods import Period, period_from
from core.savings.products import USUAL_PRODUCTS, Catalogue
from core.savings.rates import account_rates
from core.savings.withholding import Residence, TaxedPayment, WithholdingRates

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Figures:
    """What one account's period comes to, ready to be posted."""

    running: Running
    period: Period
    interest: Money
    tax: Money
    overdraft: Money
    let_go: Money


async def post_interest(
    session: WriteSession, *, on: date, now: datetime, most: int = 2_000, products: Catalogue = USUAL_PRODUCTS
) -> int:
    """Post the interest of up to `most` accounts whose period ends by `on`, less tax; how many. Call until none.

    An account that is periods behind is posted one period a call, each with its own date. A second run of the
    same day finds nothing to do.
    """
    due = await interest_store.lock_due(session, on=on, most=most)
    if not due:
        return 0
    rates = await interest_store.rates(session, products)
    withholding = await interest_store.withholding(session)
    figures = [_figures_due(running, products, rates, withholding) for running in due]
    await post_figures(session, figures, products, now)
    await interest_store.turn_periods(
        session, [_turned(one, _terms(one.running, products)) for one in figures]
    )
    return len(due)


def _terms(running: Running, products: Catalogue) -> InterestTerms:
    terms = products[running.product].interest
    if terms is None:
        raise AssertionError(f"{running.product} earns nothing by the day")
    return terms


def _figures_due(
    running: Running,
    products: Catalogue,
    rates: Mapping[SavingsProduct, Rates],
    withholding: WithholdingRates,
) -> Figures:
    terms = _terms(running, products)
    period = period_from(terms, running.since, opened_on=running.opened_on)
    return figures_of(running, terms, rates, withholding, period)


async def post_figures(
    session: WriteSession, figures: Sequence[Figures], products: Catalogue, now: datetime
) -> None:
    """Post what locked accounts have earned and owe, and write it down."""
    await ledger.post_batch(
        session, [journal for one in figures for journal in _journals(one, products, now)]
    )
    await interest_store.keep_postings(session, [_kept(one) for one in figures if _moved(one)])


def figures_of(
    running: Running,
    terms: InterestTerms,
    rates: Mapping[SavingsProduct, Rates],
    withholding: WithholdingRates,
    period: Period,
) -> Figures:
    """Interest, the tax on it, and what the overdraft costs over a period of one account."""
    made = posting_of(running, terms, rates[running.product], period)
    interest = Money(made.interest, running.currency)
    tax = withholding.withheld(
        interest, TaxedPayment.DEPOSIT_INTEREST, running.residence, on=period.posted_on
    )
    # Never charged past the limit, where it would stop everybody's posting; what is let go is written down.
    room = max(running.balance + (interest - tax).minor - running.minimum, 0)
    charged = min(made.overdraft, room)
    return Figures(
        running,
        period,
        interest,
        tax,
        Money(charged, running.currency),
        Money(made.overdraft - charged, running.currency),
    )


def posting_of(running: Running, terms: InterestTerms, rates: Rates, period: Period) -> Posting:
    """What an account's movements come to over a period, rounded as its terms say."""
    exact = earned(
        terms,
        account_rates(rates, running.agreed_percent),
        opening=running.opening,
        movements=running.movements,
        period=period,
        opened_on=running.opened_on,
    )
    return Posting(period, rounded(exact.interest, terms.rounding), rounded(exact.overdraft, terms.rounding))


def _journals(figures: Figures, products: Catalogue, now: datetime) -> list[Journal]:
    running = figures.running
    accounts = products.accounts(running.product, running.currency)
    made = []
    if figures.interest:
        made.append(
            postings.savings_interest_posted(
                account_id=running.account_id,
                event_at=now,
                business_date=figures.period.posted_on,
                account=running.ledger_code,
                accounts=accounts,
                accrued=Money.zero(running.currency),
                not_accrued=figures.interest,
                withheld=figures.tax,
            )
        )
    if figures.overdraft:
        made.append(
            postings.overdraft_interest_charged(
                account_id=running.account_id,
                event_at=now,
                business_date=figures.period.posted_on,
                account=running.ledger_code,
                accounts=accounts,
                amount=figures.overdraft,
            )
        )
    return made


def _moved(figures: Figures) -> bool:
    return bool(figures.interest or figures.overdraft or figures.let_go)


def _kept(figures: Figures) -> PostedInterest:
    return PostedInterest(
        account_id=figures.running.account_id,
        start=figures.period.start,
        end=figures.period.end,
        posted_on=figures.period.posted_on,
        interest=figures.interest.minor,
        tax=figures.tax.minor,
        overdraft=figures.overdraft.minor,
        overdraft_let_go=figures.let_go.minor,
        currency=figures.running.currency,
    )


def _turned(figures: Figures, terms: InterestTerms) -> Turned:
    running, start = figures.running, figures.period.end
    opening, entry = running.brought_into(start)
    following = period_from(terms, start, opened_on=running.opened_on)
    return Turned(running.account_id, start, opening, entry, following.posted_on)


async def accrue_interest(
    session: WriteSession, *, on: date, now: datetime, products: Catalogue = USUAL_PRODUCTS
) -> int:
    """Book what members have earned up to the end of `on` and not been paid; how many products and currencies moved.

    The payable account is brought to that sum, whatever it held: so a second run changes nothing, and what was
    paid out since comes off by itself. Meant for the last day of a month, before its books are closed.
    """
    rates = await interest_store.rates(session, products)
    journals = []
    for product, terms in products.terms.items():
        if terms.interest is None:
            continue
        for money in await _earned_by_all(session, product, terms.interest, rates[product], on):
            accounts = products.accounts(product, money.currency)
            booked, step = await _booked(session, accounts.interest_payable, money.currency)
            if money != booked:
                journals.append(
                    postings.savings_interest_accrued(
                        product=product,
                        run=f"{money.currency}:{step}",
                        event_at=now,
                        business_date=on,
                        accounts=accounts,
                        amount=money - booked,
                    )
                )
    await ledger.post_batch(session, journals)
    return len(journals)


async def _booked(session: WriteSession, payable: str, currency: Currency) -> tuple[Money, int]:
    """What is booked as payable, and after which entry: no two steps of a day have the same.

    Held for this transaction, so that a second run at once sees what the first has booked.
    """
    step = (await ledger.lock_entries(session, [payable])).get(payable, 0)
    known = await ledger.balances(session, [payable])
    return known.get(payable, Money.zero(currency)), step


async def _earned_by_all(
    session: WriteSession, product: SavingsProduct, terms: InterestTerms, rates: Rates, on: date
) -> list[Money]:
    """The sum over a product's accounts, one amount a currency."""
    # Nothing counts too: it takes back what was booked for accounts that are closed since.
    totals = {HOME_CURRENCY: Money.zero(HOME_CURRENCY)}
    after = ""
    while True:
        page = await interest_store.open_accounts_of(session, product, after=after, most=2_000)
        for running in page:
            if running.since > on:
                continue
            made = posting_of(running, terms, rates, Period(running.since, on + _DAY, on))
            so_far = totals.get(running.currency, Money.zero(running.currency))
            totals[running.currency] = so_far + Money(made.interest, running.currency)
        if not page:
            return list(totals.values())
        after = page[-1].account_id


async def set_rate(
    session: WriteSession,
    *,
    product: SavingsProduct,
    since: date,
    percent: Fraction,
    by: str,
    now: datetime,
    overdraft_percent: Fraction = Fraction(0),
) -> None:
    """The board decides what a product earns from a day on. Raises ContradictorySavingsTerms."""
    _refuse_negative(percent, overdraft_percent)
    await interest_store.set_rate(
        session, product=product, since=since, percent=percent, overdraft_percent=overdraft_percent
    )
    facts = {"since": since.isoformat(), "percent": str(percent), "overdraft": str(overdraft_percent)}
    await audit.record(session, at=now, actor=by, action="savings.rate", subject=product, facts=facts)


async def set_withholding(
    session: WriteSession,
    *,
    payment: TaxedPayment,
    residence: Residence,
    since: date,
    percent: Fraction,
    by: str,
    now: datetime,
) -> None:
    """The law changes what is withheld from a day on. Raises ContradictorySavingsTerms."""
    _refuse_negative(percent)
    await interest_store.set_withholding(
        session, payment=payment, residence=residence, since=since, percent=percent
    )
    facts = {"residence": residence.value, "since": since.isoformat(), "percent": str(percent)}
    await audit.record(session, at=now, actor=by, action="tax.withholding", subject=payment, facts=facts)


async def set_residence(
    session: WriteSession, *, member_id: str, residence: Residence, by: str, now: datetime
) -> None:
    """Where a member pays tax."""
    await interest_store.set_residence(session, member_id=member_id, residence=residence)
    facts = {"residence": residence.value}
    await audit.record(session, at=now, actor=by, action="tax.residence", subject=member_id, facts=facts)


def _refuse_negative(*percents: Fraction) -> None:
    for percent in percents:
        if percent < 0:
            raise ContradictorySavingsTerms(what="percent", value=str(percent))
