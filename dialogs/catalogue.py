"""Which sentence stands under a key in a language? Read and checked once, at start."""

import string
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import ClassVar

from core.errors import ImarishaError
from dialogs.gsm import foreign_letters, to_gsm
from dialogs.institution import Institution
from dialogs.remark import Remark, Sentence
from dialogs.slots import Slot
from dialogs.values import Values

LANGUAGES = ("en", "sw")


@dataclass(eq=False)
class CatalogueError(ImarishaError):
    """The texts of two languages do not match, or one holds a letter the network can't carry."""

    faults: str
    code: ClassVar[str] = "dialogs.catalogue"


class Texts:
    """All texts of one language, the institution's names filled in."""

    def __init__(self, language: str, texts: Mapping[str, str], institution: Institution) -> None:
        self.language = language
        facts = institution.facts()
        self._texts = {key: _with_institution(text, facts) for key, text in texts.items()}
        self._slots = {key: placeholders(text) for key, text in self._texts.items()}
        self._parts = {key: _parts(text) for key, text in self._texts.items()}

    def __getitem__(self, key: str) -> str:
        return self._texts[key]

    def __contains__(self, key: str) -> bool:
        return key in self._texts

    def under(self, prefix: str) -> Iterator[str]:
        """The last parts of all keys that begin with `prefix.`"""
        start = f"{prefix}."
        return (key[len(start) :] for key in self._texts if key.startswith(start))

    def slots_of(self, key: str) -> frozenset[str]:
        """What stands in braces in this text."""
        return self._slots[key]

    def fill(self, key: str, values: Values, slots: Mapping[str, Slot]) -> str:
        """The text with each brace written as its slot says for this language."""
        written = []
        for literal, name in self._parts[key]:
            written.append(literal)
            if name is not None:
                value = values[name]
                if not isinstance(value, str | int):
                    raise TypeError(f"{name} in {key} is a list")
                written.append(slots[name].show(value, self))
        return "".join(written)


class Catalogue:
    """The texts of all languages. Building it raises CatalogueError where they do not match."""

    def __init__(self, texts: Mapping[str, Mapping[str, str]], institution: Institution) -> None:
        _refuse_mismatch(texts)
        self.languages = tuple(texts)
        self._texts = {language: Texts(language, texts[language], institution) for language in texts}

    def __getitem__(self, language: str) -> Texts:
        return self._texts[language]

    def sentence(self, remark: Remark, language: str, slots: Mapping[str, Slot]) -> str:
        """One remark in this language; in all of them, a line each, where the language is not known."""
        languages = (language,) if language in self._texts else self.languages
        # `dialogs.check` finds a code without a sentence; a member is told something all the same.
        key = remark.key if remark.key in self._texts[languages[0]] else Sentence.REFUSED
        return "\n".join(self._texts[each].fill(key, remark.facts, slots) for each in languages)

    def known_keys(self) -> frozenset[str]:
        """Every key there is; all languages have the same."""
        return frozenset(self._texts[self.languages[0]]._texts)  # noqa: SLF001 - the two classes are one thing


def load_catalogue(institution: Institution) -> Catalogue:
    """Read `dialogs/texts/*.toml`. Raises CatalogueError where a key, brace or letter is wrong."""
    folder = resources.files("dialogs") / "texts"
    texts = {}
    for language in LANGUAGES:
        with (folder / f"{language}.toml").open("rb") as file:
            texts[language] = dict(_flat(tomllib.load(file), ""))
    return Catalogue(texts, institution)


def placeholders(text: str) -> frozenset[str]:
    """The names in braces.

    >>> sorted(placeholders("Pay {amount} from {phone}?"))
    ['amount', 'phone']
    """
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def _parts(text: str) -> tuple[tuple[str, str | None], ...]:
    """What stands before each brace, and the name in it: taken apart once, as a phone waits for each filling."""
    return tuple((literal, name) for literal, name, _, _ in string.Formatter().parse(text))


def _flat(table: Mapping[str, object], prefix: str) -> Iterator[tuple[str, str]]:
    for name, entry in table.items():
        key = f"{prefix}.{name}" if prefix else name
        if isinstance(entry, str):
            yield key, entry
        elif isinstance(entry, dict):
            yield from _flat(entry, key)
        else:
            raise CatalogueError(f"{key} is no text")


def _with_institution(text: str, facts: Mapping[str, str]) -> str:
    for name, value in facts.items():
        safe = to_gsm(value).replace("{", "{{").replace("}", "}}")
        text = text.replace("{" + name + "}", safe)
    return text


def _refuse_mismatch(texts: Mapping[str, Mapping[str, str]]) -> None:
    faults = [
        f"{language}: {key} holds {' '.join(sorted(foreign))!r}"
        for language, entries in texts.items()
        for key, text in entries.items()
        if (foreign := foreign_letters(text))
    ]
    for key in sorted(set().union(*texts.values())):
        missing = [language for language, entries in texts.items() if key not in entries]
        faults += [f"{language}: {key} is missing" for language in missing]
        if not missing and len({placeholders(entries[key]) for entries in texts.values()}) > 1:
            faults.append(f"{key} has other braces in another language")
    if faults:
        raise CatalogueError("; ".join(faults))
