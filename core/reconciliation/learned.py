"""What did reviewers teach us? The weights of a logistic regression, and the confidence that they give. Pure.

Weights are whole millionths, so that every process reckons the same; e to the power is taken in decimals.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Final

from core.reconciliation.scoring import NAMES, Features, by_rule

DECISIONS_NEEDED: Final = 200
"""Before that many decisions of reviewers the rule alone decides."""

_MILLION: Final = 1_000_000
_CONSTANT: Final = "constant"
_FURTHEST: Final = 20
"""Past this the confidence is 0 or 100 anyway."""


@dataclass(frozen=True, slots=True)
class Model:
    """One trained version. Version 0 is the rule."""

    version: int
    weights: Mapping[str, int]
    """Millionths per hundredth of a feature, and of the constant."""

    def confidence(self, features: Features) -> int:
        """The chance, in hundredths, that a reviewer would call the pair one money."""
        if not self.version:
            return by_rule(features)
        logit = self.weights[_CONSTANT] + sum(
            self.weights[name] * value for name, value in zip(NAMES, features.values(), strict=True)
        )
        with localcontext(prec=12):
            power = max(Decimal(-_FURTHEST), min(Decimal(_FURTHEST), Decimal(logit) / _MILLION))
            return int(Decimal(100) / (1 + (-power).exp()))


RULE: Final = Model(0, {})
"""In force until enough was learned."""
