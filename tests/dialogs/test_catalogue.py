"""Texts of two languages that must match."""

import pytest

from dialogs.catalogue import Catalogue, CatalogueError, load_catalogue, placeholders
from dialogs.institution import Institution
from dialogs.remark import Remark
from dialogs.slots import DATE, MONEY, NAME, PRODUCT, CountSlot, Slot, TextSlot

SLOTS: dict[str, Slot] = {
    "amount": MONEY,
    "on": DATE,
    "name": NAME,
    "product": PRODUCT,
    "n": CountSlot(9),
    "x": TextSlot(9),
}
OURS = Institution("Imarisha Sacco", "0800 720 096", "*384*96#", "600996")


def small(**changes: str) -> dict[str, dict[str, str]]:
    """A catalogue of one sentence; a change names a language."""
    texts = {"en": "Hello {name}", "sw": "Habari {name}"} | changes
    return {language: {"greeting": text} for language, text in texts.items()}


def test_texts_are_filled_in_the_language() -> None:
    catalogue = Catalogue(small(), OURS)

    assert catalogue["en"].fill("greeting", {"name": "Amina"}, SLOTS) == "Hello Amina"
    assert catalogue["sw"].fill("greeting", {"name": "Amina"}, SLOTS) == "Habari Amina"


def test_key_missing_in_a_language_is_refused() -> None:
    texts = small()
    del texts["sw"]["greeting"]

    with pytest.raises(CatalogueError, match="sw: greeting is missing"):
        Catalogue(texts, OURS)


def test_braces_that_differ_are_refused() -> None:
    with pytest.raises(CatalogueError, match="greeting has other braces"):
        Catalogue(small(sw="Habari {first}"), OURS)


def test_letter_the_network_can_not_carry_is_refused() -> None:
    with pytest.raises(CatalogueError, match="en: greeting holds"):
        Catalogue(small(en="Hello {name} \u2013"), OURS)


def test_institution_stands_in_the_texts_even_with_braces_and_accents() -> None:
    catalogue = Catalogue(
        small(en="{sacco}: {name}", sw="{sacco}: {name}"), Institution("Mũ{a}", "1", "2", "3")
    )

    assert catalogue["en"].fill("greeting", {"name": "Amina"}, SLOTS) == "Mu{a}: Amina"


def test_value_with_braces_is_not_filled_again() -> None:
    assert Catalogue(small(), OURS)["en"].fill("greeting", {"name": "{name}"}, SLOTS) == "Hello {name}"


def test_too_long_name_of_an_institution_is_refused() -> None:
    with pytest.raises(ValueError, match="name is longer than 20"):
        Institution("A very long name of a Sacco", "1", "2", "3")


def test_sentence_for_an_unknown_caller_stands_in_all_languages() -> None:
    catalogue = Catalogue(small(en="Hello", sw="Habari"), OURS)

    assert catalogue.sentence(Remark("greeting"), "", {}) == "Hello\nHabari"
    assert catalogue.sentence(Remark("greeting"), "sw", {}) == "Habari"


def test_refusal_without_a_sentence_is_told_all_the_same(catalogue: Catalogue) -> None:
    assert catalogue.sentence(Remark("refusal.some.new_rule"), "en", {}) == "That is not possible."


def test_values_are_written_as_the_language_writes_them(catalogue: Catalogue) -> None:
    assert MONEY.show(-1_250_50, catalogue["en"]) == "-1,250.50"
    assert DATE.show("2026-08-02", catalogue["en"]) == "2 Aug 2026"
    assert DATE.show("2026-08-02", catalogue["sw"]) == "2 Ago 2026"
    assert PRODUCT.show("emergency", catalogue["sw"]) == "Mkopo wa dharura"
    assert PRODUCT.show("asset_finance", catalogue["sw"]) == "Mkopo"
    assert NAME.show("Wanjirũ", catalogue["en"]) == "Wanjiru"
    assert NAME.show("Nebuchadnezzar-Elizabeth", catalogue["en"]) == "Nebuchadnezz."


def test_list_does_not_fit_in_a_brace() -> None:
    with pytest.raises(TypeError, match="name in greeting"):
        Catalogue(small(), OURS)["en"].fill("greeting", {"name": []}, SLOTS)


def test_real_texts_load_and_match() -> None:
    catalogue = load_catalogue(OURS)

    assert catalogue.languages == ("en", "sw")
    assert "Imarisha Sacco" in catalogue["en"]["home.menu.text"]
    assert placeholders(catalogue["sw"]["sign_in.pin.text"]) == {"first_name"}
