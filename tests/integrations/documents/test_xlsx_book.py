"""The Excel book, read back by another library."""

from dataclasses import replace
from datetime import datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from core.members.model import Language
from core.money import Currency, Money
from core.reports.ports import Issuer, StatementFormat
from core.reports.service import StatementOffice
from core.reports.statement import AccountStatement, MemberStatement
from tests.core.reports.examples import MARCH, of_member, paid_in, savings


def book(office: StatementOffice, statement: MemberStatement, issuer: Issuer) -> Workbook:
    out = BytesIO()
    renderer = office.renderers[StatementFormat.XLSX]
    renderer.write(statement, office.words[Language.ENGLISH], issuer, out)
    return load_workbook(out)


def table(read: Workbook, name: str) -> list[tuple[object, ...]]:
    return [tuple(cell for cell in row if cell is not None) for row in read[name].iter_rows(values_only=True)]


def test_the_first_sheet_has_the_member_and_every_balance(
    office: StatementOffice, amina: MemberStatement, issuer: Issuer
) -> None:
    read = book(office, amina, issuer)

    assert read.sheetnames == ["Statement of accounts", "Savings", "Development loan LN-00001"]
    summary = table(read, "Statement of accounts")
    assert summary[0] == ("Imarisha Sacco", "Statement of accounts")
    assert summary[1] == ("Member", "M00001", "Amina Wanjiru")
    assert summary[5] == ("Check code", amina.check_code)
    assert summary[9] == ("KES", "Savings", "acc_1", 100, 1330.5)
    assert summary[10] == ("KES", "Development loan", "LN-00001", 0, 9200)


def test_amounts_are_numbers_and_days_are_days(
    office: StatementOffice, amina: MemberStatement, issuer: Issuer
) -> None:
    read = book(office, amina, issuer)

    assert table(read, "Savings") == [
        ("Date", "What", "Reference", "Out", "In", "Balance"),
        (datetime(2026, 3, 1), "Opening balance", 100),  # noqa: DTZ001 - Excel's days have no zone
        (datetime(2026, 3, 2), "Savings", "TKX1234567", 1250.5, 1350.5),  # noqa: DTZ001 - the same
        (datetime(2026, 3, 3), "Withdrawal", "J12", 20, 1330.5),  # noqa: DTZ001 - the same
        ("Total", 20, 1250.5),
        (datetime(2026, 3, 31), "Closing balance", 1330.5),  # noqa: DTZ001 - the same
    ]
    assert table(read, "Development loan LN-00001")[-2:] == [
        ("Total", 10100, 800, 100, 0, 0),
        (datetime(2026, 3, 31), "Closing balance", 9200),  # noqa: DTZ001 - the same
    ]
    assert read["Savings"]["E3"].number_format == "#,##0.00"


def test_words_that_look_like_formulas_are_only_words(office: StatementOffice, issuer: Issuer) -> None:
    evil = of_member(savings(paid_in(2, 1, reference="=1+1")), name='=HYPERLINK("x")')

    read = book(office, evil, issuer)

    assert read["Savings"]["C3"].value == "'=1+1"
    assert not any(cell.data_type == "f" for sheet in read for row in sheet.iter_rows() for cell in row)


def test_sheets_of_equal_or_impossible_names_get_their_own(office: StatementOffice, issuer: Issuer) -> None:
    twice = of_member(savings(), replace(savings(), number="acc_2"), replace(savings(), product="holiday"))

    assert book(office, twice, issuer).sheetnames[1:] == ["Savings", "Savings 2", "Holiday savings"]


@pytest.mark.parametrize("minor", [1, 99_999_999_99, -123_45, 1_000_000_000_01])
def test_an_amount_comes_back_to_the_cent(office: StatementOffice, issuer: Issuer, minor: int) -> None:
    read = book(office, of_member(savings(opening=minor)), issuer)

    value = read["Savings"]["F2"].value
    assert isinstance(value, int | float)
    assert round(value * 100) == minor


def test_a_currency_without_cents_has_none(office: StatementOffice, issuer: Issuer) -> None:
    amount = Money(500, Currency.UGX)

    read = book(office, of_member(AccountStatement("a", "savings", MARCH, amount, (), amount)), issuer)

    assert (read["Savings"]["F2"].value, read["Savings"]["F2"].number_format) == (500, "#,##0")
