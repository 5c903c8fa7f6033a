from datetime import UTC, date, datetime, timedelta

import pytest

from core.members.pin import OPEN, PinFormatError, PinStanding, after_wrong_try, is_weak
from core.phone import Msisdn

_PHONE = Msisdn("+254711004826")
_BORN = date(1987, 3, 29)
_NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("pin", ["4271", "5938", "6104", "7352", "8160"])
def test_the_demo_members_pins_are_strong_enough(pin: str) -> None:
    assert not is_weak(pin, _PHONE, _BORN)


@pytest.mark.parametrize("pin", ["0000", "1111", "9999", "1212", "6969", "1010", "1122", "9900"])
def test_repeats_are_weak(pin: str) -> None:
    assert is_weak(pin, _PHONE, _BORN)


@pytest.mark.parametrize("pin", ["0123", "1234", "6789", "7890", "4321", "9876", "3210", "0987"])
def test_runs_are_weak(pin: str) -> None:
    assert is_weak(pin, _PHONE, _BORN)


@pytest.mark.parametrize("pin", ["1987", "2903", "0329"])
def test_the_members_birthday_is_weak_for_that_member_only(pin: str) -> None:
    assert is_weak(pin, _PHONE, _BORN)
    assert not is_weak(pin, _PHONE, date(1991, 12, 8))


def test_the_end_of_the_members_phone_number_is_weak_for_that_member_only() -> None:
    assert is_weak("4826", _PHONE, _BORN)
    assert not is_weak("4826", Msisdn("+254711004827"), _BORN)


@pytest.mark.parametrize("pin", ["1221", "1135", "2468", "1357", "1243"])
def test_a_likeness_to_a_weak_pin_is_no_reason_to_refuse(pin: str) -> None:
    assert not is_weak(pin, _PHONE, _BORN)


def test_hardly_any_choice_is_lost_to_the_rules() -> None:
    weak = sum(is_weak(f"{number:04d}", _PHONE, _BORN) for number in range(10_000))

    assert weak == 10 + 90 + 90 + 20 + 3 + 1


@pytest.mark.parametrize("text", ["", "427", "42711", "42 1", "42a1", "٤٢٧١", "4271\n", "-427"])
def test_what_is_not_four_digits_is_no_pin_and_is_not_repeated_in_the_error(text: str) -> None:
    with pytest.raises(PinFormatError) as error:
        is_weak(text, _PHONE, _BORN)

    assert str(error.value) == "a PIN is four digits"


def test_two_wrong_tries_leave_one() -> None:
    first = after_wrong_try(0, 0, _NOW)
    second = after_wrong_try(first.wrong_tries, first.locks, _NOW)

    assert (first.tries_left, second.tries_left) == (2, 1)
    assert not second.is_locked(_NOW)


def test_the_third_wrong_try_locks_for_thirty_minutes() -> None:
    standing = after_wrong_try(2, 0, _NOW)

    assert standing == PinStanding(wrong_tries=0, locks=1, locked_until=_NOW + timedelta(minutes=30))
    assert standing.is_locked(_NOW)
    assert standing.is_locked(_NOW + timedelta(minutes=29, seconds=59))
    assert not standing.is_locked(_NOW + timedelta(minutes=30))


def test_after_a_lock_there_are_three_tries_again() -> None:
    locked = after_wrong_try(2, 0, _NOW)

    standing = after_wrong_try(locked.wrong_tries, locked.locks, _NOW + timedelta(hours=1))

    assert standing == PinStanding(wrong_tries=1, locks=1)
    assert standing.tries_left == 2


@pytest.mark.parametrize("locks", [1, 2, 7])
def test_the_second_lock_stays_until_staff_lift_it(locks: int) -> None:
    standing = after_wrong_try(2, locks, _NOW)

    assert standing == PinStanding(wrong_tries=0, locks=locks + 1, locked_for_staff=True)
    assert standing.locked_until is None
    assert standing.is_locked(_NOW + timedelta(days=3650))


def test_an_open_pin_has_three_tries() -> None:
    assert OPEN.tries_left == 3
    assert not OPEN.is_locked(_NOW)
