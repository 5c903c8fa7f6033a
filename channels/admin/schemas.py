"""Which shapes do the areas share? Money as decimal text, and lists that go on."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated, Final, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from channels.admin.plain_text import refuse_faulty
from core.money import Money

PAGE_DEFAULT: Final = 50
PAGE_MAX: Final = 200

_Item = TypeVar("_Item", bound=BaseModel)
_Row = TypeVar("_Row")


class Said(BaseModel):
    """What a caller sends: no field that we don't know, so that a misspelt one is not passed over; plain texts only."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    @field_validator("*", mode="before")
    @classmethod
    def _plain(cls, said: object) -> object:
        refuse_faulty(said)
        return said


class Amount(BaseModel):
    """So much money: a decimal number as text, and the ISO 4217 code."""

    amount: str = Field(examples=["1000.00"])
    currency: str = Field(examples=["KES"])

    @classmethod
    def of(cls, money: Money) -> "Amount":
        return cls(amount=money.plain(), currency=money.currency)


class Page(BaseModel, Generic[_Item]):
    """Some of a list. `next`, given as `after` of the next request, goes on; it is null at the end."""

    items: list[_Item]
    next: str | None


_ISO_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _iso_day(said: object) -> object:
    """Pydantic would read a number as seconds since 1970, and a moment as its day."""
    if _ISO_DAY.fullmatch(said if isinstance(said, str) else "") is None:
        raise ValueError("is no day such as 2026-03-11")
    return said


Day = Annotated[
    date,
    BeforeValidator(_iso_day),
    Field(ge=date(1900, 1, 1), le=date(2199, 12, 31), examples=["2026-03-11"]),
]
"""A day of anybody's life."""
BusinessDay = Annotated[
    date,
    BeforeValidator(_iso_day),
    Field(ge=date(2000, 1, 1), le=date(2199, 12, 31), examples=["2026-03-11"]),
]
"""A day of the books."""

Most = Annotated[int, Query(alias="limit", ge=1, le=PAGE_MAX, description="At most so many.")]
After = Annotated[str | None, Query(max_length=64, description="`next` of the page before.")]

AfterNumber = Annotated[int | None, Query(ge=0, le=2**62, description="`next` of the page before.")]
"""For lists in the order of a number."""


def page(
    rows: Sequence[_Row], most: int, shown: Callable[[_Row], _Item], place: Callable[[_Row], str]
) -> Page[_Item]:
    """A page of at most `most` rows, out of a list that was asked for one more, to see whether it goes on."""
    kept = rows[:most]
    return Page(
        items=[shown(row) for row in kept], next=place(kept[-1]) if len(rows) > most and kept else None
    )
