"""Which words does a printed statement use? The catalogue's, in the shape that renderers take."""

from dataclasses import fields
from typing import Final

from core.reports.ports import StatementWords
from dialogs.catalogue import Texts

_FROM_ELSEWHERE: Final = frozenset({"months", "kinds", "accounts", "loans"})

DOCUMENT_KEYS: Final = tuple(
    f"document.{field.name}" for field in fields(StatementWords) if field.name not in _FROM_ELSEWHERE
)
"""The texts that only statements use."""

DOCUMENT_GROUPS: Final = ("document.accounts",)


def statement_words(texts: Texts) -> StatementWords:
    """The words of one language."""
    return StatementWords(
        **{key.removeprefix("document."): texts[key] for key in DOCUMENT_KEYS},
        months=tuple(texts["calendar.months"].split()),
        kinds=_group(texts, "movement"),
        accounts=_group(texts, "document.accounts"),
        loans=_group(texts, "product"),
    )


def _group(texts: Texts, group: str) -> dict[str, str]:
    return {code: texts[f"{group}.{code}"] for code in texts.under(group)}
