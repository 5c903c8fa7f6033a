"""A statement as one flat table, for other programs: UTF-8, amounts plain as `1234.50`, dates as `2026-03-31`."""

import csv
from collections.abc import Iterator
from io import TextIOWrapper
from typing import BinaryIO

from typing_extensions import override

from core.money import Money
from core.reports.ports import Issuer, StatementRenderer, StatementWords
from core.reports.statement import AccountStatement, LoanStatement, MemberStatement
from integrations.documents.letters import harmless

_Row = list[str]
_NO_PORTIONS = ["", "", "", ""]


class CsvStatement(StatementRenderer):
    """Every account and loan below the other; opening and closing balances are rows of their own.

    On a loan, debit is what was charged and credit what was paid, and the last columns say what of.
    """

    @property
    @override
    def media_type(self) -> str:
        return "text/csv; charset=utf-8"

    @override
    def write(self, statement: MemberStatement, words: StatementWords, issuer: Issuer, out: BinaryIO) -> None:
        # With the mark by which Excel knows UTF-8.
        text = TextIOWrapper(out, encoding="utf-8-sig", newline="")
        csv.writer(text).writerows(_rows(statement, words))
        text.flush()
        text.detach()


def _rows(statement: MemberStatement, words: StatementWords) -> Iterator[_Row]:
    yield [
        *(words.account, words.reference, words.currency, words.on, words.what),
        *(words.debit, words.credit, words.balance),
        *(words.principal, words.interest, words.fees, words.penalties),
    ]
    for account in statement.accounts:
        yield from _account_rows(account, words)
    for loan in statement.loans:
        yield from _loan_rows(loan, words)
    yield [harmless(statement.member.number), "", "", "", words.check, statement.check_code, *[""] * 6]


def _account_rows(account: AccountStatement, words: StatementWords) -> Iterator[_Row]:
    name = f"{words.account_name(account.product)} {account.number}"
    currency, period = account.opening.currency, account.period
    yield _row(name, "", currency, str(period.since), words.opening, "", "", account.opening)
    for each, balance in account.lines():
        debit, credit = _unless_zero(each.debit), _unless_zero(each.credit)
        kind = words.kind(each.kind)
        yield _row(name, each.reference, currency, str(each.on), kind, debit, credit, balance)
    yield _row(name, "", currency, str(period.until), words.closing, "", "", account.closing)


def _loan_rows(loan: LoanStatement, words: StatementWords) -> Iterator[_Row]:
    name = f"{words.loan_name(loan.product)} {loan.number}"
    currency, period = loan.opening.principal.currency, loan.period
    yield _row(name, "", currency, str(period.since), words.opening, "", "", loan.opening.total)
    for each, debt in loan.lines():
        portions = (each.paid.principal, each.paid.interest, each.paid.fees, each.paid.penalties)
        charged, paid = _unless_zero(each.charged.total), _unless_zero(each.paid.total)
        row = _row(
            name,
            each.reference,
            currency,
            str(each.on),
            words.kind(each.kind),
            charged,
            paid,
            debt.total,
        )
        yield [*row[:-4], *map(_unless_zero, portions)]
    yield _row(name, "", currency, str(period.until), words.closing, "", "", loan.closing.total)


def _row(
    name: str, reference: str, currency: str, on: str, what: str, debit: str, credit: str, balance: Money
) -> _Row:
    words = [harmless(name), harmless(reference), currency, on, harmless(what)]
    return [*words, debit, credit, balance.plain(), *_NO_PORTIONS]


def _unless_zero(amount: Money) -> str:
    return amount.plain() if amount else ""
