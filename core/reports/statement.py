"""What happened on a member's accounts between two days? Statements that add up; one that doesn't can't be built."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import accumulate, pairwise
from typing import TypeVar

import msgspec

from core.errors import StatementPeriodInvalid
from core.ledger.account import Side
from core.money import Currency, Money

_CHECK_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Thirty-two signs of which no two look alike in print."""


@dataclass(frozen=True, slots=True)
class Period:
    """Business days, both included. Raises StatementPeriodInvalid where the last is before the first."""

    since: date
    until: date

    def __post_init__(self) -> None:
        if self.until < self.since:
            raise StatementPeriodInvalid(since=self.since, until=self.until)

    def __contains__(self, day: date) -> bool:
        return self.since <= day <= self.until


@dataclass(frozen=True, slots=True)
class Movement:
    """One posting on one account: an amount on one side, zero on the other."""

    on: date
    """The business date, by which statements are ordered."""
    at: datetime
    kind: str
    """The journal's kind; its name is a text key `movement.<kind>`."""
    reference: str
    """The provider's receipt where there is one, else the number of the journal."""
    debit: Money
    credit: Money

    def __post_init__(self) -> None:
        if (self.debit.minor > 0) == (self.credit.minor > 0) or min(self.debit.minor, self.credit.minor) < 0:
            raise ValueError(f"a movement has one side: {self.debit} debit, {self.credit} credit")


@dataclass(frozen=True, slots=True)
class AccountStatement:
    """One account over a period. Raises ValueError where opening and movements do not make the closing balance.

    Balances stand on the side on which the account grows: credit for what the society owes the member.
    """

    number: str
    product: str
    """Its name is a text key `document.account.<product>`."""
    period: Period
    opening: Money
    movements: tuple[Movement, ...]
    closing: Money
    grows_by: Side = Side.CREDIT

    def __post_init__(self) -> None:
        _refuse_disorder(self.movements, self.period)
        led_to = self.opening + self._grown(self.total_debit, self.total_credit)
        if led_to != self.closing:
            raise ValueError(f"{self.number}: movements lead to {led_to}, the books say {self.closing}")

    def lines(self) -> Iterator[tuple[Movement, Money]]:
        """Each movement with the balance after it."""
        balances = accumulate(
            (self._grown(each.debit, each.credit) for each in self.movements), initial=self.opening
        )
        next(balances)
        return zip(self.movements, balances, strict=True)

    def _grown(self, debit: Money, credit: Money) -> Money:
        return credit - debit if self.grows_by is Side.CREDIT else debit - credit

    @property
    def total_debit(self) -> Money:
        return _sum((each.debit for each in self.movements), self.opening.currency)

    @property
    def total_credit(self) -> Money:
        return _sum((each.credit for each in self.movements), self.opening.currency)


@dataclass(frozen=True, slots=True)
class Portions:
    """An amount of a loan by what it is for."""

    principal: Money
    interest: Money
    fees: Money
    penalties: Money

    @classmethod
    def nothing(cls, currency: Currency) -> "Portions":
        zero = Money.zero(currency)
        return cls(zero, zero, zero, zero)

    @property
    def total(self) -> Money:
        return self.principal + self.interest + self.fees + self.penalties

    def __add__(self, other: "Portions") -> "Portions":
        return Portions(
            self.principal + other.principal,
            self.interest + other.interest,
            self.fees + other.fees,
            self.penalties + other.penalties,
        )

    def __neg__(self) -> "Portions":
        return Portions(-self.principal, -self.interest, -self.fees, -self.penalties)

    @property
    def is_any_negative(self) -> bool:
        return min(self.principal, self.interest, self.fees, self.penalties).minor < 0


@dataclass(frozen=True, slots=True)
class LoanMovement:
    """One event on a loan: what it added to the debt and what it paid off, either of which may be nothing.

    Interest that is paid before it falls due is charged and paid by the same movement.
    """

    on: date
    at: datetime
    kind: str
    reference: str
    charged: Portions
    paid: Portions

    def __post_init__(self) -> None:
        if self.charged.is_any_negative or self.paid.is_any_negative:
            raise ValueError(f"a loan's movement charges and pays, neither below zero: {self!r}")


@dataclass(frozen=True, slots=True)
class LoanStatement:
    """One loan over a period: the debt that is due or lent out, and what was charged and paid.

    Raises ValueError where opening and movements do not make the closing debt, portion by portion.
    """

    number: str
    product: str
    """Its name is a text key `product.<product>`."""
    period: Period
    opening: Portions
    movements: tuple[LoanMovement, ...]
    closing: Portions

    def __post_init__(self) -> None:
        _refuse_disorder(self.movements, self.period)
        led_to = self.opening + self.total_charged + -self.total_paid
        if led_to != self.closing:
            raise ValueError(f"{self.number}: movements lead to {led_to}, the books say {self.closing}")

    def lines(self) -> Iterator[tuple[LoanMovement, Portions]]:
        """Each movement with the debt after it."""
        debts = accumulate((each.charged + -each.paid for each in self.movements), initial=self.opening)
        next(debts)
        return zip(self.movements, debts, strict=True)

    @property
    def total_charged(self) -> Portions:
        return sum((each.charged for each in self.movements), start=self._nothing)

    @property
    def total_paid(self) -> Portions:
        return sum((each.paid for each in self.movements), start=self._nothing)

    @property
    def _nothing(self) -> Portions:
        return Portions.nothing(self.opening.principal.currency)


@dataclass(frozen=True, slots=True)
class MemberHeading:
    """Whose statement it is, as it may be printed: the phone is masked."""

    number: str
    name: str
    phone_masked: str


@dataclass(frozen=True, slots=True)
class MemberStatement:
    """Some or all accounts and loans of a member over one period. Raises ValueError where the periods differ."""

    member: MemberHeading
    period: Period
    accounts: tuple[AccountStatement, ...]
    loans: tuple[LoanStatement, ...]

    def __post_init__(self) -> None:
        periods = {account.period for account in self.accounts} | {loan.period for loan in self.loans}
        if periods - {self.period}:
            raise ValueError("the parts of a statement are of one period")

    @property
    def check_code(self) -> str:
        """A short hash of every figure, the same in any language and form: `H7KX-2M9P-RWQ4-ABCD`.

        Whoever holds a printed statement compares its code with that of a statement made anew from the books.
        """
        digest = hashlib.blake2b(msgspec.json.encode(list(self._facts())), digest_size=10).digest()
        number = int.from_bytes(digest, "big")
        signs = [_CHECK_ALPHABET[number >> shift & 31] for shift in range(75, -1, -5)]
        return "-".join("".join(signs[n : n + 4]) for n in range(0, 16, 4))

    def _facts(self) -> Iterator[list[str]]:
        yield [self.member.number, self.member.name, str(self.period.since), str(self.period.until)]
        for account in self.accounts:
            currency = account.opening.currency
            yield [account.number, account.product, currency, *_plain(account.opening, account.closing)]
            for movement, balance in account.lines():
                amounts = _plain(movement.debit, movement.credit, balance)
                yield [str(movement.on), movement.kind, movement.reference, *amounts]
        for loan in self.loans:
            yield [loan.number, loan.product, loan.opening.principal.currency, *_plain_portions(loan.opening)]
            for event, debt in loan.lines():
                amounts = [*_plain_portions(event.charged), *_plain_portions(event.paid)]
                yield [str(event.on), event.kind, event.reference, *amounts, *_plain_portions(debt)]


_Moved = TypeVar("_Moved", Movement, LoanMovement)


def _refuse_disorder(movements: Iterable[_Moved], period: Period) -> None:
    days = [movement.on for movement in movements]
    if any(earlier > later for earlier, later in pairwise(days)):
        raise ValueError("movements stand in order of their business dates")
    if days and (days[0] not in period or days[-1] not in period):
        raise ValueError(f"movements from {days[0]} to {days[-1]} are not all within {period}")


def _sum(amounts: Iterable[Money], currency: Currency) -> Money:
    return sum(amounts, start=Money.zero(currency))


def _plain(*amounts: Money) -> list[str]:
    return [amount.plain() for amount in amounts]


def _plain_portions(portions: Portions) -> list[str]:
    return _plain(portions.principal, portions.interest, portions.fees, portions.penalties)
