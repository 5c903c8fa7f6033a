"""The printed statement, read back as text."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from core.members.model import Language
from core.reports.ports import Issuer, StatementFormat
from core.reports.service import StatementOffice
from core.reports.statement import MemberStatement
from tests.core.reports.examples import DISBURSED, loan, of_member, paid_in, portions, savings


def written(
    office: StatementOffice, statement: MemberStatement, issuer: Issuer, language: Language = Language.ENGLISH
) -> bytes:
    out = BytesIO()
    office.renderers[StatementFormat.PDF].write(statement, office.words[language], issuer, out)
    return out.getvalue()


def pages(content: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(content)).pages]


def test_who_when_and_every_figure_stand_on_the_paper(
    office: StatementOffice, amina: MemberStatement, issuer: Issuer
) -> None:
    [page] = pages(written(office, amina, issuer))

    for text in (
        *(
            "Imarisha Sacco",
            "Statement of accounts",
            "Amina Wanjiru",
            "0711***001",
            "1 Mar 2026 - 31 Mar 2026",
        ),
        *("11 Mar 2026 12:00", "Opening balance", "TKX1234567", "1,250.50", "1,330.50", "Closing balance"),
        *("Development loan LN-00001", "10,000.00", "Loan repayment", "800.00", "9,200.00", "Page 1/1"),
        f"Check code {amina.check_code}. To check this statement, visit a branch or call 0800 720 096",
    ):
        assert text in page.replace("  ", " ")


def test_words_are_the_language_s(office: StatementOffice, amina: MemberStatement, issuer: Issuer) -> None:
    [page] = pages(written(office, amina, issuer, Language.SWAHILI))

    for text in ("Taarifa ya akaunti", "Salio la mwanzo", "Mkopo wa maendeleo", "Ukurasa 1/1", "11 Mac 2026"):
        assert text in page


def test_a_long_table_goes_on_under_its_head(office: StatementOffice, issuer: Issuer) -> None:
    long = savings(*(paid_in(1 + n // 10, 100 + n) for n in range(200)))

    printed = pages(written(office, of_member(long), issuer))

    assert len(printed) == 5
    for n, page in enumerate(printed, 1):
        assert f"Page {n}/5" in page
        assert "Reference" in page


def test_a_table_does_not_begin_at_the_foot_of_a_page(office: StatementOffice, issuer: Issuer) -> None:
    most_of_a_page = savings(*(paid_in(1 + n // 10, 100 + n) for n in range(35)))
    lent = loan(DISBURSED, closing=portions(10_000_00))

    first, second = pages(written(office, of_member(most_of_a_page, loans=(lent,)), issuer))

    assert "Development loan" not in first
    assert "Development loan" in second


@pytest.mark.parametrize("name", ["Wanjirũ Ŋaŋa", "አሚና", "😀", "محمد", "W" * 300, "a\nb\x00", ""])
def test_any_name_can_be_printed(office: StatementOffice, issuer: Issuer, name: str) -> None:
    [page] = pages(written(office, of_member(savings(), name=name), issuer))

    assert "Closing balance" in page


def test_the_largest_amount_is_never_cut(office: StatementOffice, issuer: Issuer) -> None:
    largest = 10**17 - 1
    lent = loan(opening=portions(largest), closing=portions(largest))

    [page] = pages(written(office, of_member(savings(opening=largest), loans=(lent,)), issuer))

    assert page.count("999,999,999,999,999.99") == 4
    assert page.count("No transactions in this period.") == 2


def test_the_same_statement_gives_the_same_bytes(
    office: StatementOffice, amina: MemberStatement, issuer: Issuer
) -> None:
    assert written(office, amina, issuer) == written(office, amina, issuer)
