"""How does the matching learn from reviewers? A logistic regression over their decisions, kept as whole weights.

scikit-learn is needed here alone: what it makes is six weights and a constant, which every process can reckon with.
"""

from core.clock import Clock
from core.db.engine import Database
from core.reconciliation import decisions
from core.reconciliation.decisions import Answer
from core.reconciliation.learned import DECISIONS_NEEDED, Model
from core.reconciliation.scoring import NAMES

_MILLION = 1_000_000


class NothingToLearn(Exception):
    """There is too little to learn from, or only one kind of answer; the text says so."""


async def learn(database: Database, clock: Clock) -> Model:
    """Train on every decision there is and put the next version in force. Raises NothingToLearn."""
    async with database.reading() as session:
        found = await decisions.answers(session)
    if len(found) < DECISIONS_NEEDED:
        raise NothingToLearn(f"{len(found)} decisions of the {DECISIONS_NEEDED} that are needed")
    if len({answer.is_match for answer in found}) == 1:
        raise NothingToLearn("all decisions are the same")
    weights = trained(found)
    async with database.unit_of_work() as session:
        return await decisions.keep_model(session, weights, decisions=len(found), now=clock.now())


def trained(found: list[Answer]) -> dict[str, int]:
    """Millionths per hundredth of each feature, and of the constant; the same for the same answers."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(max_iter=1000)
    # In whole ones the features are of one size, as the penalty on large weights wants them.
    model.fit(
        [[value / 100 for value in answer.values] for answer in found], [answer.is_match for answer in found]
    )
    weights = {
        name: round(weight * _MILLION / 100) for name, weight in zip(NAMES, model.coef_[0], strict=True)
    }
    return {**weights, "constant": round(model.intercept_[0] * _MILLION)}
