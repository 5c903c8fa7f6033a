"""What statements need from outside: someone who puts them on paper or into a file, and the words for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import BinaryIO, Protocol

from core.reports.statement import MemberStatement


class StatementFormat(StrEnum):
    """In which form a statement is handed out."""

    PDF = "pdf"
    """For printing and for a member's phone."""

    CSV = "csv"
    """One flat table, for other programs."""

    XLSX = "xlsx"
    """A sheet per account, with amounts as numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementWords:
    """All words of a statement in one language."""

    title: str
    member: str
    phone: str
    period: str
    made: str
    on: str
    what: str
    reference: str
    account: str
    currency: str
    debit: str
    credit: str
    balance: str
    opening: str
    closing: str
    total: str
    charged: str
    paid: str
    principal: str
    interest: str
    fees: str
    penalties: str
    nothing: str
    check: str
    """Before the check code."""
    check_how: str
    """How one checks it."""
    page: str
    months: tuple[str, ...]
    kinds: Mapping[str, str]
    """Names of movements by the journal's kind; `other` for the rest."""
    accounts: Mapping[str, str]
    """Names of savings and share accounts by product; `other` for the rest."""
    loans: Mapping[str, str]
    """Names of loans by product; `other` for the rest."""

    def kind(self, code: str) -> str:
        return self.kinds.get(code, self.kinds["other"])

    def account_name(self, product: str) -> str:
        return self.accounts.get(product, self.accounts["other"])

    def loan_name(self, product: str) -> str:
        return self.loans.get(product, self.loans["other"])

    def day(self, day: date) -> str:
        """Such as `20 Nov 2026`."""
        return f"{day.day} {self.months[day.month - 1]} {day.year}"


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who hands the statement out, and when."""

    institution: str
    made_at: datetime


class StatementRenderer(Protocol):
    """Writes one form of a statement."""

    @property
    def media_type(self) -> str:
        """Such as `application/pdf`."""
        ...

    def write(self, statement: MemberStatement, words: StatementWords, issuer: Issuer, out: BinaryIO) -> None:
        """Write the whole statement. Works for any name a member may have; never changes an amount.

        Takes a core for a while when the statement is long, so callers run it in a thread.
        """
        ...
