"""Does a message lead to the right journey, in the right language, with nothing guessed about money?"""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.answer import answer
from nlu.intents import MONEY_INTENTS, EntityKind, Intent, Language, Understanding, Verdict
from nlu.understand import Understander, understander

FRIDAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def reader() -> Understander:
    return understander()


def understood(text: str) -> Understanding:
    return understander().understand(text, today=FRIDAY)


@pytest.mark.parametrize(
    ("text", "intent", "language"),
    [
        ("nataka kukopa 5k", "apply_loan", {"sw", "mixed"}),
        ("naomba salio", "savings_balance", {"sw"}),
        ("nilipe loan na mpesa 1,500/=", "repay_loan", {"mixed"}),
        ("what do i owe u guys", "loan_balance", {"en"}),
        ("nitumie statement", "statement", {"mixed"}),
        ("acha", "cancel", {"sw"}),
    ],
)
def test_the_messages_of_the_simulator_are_acted_upon(text: str, intent: str, language: set[str]) -> None:
    read = understood(text)

    assert (read.intent, read.verdict) == (intent, Verdict.ACT)
    assert read.language in language


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("I have already paid, code SFH7K2L9QP", "repay_loan"),
        ("balance", "savings_balance"),
        ("salio", "savings_balance"),
        ("SALIO!!", "savings_balance"),
        ("salyo", "savings_balance"),
        ("nimesahau pin yangu", "pin_reset"),
        ("my pin is blocked", "pin_reset"),
        ("simu yangu imeibiwa, fungeni akaunti", "report_fraud"),
        ("nimebadilisha mawazo, sitaki mkopo tena", "cancel"),
        ("hapana", "deny"),
        ("sawa", "affirm"),
        ("niaje", "greeting"),
        ("asante sana", "thanks"),
        ("ongea kiswahili tafadhali", "language_switch"),
        ("send money 2 my savings", "deposit"),
        ("mbona mmenikata 50 bob", "fees"),
        ("naeza kopa how much", "loan_limit"),
        ("nalipa loan lini", "payment_due_date"),
        ("add guarantor 0722000111", "guarantor"),
        ("number yangu mpya ni 0722334455", "update_phone"),
        ("toa elfu mbili kwa mpesa", "withdraw"),
        ("riba ya mkopo wa dharura ni ngapi", "interest_rate"),
        ("nataka kuongea na mtu", "talk_to_support"),
    ],
)
def test_what_is_agreed_about_intents_holds(text: str, intent: str) -> None:
    assert understood(text).intent == intent


@pytest.mark.parametrize(
    "text",
    [
        "when will dividends be paid",
        "nataka kujiunga na chama",
        "nitumie airtime ya 50",
        "fuliza yangu ni ngapi",
        "nataka tokens za 500",
        "branch iko wapi",
        "change next of kin",
        "will it rain tomorrow",
        "nani alishinda mechi jana",
    ],
)
def test_what_we_have_no_journey_for_is_never_acted_upon(text: str) -> None:
    assert understood(text).verdict is not Verdict.ACT


def test_a_loan_request_comes_with_its_amount_and_term() -> None:
    read = answer(understood("nataka loan ya elfu tano nilipe kwa miezi mitatu"))

    assert (read["intent"], read["verdict"]) == ("apply_loan", "act")
    assert read["entities"] == {"amount": "5000", "term_months": 3}
    assert read["ambiguous"] == {}


@pytest.mark.parametrize(
    "text", ["lipa loan 500 au 700", "weka 200 au 300 kwa akiba", "withdraw 1000 or 2000"]
)
def test_two_amounts_are_asked_about_even_where_the_wish_is_sure(text: str) -> None:
    read = understood(text)

    assert read.intent in MONEY_INTENTS
    assert read.verdict is Verdict.CONFIRM
    assert EntityKind.AMOUNT not in read.entities.values
    assert EntityKind.AMOUNT in read.entities.ambiguous


@pytest.mark.parametrize("text", ["", "   ", "\x00\x07", "???", "...", "\u200b"])
def test_nothing_said_is_refused(text: str) -> None:
    read = understood(text)

    assert (read.intent, read.verdict) == (Intent.OUT_OF_SCOPE, Verdict.REFUSE)


@pytest.mark.parametrize(
    "text",
    [
        "5000",
        "0712345678",
        "😀😀😀",
        "привет как дела",
        "你好",
        "a" * 10_000,
        "x1" * 5_000,
        "0" * 10_000,
        "لا",
    ],
)
def test_what_says_no_wish_is_not_acted_upon(text: str) -> None:
    assert understood(text).verdict is not Verdict.ACT


def test_a_long_story_is_read_to_its_end() -> None:
    story = "Habari za leo, naitwa Wanjiku na nina watoto watatu. " * 60

    read = understood(story + "Kwa hivyo naomba mkopo wa elfu kumi.")

    assert read.intent is Intent.APPLY_LOAN
    assert read.entities.values[EntityKind.AMOUNT].value == "10000"


@given(st.text(max_size=300))
@settings(max_examples=60, deadline=None)
def test_any_text_has_an_answer(text: str) -> None:
    read = understood(text)

    assert 0.0 <= read.confidence <= 1.0
    assert all(other.intent is not read.intent for other in read.alternatives)
    assert [other.confidence for other in read.alternatives] == sorted(
        (other.confidence for other in read.alternatives), reverse=True
    )
    if EntityKind.AMOUNT in read.entities.ambiguous and read.intent in MONEY_INTENTS:
        assert read.verdict is not Verdict.ACT


def test_the_question_just_asked_speaks_for_its_answers(reader: Understander) -> None:
    alone = reader.understand("1", today=FRIDAY)

    asked = reader.understand("1", today=FRIDAY, expecting=[Intent.AFFIRM])

    shares = {other.intent: other.confidence for other in alone.alternatives}
    assert asked.intent is Intent.AFFIRM
    assert asked.confidence > shares.get(Intent.AFFIRM, 0.0)


def test_a_member_s_own_language_settles_words_that_two_languages_share(reader: Understander) -> None:
    in_english = reader.understand("ok", today=FRIDAY, language=Language.ENGLISH)

    assert in_english.language is Language.ENGLISH


def test_reading_twice_gives_the_same(reader: Understander) -> None:
    first = reader.understand("nataka loan ya 5k", today=FRIDAY)

    assert reader.understand("nataka loan ya 5k", today=FRIDAY) == first
