"""Who looks on while members are answered? They count and keep; no turn ever waits for them or fails by them."""

from typing import Protocol

from core.audit.shown import ShownScreen


class Funnel(Protocol):
    """Who counts where people go and where they stop."""

    def moved(self, from_label: str, to_label: str, language: str, network: str, seconds: float) -> None:
        """A turn ended; labels name screens, never data. `from_label` is empty at the start of a call."""
        ...


class NoFunnel:
    """Counts nothing."""

    def moved(self, from_label: str, to_label: str, language: str, network: str, seconds: float) -> None:
        """See Funnel."""


class Witness(Protocol):
    """Who keeps what members were shown. May lose a screen; must neither wait nor fail."""

    def shown(self, screen: ShownScreen) -> None:
        """A new screen stands on a phone; repeats are not told again."""
        ...

    def has_room(self) -> bool:
        """Whether a screen told now would be kept; one that isn't told for that is counted as lost."""
        ...


class NoWitness:
    """Keeps nothing."""

    def shown(self, screen: ShownScreen) -> None:
        """See Witness."""

    def has_room(self) -> bool:
        """See Witness."""
        return False
