"""What a text says, as the contract writes it: `{"amount": "2500"}`, and candidates as a list."""

from datetime import date

from nlu.entities import entities

TODAY = date(2026, 3, 11)
"""A Wednesday."""


def said(text: str, today: date = TODAY) -> dict[str, str | list[str]]:
    """Values by kind, and lists of candidates where there is more than one."""
    found = entities(text, today=today)
    values: dict[str, str | list[str]] = {kind.value: entity.value for kind, entity in found.values.items()}
    return values | {kind.value: [each.value for each in many] for kind, many in found.ambiguous.items()}
