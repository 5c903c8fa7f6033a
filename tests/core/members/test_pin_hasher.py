import pytest

from core.members.pin import HashCost, PinFormatError, PinHasher, StoredPinError

_OLD, _NEW = b"the pepper of last year", b"the pepper of this year"
_CHEAP = HashCost(passes=1, memory_kib=8)


def _hasher(*versions: int, cost: HashCost = _CHEAP) -> PinHasher:
    peppers = {1: _OLD, 2: _NEW}
    return PinHasher({v: peppers[v] for v in versions}, current_pepper=max(versions), cost=cost)


def test_the_right_pin_is_known_and_a_wrong_one_is_not() -> None:
    hasher = _hasher(1)

    stored = hasher.hash("mbr_1", "4271")

    assert hasher.verify(stored, "mbr_1", "4271")
    assert not hasher.verify(stored, "mbr_1", "4272")
    assert not hasher.verify(stored, "mbr_1", "")


def test_the_same_pin_is_stored_differently_each_time_and_never_in_clear() -> None:
    hasher = _hasher(1)

    first, second = hasher.hash("mbr_1", "4271"), hasher.hash("mbr_1", "4271")

    assert first != second
    assert first.startswith("pepper1$argon2id$")


def test_one_members_hash_is_of_no_use_for_another() -> None:
    hasher = _hasher(1)

    assert not hasher.verify(hasher.hash("mbr_1", "4271"), "mbr_2", "4271")


def test_the_default_cost_is_what_the_security_rules_ask() -> None:
    stored = PinHasher({1: _OLD}, current_pepper=1).hash("mbr_1", "4271")

    assert stored.startswith("pepper1$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_hash_is_worth_nothing_without_its_pepper() -> None:
    stored = _hasher(1).hash("mbr_1", "4271")
    other = PinHasher({1: b"some other pepper key"}, current_pepper=1, cost=_CHEAP)

    assert not other.verify(stored, "mbr_1", "4271")


def test_after_a_change_of_pepper_old_hashes_still_verify_and_ask_for_renewal() -> None:
    stored = _hasher(1).hash("mbr_1", "4271")
    rotated = _hasher(1, 2)

    assert rotated.verify(stored, "mbr_1", "4271")
    assert rotated.needs_rehash(stored)
    assert not rotated.needs_rehash(rotated.hash("mbr_1", "4271"))


def test_after_a_change_of_cost_old_hashes_still_verify_and_ask_for_renewal() -> None:
    stored = _hasher(1).hash("mbr_1", "4271")
    dearer = _hasher(1, cost=HashCost(passes=2, memory_kib=16))

    assert dearer.verify(stored, "mbr_1", "4271")
    assert dearer.needs_rehash(stored)
    assert not dearer.needs_rehash(dearer.hash("mbr_1", "4271"))


def test_a_hash_whose_pepper_was_taken_away_is_an_error_not_a_wrong_pin() -> None:
    stored = _hasher(1).hash("mbr_1", "4271")

    with pytest.raises(StoredPinError, match="pepper 1 is not given"):
        _hasher(2).verify(stored, "mbr_1", "4271")


@pytest.mark.parametrize(
    "stored",
    ["", "4271", "pepper1", "pepper1$argon2i$v=19$m=8,t=1,p=1$c2FsdA$aGFzaA", "pepper1$argon2id$nonsense"],
)
def test_a_stored_value_that_is_not_ours_is_an_error_not_a_wrong_pin(stored: str) -> None:
    with pytest.raises(StoredPinError, match="not a stored PIN"):
        _hasher(1).verify(stored, "mbr_1", "4271")
    with pytest.raises(StoredPinError, match="not a stored PIN"):
        _hasher(1).needs_rehash(stored)


def test_only_four_digits_are_stored() -> None:
    with pytest.raises(PinFormatError):
        _hasher(1).hash("mbr_1", "42711")


def test_a_hasher_without_a_proper_current_pepper_cannot_be_built() -> None:
    with pytest.raises(ValueError, match="pepper 2 is current"):
        PinHasher({1: _OLD}, current_pepper=2)
    with pytest.raises(ValueError, match="at least 16 bytes"):
        PinHasher({1: b"short"}, current_pepper=1)
