"""Are shorthand, typing errors and figures brought to the form the classifier knows?"""

import pytest

from nlu.concepts import Concepts
from nlu.intents import Intent
from nlu.noise import noisy
from nlu.pipeline import WordPipeline
from nlu.spelling import Spelling
from nlu.words import CHARACTERS_MAX, plain, shortened


@pytest.fixture
def spelling() -> Spelling:
    return Spelling(
        shorthand={"pls": "please", "bal": "balance"},
        words=["balance", "mkopo", "please", "statement", "nataka"],
        short={"salio": Intent.SAVINGS_BALANCE, "toa": Intent.WITHDRAW, "loan balance": Intent.LOAN_BALANCE},
    )


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("KES 2.5k", "0num"),
        ("50bob", "0num"),
        ("+254 712 345 678", "0phone"),
        ("LN-20345", "0loannumber"),
        ("*384*96#", "0service"),
        ("don't", "dont"),
        ("\uff28\uff25\uff29", "hei"),
        ("pleaseeeee", "pleasee"),
    ],
)
def test_figures_become_their_kind_and_letters_plain(text: str, form: str) -> None:
    assert plain(text) == form


def test_a_long_text_is_read_at_both_ends() -> None:
    text = "a" * 5_000 + "the end"

    assert len(shortened(text)) <= CHARACTERS_MAX + 1
    assert shortened(text).endswith("the end")


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("pls", "please"),
        ("balence", "balance"),
        ("stetament", "statement"),  # two errors, in a long word
        ("pleese", "please"),
        ("plaase", "please"),
        ("plzzase", "plzzase"),  # two errors in a short one
        ("statment", "statement"),
        ("mkpoo", "mkopo"),
        ("mkop", "mkop"),  # four letters are too few to be sure
        ("zebra", "zebra"),
        ("0num", "0num"),
    ],
)
def test_one_error_is_mended_and_a_strange_word_left_alone(spelling: Spelling, word: str, meant: str) -> None:
    assert spelling.mend(word) == meant


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        (["salio"], Intent.SAVINGS_BALANCE),
        (["salyo"], Intent.SAVINGS_BALANCE),
        (["loan", "balnce"], Intent.LOAN_BALANCE),
        (["toa"], Intent.WITHDRAW),
        (["tia"], None),  # one letter off a word of three is another word
        (["nataka", "kujua", "salio", "langu", "la", "mkopo"], None),
    ],
)
def test_a_short_message_near_a_menu_entry_is_that_entry(
    spelling: Spelling, words: list[str], intent: Intent | None
) -> None:
    assert spelling.meant_by_short(words) is intent


def test_a_word_has_what_it_is_about_and_what_its_tense_says() -> None:
    concepts = Concepts({"pay": ["pay", "*lipa"], "loan": ["mkopo", "loan"], "+did": ["nime*"]})

    cut = WordPipeline(None, concepts).cut("Nimelipa mkopo, pay!")

    assert cut.words == ("nimelipa", "mkopo", "pay")
    assert cut.concepts == ("pay", "+did", "loan", "pay")


def test_pictures_stay_and_punctuation_goes() -> None:
    assert WordPipeline(None, None).cut("ok 👍 !!! ???").words == ("ok", "👍")


def test_a_noisy_copy_is_the_same_every_time() -> None:
    text = "naomba balance ya account yangu please"

    assert noisy(text, "a") == noisy(text, "a")
    assert noisy(text, "a") != text
