"""Does the matching learn from reviewers, and only once they have decided enough?"""

import random

import pytest

from core.reconciliation.decisions import Answer
from core.reconciliation.learned import DECISIONS_NEEDED, RULE, Model
from core.reconciliation.scoring import Features
from core.reconciliation.service import model_in_force
from imarisha.learning import NothingToLearn, learn, trained
from tests.world import World

TELLING = Features(receipt=0, reference=100, phone=60, name=95, amount=100, nearness=100)
POOR = Features(receipt=0, reference=0, phone=0, name=45, amount=100, nearness=0)


def some_answers(count: int) -> list[Answer]:
    """Reviewers who say yes where reference and phone agree."""
    chance = random.Random(1)
    found = []
    for _ in range(count):
        reference, phone = chance.choice((0, 100)), chance.choice((0, 60))
        values = (0, reference, phone, chance.randint(30, 100), 100, chance.randint(0, 100))
        found.append(Answer(values, reference + phone > 100))
    return found


async def keep(world: World, answers: list[Answer]) -> None:
    names = ("receipt", "reference", "phone", "name", "amount", "nearness")
    async with world.system.database.unit_of_work() as session:
        await session.execute_many(
            """INSERT INTO reconciliation_decision (line_id, movement_id, features, is_match, decided_by, decided_at)
               SELECT $1, 1, jsonb_object($2::text[], $3::text[]), $4, 'test', now()""",
            [
                (n, list(names), [str(value) for value in answer.values], int(answer.is_match))
                for n, answer in enumerate(answers)
            ],
        )
        await session.execute(
            """UPDATE reconciliation_decision SET features =
               (SELECT jsonb_object_agg(key, value::int) FROM jsonb_each_text(features))"""
        )


def test_what_is_trained_follows_the_reviewers_and_is_the_same_each_time() -> None:
    weights = trained(some_answers(300))
    model = Model(1, weights)

    assert weights == trained(some_answers(300))
    assert model.confidence(TELLING) > 80
    assert model.confidence(POOR) < 20


def test_before_that_the_rule_decides() -> None:
    assert RULE.confidence(TELLING) == 100
    assert RULE.confidence(POOR) < 40


async def test_a_model_is_in_force_from_enough_decisions_on(world: World) -> None:
    answers = some_answers(DECISIONS_NEEDED)
    await keep(world, answers[:-1])
    with pytest.raises(NothingToLearn, match="199 decisions"):
        await learn(world.system.database, world.clock)
    async with world.system.database.reading() as session:
        assert await model_in_force(session) == RULE
    async with world.system.database.unit_of_work() as session:
        await session.execute("DELETE FROM reconciliation_decision")
    await keep(world, answers)

    first = await learn(world.system.database, world.clock)
    again = await learn(world.system.database, world.clock)

    assert (first.version, again.version) == (1, 2)
    async with world.system.database.reading() as session:
        assert await model_in_force(session) == again


async def test_reviewers_who_always_say_yes_teach_nothing(world: World) -> None:
    await keep(world, [Answer((0, 100, 60, 90, 100, 100), is_match=True)] * DECISIONS_NEEDED)

    with pytest.raises(NothingToLearn, match="all decisions are the same"):
        await learn(world.system.database, world.clock)
