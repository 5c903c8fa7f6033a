"""What members read by SMS: one segment each."""

import pytest

from dialogs.catalogue import Catalogue
from dialogs.gsm import foreign_letters, septets
from dialogs.render import render_notice

PAID = {
    "receipt": "TKL8ABC123",
    "amount": "3,000.00",
    "product": "development",
    "balance": "5,000.00",
    "excess": "",
}


@pytest.mark.parametrize(
    ("kind", "language", "facts", "text"),
    [
        (
            "repayment_received",
            "en",
            PAID,
            "TKL8ABC123 Received KES 3,000.00 for Development loan. Loan balance KES 5,000.00. Imarisha Sacco",
        ),
        (
            "repayment_received",
            "sw",
            PAID,
            "TKL8ABC123 Tumepokea KES 3,000.00 ya Mkopo wa maendeleo. Salio la mkopo KES 5,000.00. Imarisha Sacco",
        ),
        (
            "repayment_received",
            "en",
            PAID | {"excess": "0.80"},
            (
                "TKL8ABC123 Received KES 3,000.00 for Development loan. Loan balance KES 5,000.00. "
                "0.80 went to your savings."
            ),
        ),
        (
            "repayment_received",
            "en",
            PAID | {"receipt": ""},
            "Received KES 3,000.00 for Development loan. Loan balance KES 5,000.00. Imarisha Sacco",
        ),
        (
            "loan_cleared",
            "sw",
            PAID | {"excess": "0.60"},
            "TKL8ABC123 Tumepokea KES 3,000.00. Umemaliza Mkopo wa maendeleo. 0.60 iko kwenye akiba yako.",
        ),
        (
            "payment_failed",
            "en",
            {"amount": "3,000.00", "reason": "cancelled"},
            (
                "Your payment of KES 3,000.00 did not go through: you cancelled it. Nothing was taken. "
                "Dial *384*96# to try again."
            ),
        ),
        (
            "payment_failed",
            "sw",
            {"amount": "3,000.00", "reason": "a word of tomorrow"},
            (
                "Malipo yako ya KES 3,000.00 hayakufaulu: M-Pesa imekataa. Hakuna pesa iliyokatwa. "
                "Piga *384*96# kujaribu tena."
            ),
        ),
    ],
)
def test_notice_is_one_message_in_the_members_language(
    catalogue: Catalogue, kind: str, language: str, facts: dict[str, str], text: str
) -> None:
    written = render_notice(catalogue, kind, language, facts)

    assert written == text
    assert septets(written) <= 160
    assert not foreign_letters(written)


def test_language_we_do_not_have_falls_back_to_the_first(catalogue: Catalogue) -> None:
    assert render_notice(catalogue, "loan_cleared", "fr", PAID).startswith("TKL8ABC123 Received")


def test_unknown_kind_is_a_bug(catalogue: Catalogue) -> None:
    with pytest.raises(KeyError):
        render_notice(catalogue, "horoscope", "en", {})
