"""Do members read what savings and shares refuse, and what became of their money, in both languages?"""

from datetime import datetime

import pytest

from core.clock import NAIROBI
from core.errors import (
    AmountOutOfRange,
    BelowMinimumShares,
    HoldNotOpen,
    NotEnoughSaved,
    NotWholeShares,
    Refusal,
    TermOutOfRange,
)
from dialogs.catalogue import Catalogue
from dialogs.render import REMARK_SLOTS, remark_on, render_notice

NOW = datetime(2026, 3, 11, 12, tzinfo=NAIROBI)


@pytest.mark.parametrize(
    ("refusal", "sentence"),
    [
        (NotEnoughSaved(available_minor=1_000_00, asked_minor=1), "Not enough. You can use up to 1,000.00."),
        (NotEnoughSaved(available_minor=-5, asked_minor=1), "Not enough. You can use up to 0.00."),
        (AmountOutOfRange(minimum_minor=500_00, maximum_minor=10**14), "The least amount is 500.00."),
        (TermOutOfRange(minimum_months=3, maximum_months=60), "Choose from 3 to 60 months."),
        (BelowMinimumShares(minimum_minor=5_000_00, available_minor=0), "You must keep shares of 5,000.00."),
        (NotWholeShares(price_minor=100_00), "Shares are bought whole. One share is 100.00."),
        (HoldNotOpen(hold="hld_1"), "Nothing is held there any more."),
    ],
)
def test_a_refusal_says_its_figures(catalogue: Catalogue, refusal: Refusal, sentence: str) -> None:
    remark = remark_on(refusal, NOW)

    assert catalogue["en"].fill(remark.key, remark.facts, REMARK_SLOTS) == sentence


@pytest.mark.parametrize(
    ("kind", "language", "facts", "text"),
    [
        (
            "transfer_received",
            "en",
            {"amount": "400.00", "account": "savings"},
            "You received KES 400.00 in your savings from another member.",
        ),
        (
            "order_failed",
            "en",
            {"amount": "1,500.00", "taken": "300.00", "on": "2026-03-05"},
            "Your standing order of KES 1,500.00 for 5 Mar 2026 found too little money; 300.00 was moved.",
        ),
        (
            "term_ended",
            "sw",
            {"account": "fixed_deposit", "amount": "73,000.00", "interest": "6,241.50"},
            "Muda wa amana ya muda yako ya KES 73,000.00 umekwisha. Riba baada ya kodi: KES 6,241.50.",
        ),
        (
            "dividend_paid",
            "sw",
            {"year": "2025", "amount": "1,159.00", "tax": "61.00"},
            "2025: umelipwa gawio na riba KES 1,159.00, baada ya kodi ya KES 61.00.",
        ),
    ],
)
def test_a_notice_says_what_became_of_the_money(
    catalogue: Catalogue, kind: str, language: str, facts: dict[str, str], text: str
) -> None:
    assert render_notice(catalogue, kind, language, facts).startswith(text)
