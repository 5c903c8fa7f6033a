from datetime import UTC, datetime, timedelta

from core.clock import Clock
from core.ids import RandomIds, assemble


class _MovedClock(Clock):
    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment


def test_an_id_is_a_prefix_and_26_characters_without_look_alikes() -> None:
    prefix, _, body = RandomIds(_MovedClock()).new("pay").partition("_")

    assert prefix == "pay"
    assert len(body) == 26
    assert not set(body) - set("0123456789abcdefghjkmnpqrstvwxyz")


def test_ids_sort_by_the_time_they_were_made() -> None:
    clock = _MovedClock()
    ids = RandomIds(clock)

    made = []
    for _ in range(50):
        made.append(ids.new("pay"))
        clock.moment += timedelta(milliseconds=1)

    assert made == sorted(made)


def test_two_ids_of_the_same_moment_differ() -> None:
    ids = RandomIds(_MovedClock())

    assert ids.new("pay") != ids.new("pay")


def test_time_and_randomness_fill_their_own_places() -> None:
    assert assemble("pay", 1, 0) == "pay_0000000001" + "0" * 16
    assert assemble("pay", 0, 2**80 - 1) == "pay_" + "0" * 10 + "z" * 16
