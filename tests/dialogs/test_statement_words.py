"""The words of printed statements, from the catalogue."""

from datetime import date

from dialogs.catalogue import Catalogue
from dialogs.statement_words import statement_words


def test_a_day_and_a_name_are_written_as_the_language_writes_them(catalogue: Catalogue) -> None:
    words = statement_words(catalogue["sw"])

    assert words.day(date(2026, 8, 2)) == "2 Ago 2026"
    assert words.kind("loan_repayment") == "Malipo ya mkopo"
    assert words.account_name("savings") == "Akiba"
    assert words.loan_name("emergency") == "Mkopo wa dharura"


def test_what_the_texts_do_not_know_yet_has_a_name_all_the_same(catalogue: Catalogue) -> None:
    words = statement_words(catalogue["en"])

    assert words.kind("barter") == "Transaction"
    assert words.account_name("gold") == "Account"
    assert words.loan_name("asset") == "Loan"
