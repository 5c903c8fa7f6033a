"""Which shapes do the areas share? Money as decimal text, and lists that go on."""

from collections.abc import Callable, Sequence
from typing import Annotated, Final, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from core.money import Money

PAGE_DEFAULT: Final = 50
PAGE_MAX: Final = 200

_Item = TypeVar("_Item", bound=BaseModel)
_Row = TypeVar("_Row")


class Said(BaseModel):
    """What a caller sends: no field that we don't know, so that a misspelt one is not passed over."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


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


Most = Annotated[int, Query(alias="limit", ge=1, le=PAGE_MAX, description="At most so many.")]
After = Annotated[str | None, Query(max_length=64, description="`next` of the page before.")]


def page(
    rows: Sequence[_Row], most: int, shown: Callable[[_Row], _Item], place: Callable[[_Row], str]
) -> Page[_Item]:
    """A page of at most `most` rows, out of a list that was asked for one more, to see whether it goes on."""
    kept = rows[:most]
    return Page(
        items=[shown(row) for row in kept], next=place(kept[-1]) if len(rows) > most and kept else None
    )
