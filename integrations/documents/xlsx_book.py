"""A statement as an Excel book: a first sheet with the member and all balances, then a sheet per account and loan."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import BinaryIO

from typing_extensions import override
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from core.clock import business_date
from core.money import Currency, Money
from core.reports.ports import Issuer, StatementRenderer, StatementWords
from core.reports.statement import AccountStatement, LoanStatement, MemberStatement
from integrations.documents.letters import harmless

_Cell = str | date | Money | None
_WIDTHS = (12, 26, 18, 16, 16, 16, 16, 16, 16)
_SHEET_NAME_MOST = 31
_NOT_IN_SHEET_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


class XlsxStatement(StatementRenderer):
    """Amounts are numbers and dates are dates; words are text cells that no formula can hide in."""

    @property
    @override
    def media_type(self) -> str:
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    @override
    def write(self, statement: MemberStatement, words: StatementWords, issuer: Issuer, out: BinaryIO) -> None:
        # Rows are written out as they come, so that a long statement takes no more memory than a short one.
        with Workbook(out, {"constant_memory": True}) as book:
            book.set_properties({"title": words.title, "author": issuer.institution})
            sheets = _Sheets(book)
            _write_summary(sheets, statement, words, issuer)
            for account in statement.accounts:
                _write_account(sheets, account, words)
            for loan in statement.loans:
                _write_loan(sheets, loan, words)


class _Sheets:
    """The book's sheets, written from the top, and the formats they share."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._bold = book.add_format({"bold": True, "bottom": 1})
        self._text = book.add_format({"num_format": "@"})
        self._day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        self._amounts = {
            currency: book.add_format({"num_format": "#,##0." + "0" * currency.decimals})
            if currency.decimals
            else book.add_format({"num_format": "#,##0"})
            for currency in Currency
        }
        self._names: set[str] = set()

    def add(self, name: str, header: Sequence[str], rows: Iterable[Sequence[_Cell]]) -> None:
        """One sheet with its header and rows."""
        sheet = self._book.add_worksheet(self._free_name(name))
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(1, 0)
        for column, word in enumerate(header):
            sheet.write_string(0, column, harmless(word), self._bold)
        for at, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                self._write(sheet, at, column, cell)

    def _write(self, sheet: Worksheet, row: int, column: int, cell: _Cell) -> None:
        if isinstance(cell, Money):
            # Excel's numbers are binary floats of 15 digits: any amount below ten billions comes back exact.
            form: Format = self._amounts[cell.currency]
            sheet.write_number(row, column, cell.minor / cell.currency.minor_per_major, form)
        elif isinstance(cell, date):
            sheet.write_datetime(row, column, datetime.combine(cell, time()), self._day)
        elif cell:
            sheet.write_string(row, column, harmless(cell), self._text)

    def _free_name(self, wanted: str) -> str:
        """A name Excel takes: short, without its signs, and not used yet in whatever case."""
        name = harmless(wanted.translate(_NOT_IN_SHEET_NAMES))[:_SHEET_NAME_MOST].strip() or "-"
        n = 1
        while name.lower() in self._names:
            n += 1
            name = f"{name[: _SHEET_NAME_MOST - 4].strip()} {n}"
        self._names.add(name.lower())
        return name


def _write_summary(
    sheets: _Sheets, statement: MemberStatement, words: StatementWords, issuer: Issuer
) -> None:
    member, period = statement.member, statement.period
    rows: list[tuple[_Cell, ...]] = [
        (words.member, member.number, member.name),
        (words.phone, member.phone_masked),
        (words.period, period.since, period.until),
        (words.made, business_date(issuer.made_at)),
        (words.check, statement.check_code),
        (words.check_how,),
        (),
        (words.currency, words.account, words.reference, words.opening, words.closing),
    ]
    for account in statement.accounts:
        name = words.account_name(account.product)
        rows.append((account.opening.currency, name, account.number, account.opening, account.closing))
    for loan in statement.loans:
        name = words.loan_name(loan.product)
        opening, closing = loan.opening.total, loan.closing.total
        rows.append((opening.currency, name, loan.number, opening, closing))
    sheets.add(words.title, (issuer.institution, words.title), rows)


def _write_account(sheets: _Sheets, account: AccountStatement, words: StatementWords) -> None:
    header = (words.on, words.what, words.reference, words.debit, words.credit, words.balance)

    def rows() -> Iterable[Sequence[_Cell]]:
        yield account.period.since, words.opening, None, None, None, account.opening
        for each, balance in account.lines():
            debit, credit = each.debit or None, each.credit or None
            yield each.on, words.kind(each.kind), each.reference, debit, credit, balance
        yield None, words.total, None, account.total_debit, account.total_credit, None
        yield account.period.until, words.closing, None, None, None, account.closing

    name = words.account_name(account.product)
    sheets.add(name, header, rows())


def _write_loan(sheets: _Sheets, loan: LoanStatement, words: StatementWords) -> None:
    header = (
        *(words.on, words.what, words.reference, words.charged),
        *(words.principal, words.interest, words.fees, words.penalties, words.balance),
    )

    def rows() -> Iterable[Sequence[_Cell]]:
        yield loan.period.since, words.opening, *[None] * 6, loan.opening.total
        for each, debt in loan.lines():
            paid = each.paid
            portions = [paid.principal, paid.interest, paid.fees, paid.penalties]
            amounts = [amount or None for amount in (each.charged.total, *portions)]
            yield each.on, words.kind(each.kind), each.reference, *amounts, debt.total
        paid = loan.total_paid
        charged = loan.total_charged.total
        yield (
            *(None, words.total, None, charged),
            *(paid.principal, paid.interest, paid.fees, paid.penalties, None),
        )
        yield loan.period.until, words.closing, *[None] * 6, loan.closing.total

    sheets.add(f"{words.loan_name(loan.product)} {loan.number}", header, rows())
