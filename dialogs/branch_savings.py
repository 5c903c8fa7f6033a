"""How does the branch's desk move saved money? The part of `BranchDesk` about accounts, shares, orders and terms."""

from datetime import date

from core.clock import business_date
from core.collecting import request_payment
from core.db.engine import ReadSession
from core.errors import NoShareAccount, UnknownSavingsAccount
from core.members import store as members
from core.money import Money
from core.payments.model import Purpose
from core.payouts.model import PayoutState
from core.savings import order_store, rules, term_store
from core.savings import store as savings
from core.savings.goals import GoalStanding
from core.savings.model import Account, AccountStatus, SavingsProduct
from core.savings.order_store import StandingOrder
from core.savings.periods import months_later
from core.savings.products import USUAL_PRODUCTS, Withdrawal
from core.savings.service import standing_orders
from core.savings.service.accounts import goal_standing, open_account, set_goal
from core.savings.service.break_quote import quote_break
from core.savings.service.money import transfer
from core.savings.service.term_deposits import break_term, open_fixed_deposit
from core.savings.service.withdraw import quote_withdrawal, request_withdrawal
from core.savings.standing_orders import Destination, OrderStatus, OrderTerms, Trigger
from core.savings.term_deposits import AtMaturity, TermState, offer
from core.savings.withdrawals import WithdrawalTerms
from core.shares import store as share_store
from core.shares.model import USUAL_SHARES, ShareAccount
from core.shares.service import buy_shares, order_shares
from dialogs.counter import Counter
from dialogs.savings_desk import (
    AccountHeld,
    BreakCost,
    FixedHeld,
    FixedOffer,
    GoalHeld,
    OrderHeld,
    SavingsDesk,
    SharesHeld,
    WithdrawalCost,
)


class BranchSavings(Counter, SavingsDesk):
    """Each method is one use case of savings or shares in one transaction."""

    _withdrawals: WithdrawalTerms

    async def accounts(self, member_id: str) -> tuple[AccountHeld, ...]:
        async with self._database.reading() as session:
            found = await savings.of_member(session, member_id)
        return tuple(_held(account) for account in sorted(found, key=_place))

    async def shares_held(self, member_id: str) -> SharesHeld:
        async with self._database.reading() as session:
            own = await _own_shares(session, member_id)
        return SharesHeld(own.account_id, own.balance, USUAL_SHARES.price)

    async def collect(
        self, *, payment_id: str, member_id: str, purpose: Purpose, subject: str, amount: Money, channel: str
    ) -> Money:
        async with self._database.unit_of_work() as session:
            payment = await request_payment(
                session,
                payment_id=payment_id,
                member=await members.find(session, member_id),
                purpose=purpose,
                subject=subject,
                amount=amount,
                channel=channel,
                now=self._clock.now(),
            )
        return payment.collected

    async def withdrawal_cost(self, member_id: str, *, account_id: str, amount: Money) -> WithdrawalCost:
        async with self._database.reading() as session:
            quoted = await quote_withdrawal(
                session,
                member_id=member_id,
                account_id=account_id,
                amount=amount,
                now=self._clock.now(),
                terms=self._withdrawals,
            )
        return WithdrawalCost(quoted.cost, quoted.total)

    async def withdraw(
        self,
        *,
        payout_id: str,
        member_id: str,
        account_id: str,
        amount: Money,
        total_shown: Money,
        channel: str,
    ) -> bool:
        async with self._database.unit_of_work() as session:
            payout = await request_withdrawal(
                session,
                ids=self._ids,
                payout_id=payout_id,
                member_id=member_id,
                account_id=account_id,
                amount=amount,
                total_shown=total_shown,
                channel=channel,
                now=self._clock.now(),
                terms=self._withdrawals,
            )
        return payout.state is PayoutState.AWAITING_APPROVAL

    async def receiving_account(self, member_id: str) -> str:
        async with self._database.reading() as session:
            for account in await savings.of_member(session, member_id):
                if account.product is SavingsProduct.SAVINGS:
                    return account.account_id
        raise UnknownSavingsAccount(account=SavingsProduct.SAVINGS)

    async def transfer(
        self, *, key: str, member_id: str, source_id: str, destination_id: str, amount: Money
    ) -> None:
        async with self._database.unit_of_work() as session:
            await transfer(
                session,
                ids=self._ids,
                key=key,
                member_id=member_id,
                source_id=source_id,
                destination_id=destination_id,
                amount=amount,
                now=self._clock.now(),
            )

    async def buy_shares(self, *, key: str, member_id: str, source_id: str, amount: Money) -> Money:
        async with self._database.unit_of_work() as session:
            await buy_shares(
                session,
                key=key,
                member_id=member_id,
                source_id=source_id,
                amount=amount,
                now=self._clock.now(),
            )
            return (await _own_shares(session, member_id)).balance

    async def orders(self, member_id: str) -> tuple[OrderHeld, ...]:
        async with self._database.reading() as session:
            found = await order_store.of_member(session, member_id)
            return tuple([await _order(session, order) for order in found])

    async def first_run(self, day_of_month: int) -> date:
        today = business_date(self._clock.now())
        this_month = today.replace(day=day_of_month)
        return this_month if this_month > today else months_later(this_month, 1)

    async def set_order(
        self,
        *,
        order_id: str,
        member_id: str,
        source_id: str,
        destination_id: str,
        amount: Money,
        starts_on: date,
    ) -> None:
        terms = OrderTerms(Trigger.ON_DATE, amount, Money.zero(amount.currency), starts_on)
        now = self._clock.now()
        async with self._database.unit_of_work() as session:
            own = await share_store.find(session, member_id)
            if own is not None and own.account_id == destination_id:
                await order_shares(
                    session, order_id=order_id, member_id=member_id, source_id=source_id, terms=terms, now=now
                )
                return
            await standing_orders.set_order(
                session,
                order_id=order_id,
                member_id=member_id,
                source_id=source_id,
                destination=Destination.ACCOUNT,
                destination_id=destination_id,
                terms=terms,
                now=now,
            )

    async def pause_order(self, member_id: str, order_id: str) -> None:
        async with self._database.unit_of_work() as session:
            await standing_orders.pause_order(
                session, order_id=order_id, member_id=member_id, now=self._clock.now()
            )

    async def resume_order(self, member_id: str, order_id: str) -> None:
        async with self._database.unit_of_work() as session:
            await standing_orders.resume_order(
                session, order_id=order_id, member_id=member_id, now=self._clock.now()
            )

    async def end_order(self, member_id: str, order_id: str) -> None:
        async with self._database.unit_of_work() as session:
            await standing_orders.end_order(
                session, order_id=order_id, member_id=member_id, now=self._clock.now()
            )

    async def goals(self, member_id: str) -> tuple[GoalHeld, ...]:
        today = business_date(self._clock.now())
        found = []
        async with self._database.reading() as session:
            for account in await savings.of_member(session, member_id):
                stored = await term_store.goal(session, account.account_id)
                standing = await goal_standing(session, account_id=account.account_id, on=today)
                if stored is not None and standing is not None:
                    found.append(_goal(account, standing, stored[1]))
        return tuple(found)

    async def start_goal(
        self, *, account_id: str, member_id: str, name: str, target: Money, months: int
    ) -> GoalHeld:
        now = self._clock.now()
        target_on = months_later(business_date(now), months)
        async with self._database.unit_of_work() as session:
            account = await open_account(
                session,
                account_id=account_id,
                member_id=member_id,
                product=SavingsProduct.GOAL,
                name=name,
                now=now,
            )
            standing = await set_goal(
                session,
                account_id=account_id,
                member_id=member_id,
                target=target,
                target_on=target_on,
                now=now,
            )
        return _goal(account, standing, target_on)

    async def fixed_offer(self, amount: Money, months: int) -> FixedOffer:
        today = business_date(self._clock.now())
        terms = USUAL_PRODUCTS[SavingsProduct.FIXED_DEPOSIT]
        made = offer(terms, amount=amount, months=months, on=today)
        return FixedOffer(str(made.percent), made.interest, made.matures_on)

    async def open_fixed(
        self, *, account_id: str, member_id: str, source_id: str, amount: Money, months: int
    ) -> None:
        async with self._database.unit_of_work() as session:
            await open_fixed_deposit(
                session,
                account_id=account_id,
                member_id=member_id,
                source_id=source_id,
                amount=amount,
                months=months,
                at_maturity=AtMaturity.PAY_OUT,
                now=self._clock.now(),
            )

    async def fixed_deposits(self, member_id: str) -> tuple[FixedHeld, ...]:
        found = []
        async with self._database.reading() as session:
            for account in await savings.of_member(session, member_id):
                if account.product is not SavingsProduct.FIXED_DEPOSIT:
                    continue
                term = await term_store.find(session, account.account_id)
                if term is not None and term.state is TermState.RUNNING:
                    found.append(FixedHeld(account.account_id, account.balance, term.matures_on))
        return tuple(found)

    async def break_cost(self, member_id: str, account_id: str) -> BreakCost:
        async with self._database.unit_of_work() as session:
            quoted = await quote_break(
                session, account_id=account_id, member_id=member_id, now=self._clock.now()
            )
        return BreakCost(quoted.paid, quoted.lost)

    async def break_fixed(self, member_id: str, account_id: str) -> Money:
        async with self._database.unit_of_work() as session:
            return await break_term(
                session, ids=self._ids, account_id=account_id, member_id=member_id, now=self._clock.now()
            )


async def _own_shares(session: ReadSession, member_id: str) -> ShareAccount:
    own = await share_store.find(session, member_id)
    if own is None:
        raise NoShareAccount
    return own


def _place(account: Account) -> tuple[int, date, str]:
    """Savings first, and one product's accounts by age: so that a member finds each where it was."""
    return (list(SavingsProduct).index(account.product), account.opened_on, account.account_id)


def _held(account: Account) -> AccountHeld:
    is_free = USUAL_PRODUCTS[account.product].withdrawal is Withdrawal.AT_ANY_TIME
    return AccountHeld(
        account_id=account.account_id,
        product=account.product,
        name=account.name,
        balance=account.balance,
        available=max(account.available, Money.zero(account.balance.currency)),
        pays_out=is_free and account.status is AccountStatus.ACTIVE,
        takes_money=rules.takes_money(account),
    )


async def _order(session: ReadSession, order: StandingOrder) -> OrderHeld:
    destination = str(order.destination)
    if order.destination is Destination.ACCOUNT:
        account = await savings.find(session, order.destination_id)
        destination = "other" if account is None else account.product
    return OrderHeld(
        order_id=order.order_id,
        amount=order.terms.amount or order.terms.keep,
        destination=destination,
        due_on=order.due_on,
        is_open=order.status is OrderStatus.OPEN,
        is_paused=order.status is OrderStatus.PAUSED,
    )


def _goal(account: Account, standing: GoalStanding, target_on: date) -> GoalHeld:
    return GoalHeld(
        account_id=account.account_id,
        name=account.name,
        saved=standing.saved,
        target=standing.target,
        target_on=target_on,
        percent=standing.percent,
        monthly=standing.monthly_needed,
    )
