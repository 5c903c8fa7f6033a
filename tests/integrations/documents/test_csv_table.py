"""The flat table: every figure as a program reads it."""

import csv
from dataclasses import replace
from io import BytesIO, StringIO

from core.members.model import Language
from core.reports.ports import Issuer, StatementFormat
from core.reports.service import StatementOffice
from core.reports.statement import MemberStatement
from tests.core.reports.examples import of_member, paid_in, savings


def rows(
    office: StatementOffice, statement: MemberStatement, issuer: Issuer, language: Language = Language.ENGLISH
) -> list[list[str]]:
    out = BytesIO()
    office.renderers[StatementFormat.CSV].write(statement, office.words[language], issuer, out)
    return list(csv.reader(StringIO(out.getvalue().decode("utf-8-sig"))))


def test_every_row_has_its_amounts_plain(
    office: StatementOffice, amina: MemberStatement, issuer: Issuer
) -> None:
    out = BytesIO()
    office.renderers[StatementFormat.CSV].write(amina, office.words[Language.ENGLISH], issuer, out)

    assert out.getvalue().decode("utf-8-sig").splitlines() == [
        "Account,Reference,Currency,Date,What,Out,In,Balance,Principal,Interest,Fees,Penalties",
        "Savings acc_1,,KES,2026-03-01,Opening balance,,,100.00,,,,",
        "Savings acc_1,TKX1234567,KES,2026-03-02,Savings,,1250.50,1350.50,,,,",
        "Savings acc_1,J12,KES,2026-03-03,Withdrawal,20.00,,1330.50,,,,",
        "Savings acc_1,,KES,2026-03-31,Closing balance,,,1330.50,,,,",
        "Development loan LN-00001,,KES,2026-03-01,Opening balance,,,0.00,,,,",
        "Development loan LN-00001,J2,KES,2026-03-02,Loan paid out,10000.00,,10000.00,,,,",
        "Development loan LN-00001,J3,KES,2026-03-20,Interest due,100.00,,10100.00,,,,",
        "Development loan LN-00001,TKX7654321,KES,2026-03-21,Loan repayment,,900.00,9200.00,800.00,100.00,,",
        "Development loan LN-00001,,KES,2026-03-31,Closing balance,,,9200.00,,,,",
        f"M00001,,,,Check code,{amina.check_code},,,,,,",
    ]


def test_words_are_the_language_s(office: StatementOffice, amina: MemberStatement, issuer: Issuer) -> None:
    table = rows(office, amina, issuer, Language.SWAHILI)

    assert table[0][:5] == ["Akaunti", "Marejeo", "Sarafu", "Tarehe", "Maelezo"]
    assert table[6][4] == "Mkopo kutolewa"


def test_words_that_look_like_formulas_are_only_words(office: StatementOffice, issuer: Issuer) -> None:
    evil = of_member(replace(savings(paid_in(2, 1, reference="=1+1")), number="@SUM(A1)"))
    evil = replace(evil, member=replace(evil.member, number="+254"))

    table = rows(office, evil, issuer)

    assert table[2][1] == "'=1+1"
    assert table[-1][0] == "'+254"
    assert not any(cell.startswith(("=", "+", "@")) for row in table for cell in row)


def test_an_overdrawn_balance_is_a_number(office: StatementOffice, issuer: Issuer) -> None:
    table = rows(office, of_member(savings(opening=-5_00)), issuer)

    assert table[1][7] == "-5.00"
