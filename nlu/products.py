"""Which loan and which account does a text name? By phrases: the longest that fits, with company where it needs it."""

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from functools import cache
from itertools import product
from types import MappingProxyType
from typing import Final, NamedTuple

from nlu.intents import EntityKind
from nlu.mentions import Mention
from nlu.tokens import Tokens

_LOAN_WORDS: Final = frozenset(
    {
        "loan",
        "loans",
        "loani",
        "lona",
        "mkopo",
        "mikopo",
        "mkop",
        "kopa",
        "kukopa",
        "borrow",
        "nikopeshe",
        "advance",
    }
)
_NOUN: Final = ("loan", "loans", "mkopo", "mikopo")

_ALONE: Final[Mapping[str, Iterable[str]]] = MappingProxyType(
    {
        "emergency": ("emergency loan", "emergency loans", "emergence loan", "emegency loan", "dharura loan"),
        "development": ("maendeleo", "development loan", "development loans", "dev loan", "devt loan"),
        "school_fees": (
            *("school fees", "school fee", "schoolfees", "skul fees", "skool fees", "fees loan", "karo"),
            *(
                "ada ya shule",
                "ada za shule",
                "fees za shule",
                "fees ya shule",
                "fee ya shule",
                "school loan",
            ),
            *("education loan", "fees za watoto", "fees ya watoto"),
        ),
        "business": ("business loan", "business loans", "biz loan", "biashara loan", "bussiness loan"),
        "boda": (
            "boda loan",
            "boda boda loan",
            "bodaboda loan",
            "nduthi loan",
            "pikipiki loan",
            "motorbike loan",
        ),
        "salary_advance": (
            *("salary advance", "salary adv", "salary loan", "advance ya salary", "advance ya mshahara"),
            *("advance on my salary", "advance on salary", "advance of salary", "advance of my salary"),
            *("advance from my salary", "advansi ya mshahara", "advansi", "mshahara advance", "payday loan"),
            *("advance my salary", "advance salary", "advance kwa mshahara", "advance on my pay"),
            *("mkopo wa mshahara", "loan ya mshahara", "loan ya salary", "mkopo wa salary"),
        ),
    }
)
"""Say by themselves which loan is meant."""

_TOPICS: Final[Mapping[str, Iterable[str]]] = MappingProxyType(
    {
        "emergency": ("emergency", "emergencies", "emergence", "emegency", "dharura"),
        "development": ("development", "dev", "maendeleo"),
        "school_fees": ("fees", "school", "shule", "elimu", "masomo", "education"),
        "business": ("business", "biashara", "biz", "bizna", "bussiness", "biashara yangu"),
        "boda": ("boda", "boda boda", "bodaboda", "nduthi", "pikipiki", "motorbike", "motorcycle"),
    }
)
"""Say which loan is meant where a loan is spoken of and a word of purpose stands before them."""

_FOR: Final = (*("ya", "wa", "za", "for", "for my", "for an", "for a", "ya my", "for the", "kwa ajili ya"),)
_DOING: Final = (
    "kufanya",
    "kuanzisha",
    "kuanza",
    "kuboost",
    "kukuza",
    "start a",
    "start my",
    "boost my",
    "expand my",
)

_ACCOUNTS: Final[Mapping[str, Iterable[str]]] = MappingProxyType(
    {
        "savings": (
            *(
                "savings",
                "saving account",
                "saving yangu",
                "my saving",
                "akiba",
                "akibani",
                "savngs",
                "saivngs",
            ),
            *("savings account", "akaunti ya akiba", "akaunti ya savings", "account ya savings"),
        ),
        "deposits": (
            *(
                "deposits",
                "deposit account",
                "deposits account",
                "my deposit",
                "deposit yangu",
                "amana",
                "bosa",
            ),
            *("amana zangu", "bosa account", "account ya deposits", "akaunti ya amana"),
        ),
        "shares": ("shares", "hisa", "share capital", "shares account", "hisa zangu"),
        "fosa": ("fosa", "fosa account", "akaunti ya fosa", "account ya fosa"),
        "fixed_deposit": (
            *("fixed deposit", "fixed deposits", "fix deposit", "fixed account", "fixed savings", "my fixed"),
            *("fixed deposit account", "fixed yangu", "amana ya muda maalum", "amana ya muda maalumu"),
            *(
                "amana ya muda",
                "amana yangu ya muda",
                "akiba ya muda maalum",
                "fixed term deposit",
                "term deposit",
            ),
            *("my fixed deposit", "my fixed account", "my fixed savings"),
        ),
        "junior": (
            *("junior", "junior account", "junior savings", "akaunti ya mtoto", "akaunti ya watoto"),
            *("akiba ya mtoto", "akiba ya watoto", "kids account", "kids savings", "children account"),
            *(
                "children's account",
                "childrens account",
                "child account",
                "toto account",
                "akaunti ya junior",
            ),
            *("akiba ya junior", "account ya mtoto", "account ya watoto"),
        ),
        "holiday": (
            *("holiday savings", "holiday account", "my holiday", "holiday yangu", "akiba ya likizo"),
            *("akaunti ya likizo", "likizo", "christmas savings", "christmas account", "xmas savings"),
            *(
                "holiday saving",
                "account ya holiday",
                "akiba ya holiday",
                "my holiday savings",
                "my holiday account",
                "akaunti ya holiday",
                "likizo account",
            ),
        ),
    }
)


class _Company(Enum):
    """What must be there besides the phrase."""

    NONE = "none"
    LOAN = "loan"
    """A word for loan anywhere, or next to nothing else."""
    ANSWER = "answer"
    """Next to nothing else: the text answers `which loan?`."""


class _Phrase(NamedTuple):
    words: tuple[str, ...]
    kind: EntityKind
    value: str
    company: "_Company"


def products(tokens: Tokens) -> Iterator[Mention]:
    """Every product and account named; a longer phrase hides the shorter ones in it."""
    phrases, said = _phrases(), tokens.said
    n = 0
    while n < tokens.length:
        candidates = phrases.get(said[n])
        phrase = _first_fitting(candidates, tokens, n) if candidates else None
        if phrase is None:
            n += 1
            continue
        end = n + len(phrase.words)
        yield Mention(phrase.kind, (phrase.value,), tokens.starts[n], tokens.ends[end - 1])
        n = end


def _first_fitting(candidates: Iterable[_Phrase], tokens: Tokens, n: int) -> _Phrase | None:
    for phrase in candidates:
        if tuple(tokens.said[n : n + len(phrase.words)]) == phrase.words and _has_company(phrase, tokens):
            return phrase
    return None


def _has_company(phrase: _Phrase, tokens: Tokens) -> bool:
    if phrase.company is _Company.NONE or tokens.length <= _SHORT_ANSWER:
        return True
    return phrase.company is _Company.LOAN and tokens.speaks_of(_LOAN_WORDS)


_SHORT_ANSWER = 2
"""Pieces of an answer to `which loan?`, such as `ya dharura`."""


@cache
def _phrases() -> Mapping[str, tuple[_Phrase, ...]]:
    """All phrases by their first word, the longest first."""
    by_first: dict[str, list[_Phrase]] = {}
    for phrase in _all():
        by_first.setdefault(phrase.words[0], []).append(phrase)
    return {
        first: tuple(sorted(phrases, key=lambda phrase: -len(phrase.words)))
        for first, phrases in by_first.items()
    }


def _all() -> Iterator[_Phrase]:
    for code, phrases in _ALONE.items():
        for phrase in phrases:
            yield _Phrase(tuple(phrase.split()), EntityKind.PRODUCT, code, _Company.NONE)
    for code, topics in _TOPICS.items():
        before = (*_FOR, *_DOING) if code == "business" else _FOR
        for purpose, topic in product(before, topics):
            yield _Phrase((*purpose.split(), *topic.split()), EntityKind.PRODUCT, code, _Company.LOAN)
        # `loan fees` are what a loan costs.
        for noun, topic in product(_NOUN, (topic for topic in topics if topic != "fees")):
            yield _Phrase((noun, *topic.split()), EntityKind.PRODUCT, code, _Company.NONE)
    for code in ("emergency", "dharura", "development", "business", "biashara", "boda", "karo"):
        yield _Phrase((code,), EntityKind.PRODUCT, _PRODUCT_OF_WORD[code], _Company.ANSWER)
    for code, phrases in _ACCOUNTS.items():
        for phrase in phrases:
            yield _Phrase(tuple(phrase.split()), EntityKind.ACCOUNT, code, _Company.NONE)


_PRODUCT_OF_WORD: Final[Mapping[str, str]] = MappingProxyType(
    {
        "emergency": "emergency",
        "dharura": "emergency",
        "development": "development",
        "business": "business",
        "biashara": "business",
        "boda": "boda",
        "karo": "school_fees",
    }
)
