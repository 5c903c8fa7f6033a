"""Whose conversations are these? The names every text may use."""

from dataclasses import dataclass

from dialogs.gsm import septets

LONGEST = {"name": 20, "support": 14, "service_code": 12, "paybill": 7}
"""Septets that every screen has room for."""


@dataclass(frozen=True, slots=True)
class Institution:
    """The society's names as members see them, short enough for every screen (checked when built)."""

    name: str
    support: str
    """The telephone number of the help desk, as people write it."""
    service_code: str
    paybill: str

    def __post_init__(self) -> None:
        for field, longest in LONGEST.items():
            if septets(getattr(self, field)) > longest:
                raise ValueError(f"the institution's {field} is longer than {longest} septets")

    @classmethod
    def longest(cls) -> "Institution":
        """Names of the greatest allowed length, with which the screens are proven to fit."""
        return cls(**{field: "W" * longest for field, longest in LONGEST.items()})

    def facts(self) -> dict[str, str]:
        """What the texts call these names."""
        return {
            "sacco": self.name,
            "support": self.support,
            "code": self.service_code,
            "paybill": self.paybill,
        }
