"""The pure rules of staff: passwords, locks, roles, codes, tokens."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.checked_actions import POST_BY_HAND
from core.errors import TokenFault, TokenRefused
from core.staff.approval import Request, RequestState
from core.staff.checked import by_code
from core.staff.lock import (
    FIRST_LOCK,
    FORGOTTEN_AFTER,
    LONGEST_LOCK,
    OPEN,
    TRIES_BEFORE_LOCK,
    SignInStanding,
    after_wrong_try,
    place_of,
)
from core.staff.passwords import PasswordFault, fault_of, normal
from core.staff.permissions import GRANTS, Permission, Role, permissions_of
from core.staff.second_factor import FactorKey, new_recovery_codes, next_code, step_of
from core.staff.sessions import StaffKeys
from core.staff.tokens import ACCESS_LIFE, AccessKey, hash_of_refresh, new_refresh_token

NOW = datetime(2026, 3, 11, 7, 0, 0, tzinfo=UTC)
KEY = FactorKey(b"a staff key for tests")


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("demo-Password-1", None),
        ("maembe matamu sana", None),
        ("short-one-1", PasswordFault.TOO_SHORT),
        ("", PasswordFault.TOO_SHORT),
        ("x1-" * 50, PasswordFault.TOO_LONG),
        ("Password1234", PasswordFault.TOO_COMMON),
        ("aabbaabbaabbaabb", PasswordFault.TOO_COMMON),
        ("my-name-is-Halima", PasswordFault.NAMES_THE_PERSON),
        ("TELLER at the sacco", PasswordFault.NAMES_THE_PERSON),
        ("noor is a short name", None),
    ],
)
def test_a_password_is_long_uncommon_and_not_the_person_s_name(
    password: str, fault: PasswordFault | None
) -> None:
    found = fault_of(password, email="teller@demo.imarisha", first_name="Halima", last_name="Noo")

    assert found is fault


def test_the_same_letters_written_otherwise_are_the_same_password() -> None:
    assert normal("caf\u00e9 \ufb01ne") == normal("cafe\u0301 fine")


def test_the_fifth_wrong_try_locks_for_a_quarter_of_an_hour() -> None:
    standing = OPEN
    for n in range(1, TRIES_BEFORE_LOCK):
        standing = after_wrong_try(standing, NOW)
        assert (standing.wrong_tries, standing.is_locked(NOW)) == (n, False)

    standing = after_wrong_try(standing, NOW)

    assert standing == SignInStanding(wrong_tries=0, locks=1, locked_until=NOW + FIRST_LOCK, last_try=NOW)
    assert standing.is_locked(NOW + FIRST_LOCK - timedelta(seconds=1))
    assert not standing.is_locked(NOW + FIRST_LOCK)


@given(st.integers(0, 10_000))
def test_locks_grow_longer_and_never_for_ever(locks: int) -> None:
    almost = SignInStanding(wrong_tries=TRIES_BEFORE_LOCK - 1, locks=locks, last_try=NOW)

    locked = after_wrong_try(almost, NOW)

    assert locked.locked_until is not None
    assert FIRST_LOCK <= locked.locked_until - NOW <= LONGEST_LOCK
    assert locked.locks == locks + 1


@given(st.integers(1, 100), st.integers(0, TRIES_BEFORE_LOCK - 1))
def test_after_a_quiet_day_nothing_is_held_against_a_place(locks: int, wrong_tries: int) -> None:
    standing = SignInStanding(wrong_tries=wrong_tries, locks=locks, last_try=NOW)

    remembered = after_wrong_try(standing, NOW + FORGOTTEN_AFTER - timedelta(seconds=1))
    forgotten = after_wrong_try(standing, NOW + FORGOTTEN_AFTER)

    assert remembered.locks >= locks
    assert (forgotten.wrong_tries, forgotten.locks) == (1, 0)


def test_a_lock_is_remembered_for_a_day_from_its_end() -> None:
    until = NOW + LONGEST_LOCK
    standing = SignInStanding(locks=9, locked_until=until, last_try=NOW)

    assert not standing.is_forgotten(until + FORGOTTEN_AFTER - timedelta(seconds=1))
    assert standing.is_forgotten(until + FORGOTTEN_AFTER)


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("a socket", "a socket"),
        ("", ""),
    ],
)
def test_a_place_is_an_address_or_the_network_of_one_holder(address: str, place: str) -> None:
    assert place_of(address) == place


def test_every_role_has_its_permissions_and_every_permission_has_a_role() -> None:
    assert set(GRANTS) == set(Role)
    assert permissions_of(Role) == set(Permission)


def test_who_asks_for_money_and_who_decides_are_different_posts_but_for_the_admin() -> None:
    both = {Permission.LEDGER_POST, Permission.LEDGER_APPROVE}

    assert [role for role in Role if both <= GRANTS[role]] == [Role.ADMIN]


def test_an_auditor_changes_nothing() -> None:
    assert all(permission.endswith(".read") for permission in GRANTS[Role.AUDITOR])


@pytest.mark.parametrize(
    ("seconds", "opens"), [(-31, False), (-30, True), (0, True), (59, True), (60, False)]
)
def test_a_code_opens_within_one_step_of_its_time(seconds: int, opens: bool) -> None:  # noqa: FBT001 (a case's outcome)
    totp = KEY.totp("stf_1", 1)
    code = totp.at(NOW)

    step = step_of(totp, code, NOW + timedelta(seconds=seconds))

    assert (step == totp.timecode(NOW)) is opens


def test_everybody_and_every_serial_has_another_secret() -> None:
    secrets = {KEY.totp(staff_id, serial).secret for staff_id in ("stf_1", "stf_2") for serial in (1, 2)}
    other_key = FactorKey(b"another staff key").totp("stf_1", 1).secret

    assert len(secrets | {other_key}) == 5
    assert all(len(secret) == 32 for secret in secrets)


def test_the_demo_s_next_code_is_one_that_was_not_used() -> None:
    totp = KEY.totp("stf_1", 1)
    this = totp.timecode(NOW)

    fresh, fresh_seconds = next_code(totp, last_step=0, now=NOW)
    after_one, _ = next_code(totp, last_step=this, now=NOW)
    after_two, wait = next_code(totp, last_step=this + 1, now=NOW + timedelta(seconds=10))

    assert step_of(totp, fresh, NOW) == this
    assert step_of(totp, fresh, NOW + timedelta(seconds=fresh_seconds - 1)) == this
    assert step_of(totp, fresh, NOW + timedelta(seconds=fresh_seconds)) is None
    assert step_of(totp, after_one, NOW) == this + 1
    assert (after_two, wait) == ("", 20)


def test_recovery_codes_are_different_and_read_with_or_without_their_dash() -> None:
    codes = new_recovery_codes()

    assert len(set(codes)) == len(codes)
    assert KEY.hash_of_recovery("stf_1", codes[0]) == KEY.hash_of_recovery(
        "stf_1", f" {codes[0].replace('-', '').upper()} "
    )
    assert KEY.hash_of_recovery("stf_1", codes[0]) != KEY.hash_of_recovery("stf_2", codes[0])


def test_an_access_token_names_person_and_session_until_it_expires() -> None:
    key = AccessKey(b"a staff key for tests")
    token = key.issue(staff_id="stf_1", session_id="ses_1", now=NOW)

    assert key.read(token, NOW + ACCESS_LIFE - timedelta(seconds=1)) == ("stf_1", "ses_1")
    with pytest.raises(TokenRefused) as expired:
        key.read(token, NOW + ACCESS_LIFE)
    assert expired.value.why is TokenFault.EXPIRED


def test_a_token_of_another_installation_is_not_ours() -> None:
    token = AccessKey(b"another staff key").issue(staff_id="stf_1", session_id="ses_1", now=NOW)

    with pytest.raises(TokenRefused) as refused:
        AccessKey(b"a staff key for tests").read(token, NOW)
    assert refused.value.why is TokenFault.NOT_OURS


def test_refresh_tokens_are_different_and_stored_as_something_else() -> None:
    first, second = new_refresh_token(), new_refresh_token()

    assert first != second
    assert hash_of_refresh(first) != hash_of_refresh(second)
    assert first.encode() not in hash_of_refresh(first)


def test_no_secret_shows_when_it_is_printed() -> None:
    keys = StaffKeys.of("a staff key for tests")

    assert "staff key" not in repr(keys)


def a_request(**changed: object) -> Request:
    plain = {
        "request_id": "req_1",
        "action": "test",
        "subject": "",
        "facts": b"{}",
        "maker": "stf_1",
        "made_at": NOW,
        "expires_at": NOW + timedelta(days=1),
        "state": RequestState.PENDING,
        "checker": None,
        "decided_at": None,
        "reason": "",
        "outcome": {},
    }
    return Request(**{**plain, **changed})  # type: ignore[arg-type]  # each test changes fields by name


def test_a_pending_request_shows_as_expired_from_its_moment_on_and_a_decided_one_never() -> None:
    pending, approved = a_request(), a_request(state=RequestState.APPROVED)

    assert pending.state_at(NOW + timedelta(hours=23)) is RequestState.PENDING
    assert pending.state_at(NOW + timedelta(days=1)) is RequestState.EXPIRED
    assert approved.state_at(NOW + timedelta(days=2)) is RequestState.APPROVED


def test_two_actions_of_one_code_are_a_mistake() -> None:
    with pytest.raises(AssertionError, match="one code"):
        by_code([POST_BY_HAND, POST_BY_HAND])
