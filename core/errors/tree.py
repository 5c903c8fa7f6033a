"""What kinds of error do we raise on purpose? The root of the tree and its two branches."""

from typing import ClassVar


class ImarishaError(Exception):
    """Anything this house raises on purpose."""

    code: ClassVar[str] = "error"

    def __str__(self) -> str:
        """The code and the facts, for a log; never shown to a member."""
        facts = " ".join(f"{name}={value}" for name, value in vars(self).items())
        return f"{self.code} {facts}".rstrip()


class Refusal(ImarishaError):
    """A rule says no. The fields of the subclass are the facts a sentence needs."""

    code: ClassVar[str] = "refused"


class Trouble(ImarishaError):
    """Something outside failed for now; whether it had an effect is said by the subclass."""

    code: ClassVar[str] = "trouble"
