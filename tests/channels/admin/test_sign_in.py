"""Does the door open for the right person, once, and for nobody else?"""

import asyncio
from datetime import timedelta
from typing import Any

import jwt
import pytest

from core.staff.lock import FIRST_LOCK
from core.staff.sessions import REFRESH_LIFE, SESSION_LIFE
from core.staff.tokens import ACCESS_LIFE
from imarisha.institution_staff import ADMIN, PASSWORD, TELLER
from tests.channels.admin.conftest import V1, Person, audited, code_for, seated, sign_in
from tests.world import World

PROBLEM = "application/problem+json"


async def refresh(world: World, token: str) -> tuple[int, dict[str, Any]]:
    answer = await world.http.post(f"{V1}/refresh", json={"refresh_token": token})
    return answer.status_code, answer.json()


async def test_password_and_code_open_a_session(world: World) -> None:
    answer = await sign_in(world, TELLER.email)

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["me"]["roles"] == ["teller"]
    [signed_in] = await audited(world, "staff.signed_in")
    assert signed_in["actor"] == answer.json()["me"]["id"]


async def test_the_e_mail_may_be_written_in_capitals(world: World) -> None:
    code = await code_for(world, TELLER.email)

    answer = await sign_in(world, f" {TELLER.email.upper()} ", code=code)

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("email", "password", "code"),
    [
        (TELLER.email, "demo-Password-2", None),
        (TELLER.email, PASSWORD, "000000"),
        (TELLER.email, PASSWORD, "abcdef-ghijkm"),
        ("nobody@demo.imarisha", PASSWORD, "000000"),
    ],
)
async def test_what_was_wrong_is_not_told(world: World, email: str, password: str, code: str | None) -> None:
    answer = await sign_in(world, email, password=password, code=code)

    assert answer.status_code == 401
    assert answer.headers["content-type"] == PROBLEM
    assert answer.json() == {
        "type": "about:blank",
        "title": "Unauthorized",
        "status": 401,
        "detail": "E-mail, password or code is wrong.",
        "code": "staff.sign_in_refused",
        "facts": {},
    }


async def test_a_refusal_is_told_in_the_caller_s_language(world: World) -> None:
    answer = await world.http.post(
        f"{V1}/sign-in",
        json={"email": "nobody@demo.imarisha", "password": "x", "code": "000000"},
        headers={"accept-language": "de, sw;q=0.8"},
    )

    assert answer.json()["detail"] == "Barua pepe, nenosiri au msimbo si sahihi."


async def test_a_code_opens_once(world: World) -> None:
    code = await code_for(world, TELLER.email)

    first, second = (
        await sign_in(world, TELLER.email, code=code),
        await sign_in(world, TELLER.email, code=code),
    )

    assert (first.status_code, second.status_code) == (200, 401)


async def test_of_two_at_once_with_one_code_one_comes_in(world: World) -> None:
    code = await code_for(world, TELLER.email)

    answers = await asyncio.gather(*(sign_in(world, TELLER.email, code=code) for _ in range(2)))

    assert sorted(answer.status_code for answer in answers) == [200, 401]


async def test_an_old_code_opens_nothing(world: World) -> None:
    code = await code_for(world, TELLER.email)
    world.clock.move(minutes=2)

    assert (await sign_in(world, TELLER.email, code=code)).status_code == 401


async def test_five_wrong_tries_lock_even_for_what_is_right_and_time_lifts_it(world: World) -> None:
    for _ in range(5):
        await sign_in(world, TELLER.email, password="demo-Password-2")

    locked = await sign_in(world, TELLER.email)
    assert locked.status_code == 429
    assert locked.json()["code"] == "staff.sign_in_locked"
    assert locked.headers["retry-after"] == str(int(FIRST_LOCK.total_seconds()))
    assert len(await audited(world, "staff.last_try")) == 1

    world.clock.move(seconds=FIRST_LOCK.total_seconds())
    assert (await sign_in(world, TELLER.email)).status_code == 200


async def test_wrong_codes_count_as_wrong_passwords_do(world: World) -> None:
    for _ in range(5):
        await sign_in(world, TELLER.email, code="000000")

    assert (await sign_in(world, TELLER.email)).status_code == 429


async def test_many_wrong_tries_at_once_are_five_guesses(world: World) -> None:
    answers = await asyncio.gather(
        *(sign_in(world, TELLER.email, password=f"wrong-word-{n}", code="000000") for n in range(12))
    )

    assert sorted(answer.status_code for answer in answers) == [401] * 5 + [429] * 7


async def test_a_colleague_lifts_the_lock(world: World, admin: Person) -> None:
    for _ in range(5):
        await sign_in(world, TELLER.email, code="000000")
    everybody = (await admin.get("/staff")).json()
    locked = next(each for each in everybody if each["email"] == TELLER.email)
    assert locked["locked_until"]

    unlocked = await admin.post(f"/staff/{locked['id']}/unlock")

    assert unlocked.status_code == 200
    assert (await sign_in(world, TELLER.email)).status_code == 200


async def test_one_place_may_not_try_for_ever(world: World) -> None:
    tried = [
        (await sign_in(world, f"nobody{n}@demo.imarisha", password="x", code="000000")).status_code
        for n in range(32)
    ]

    assert tried[0] == 401
    assert tried[-1] == 429


async def test_without_a_token_nothing_opens(world: World) -> None:
    answer = await world.http.get(f"{V1}/me")

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["facts"] == {"why": "missing"}


async def test_an_access_token_expires(world: World, teller: Person) -> None:
    world.clock.move(seconds=ACCESS_LIFE.total_seconds() - 1)
    assert (await teller.get("/me")).status_code == 200

    world.clock.move(seconds=1)

    expired = await teller.get("/me")
    assert expired.status_code == 401
    assert expired.json()["facts"] == {"why": "expired"}


@pytest.mark.parametrize(
    "forgery", ["another key", "no signature", "another algorithm", "another audience", "noise"]
)
async def test_a_forged_token_opens_nothing(world: World, teller: Person, forgery: str) -> None:
    real = teller.tokens["access_token"]
    claims = jwt.decode(real, options={"verify_signature": False})
    signing_key = world.system.admin.keys.access._signing_key
    forged = {
        "another key": lambda: jwt.encode(claims, "k" * 32, algorithm="HS256"),
        "no signature": lambda: jwt.encode(claims, "", algorithm="none"),
        "another algorithm": lambda: jwt.encode(claims, signing_key * 2, algorithm="HS512"),
        "another audience": lambda: jwt.encode({**claims, "aud": "members"}, signing_key, algorithm="HS256"),
        "noise": lambda: real[:-6] + "AAAAAA",
    }[forgery]()
    teller.headers["authorization"] = f"Bearer {forged}"

    answer = await teller.get("/me")

    assert answer.status_code == 401
    assert answer.json()["facts"] == {"why": "not_ours"}


async def test_a_token_for_somebody_else_s_session_opens_nothing(
    world: World, teller: Person, admin: Person
) -> None:
    claims = jwt.decode(teller.tokens["access_token"], options={"verify_signature": False})
    mixed = world.system.admin.keys.access.issue(
        staff_id=admin.staff_id, session_id=claims["sid"], now=world.clock.now()
    )
    teller.headers["authorization"] = f"Bearer {mixed}"

    assert (await teller.get("/me")).json()["facts"] == {"why": "ended"}


async def test_a_refresh_token_gives_new_tokens_once(world: World, teller: Person) -> None:
    first = teller.tokens["refresh_token"]

    status, tokens = await refresh(world, first)

    assert status == 200
    assert tokens["refresh_token"] != first
    assert (await refresh(world, tokens["refresh_token"]))[0] == 200


async def test_a_refresh_token_that_comes_again_ends_the_session_for_all(
    world: World, teller: Person
) -> None:
    first = teller.tokens["refresh_token"]
    _, tokens = await refresh(world, first)

    status, refused = await refresh(world, first)

    assert (status, refused["facts"]) == (401, {"why": "reused"})
    assert (await refresh(world, tokens["refresh_token"]))[1]["facts"] == {"why": "ended"}
    assert (await teller.get("/me")).json()["facts"] == {"why": "ended"}
    assert len(await audited(world, "staff.token_reused")) == 1


async def test_of_two_refreshes_at_once_one_wins_and_the_session_ends(world: World, teller: Person) -> None:
    answers = await asyncio.gather(*(refresh(world, teller.tokens["refresh_token"]) for _ in range(2)))

    assert sorted(status for status, _ in answers) == [200, 401]
    assert (await teller.get("/me")).status_code == 401


async def test_a_refresh_token_that_is_not_ours_gives_nothing(world: World) -> None:
    status, refused = await refresh(world, "x" * 43)

    assert (status, refused["facts"]) == (401, {"why": "not_ours"})


async def test_a_session_ends_when_nobody_uses_it(world: World, teller: Person) -> None:
    world.clock.move(seconds=REFRESH_LIFE.total_seconds())

    status, refused = await refresh(world, teller.tokens["refresh_token"])

    assert (status, refused["facts"]) == (401, {"why": "expired"})


async def test_a_session_ends_after_a_working_day_however_busy_it_was(world: World, teller: Person) -> None:
    token = teller.tokens["refresh_token"]
    worked = timedelta()
    while worked + REFRESH_LIFE / 2 < SESSION_LIFE:
        world.clock.move(seconds=REFRESH_LIFE.total_seconds() / 2)
        worked += REFRESH_LIFE / 2
        status, tokens = await refresh(world, token)
        assert status == 200
        token = tokens["refresh_token"]

    world.clock.move(seconds=REFRESH_LIFE.total_seconds() / 2)

    assert (await refresh(world, token))[0] == 401


async def test_who_signs_out_is_out_at_once(world: World, teller: Person) -> None:
    out = await world.http.post(f"{V1}/sign-out", headers=teller.headers)

    assert out.status_code == 204
    assert (await teller.get("/me")).json()["facts"] == {"why": "ended"}
    assert (await refresh(world, teller.tokens["refresh_token"]))[0] == 401


async def test_a_colleague_ends_a_person_s_sessions(teller: Person, admin: Person) -> None:
    ended = await admin.post(f"/staff/{teller.staff_id}/sessions/end")

    assert ended.json() == {"sessions_ended": 1}
    assert (await teller.get("/me")).status_code == 401
    assert (await admin.get("/me")).status_code == 200


async def test_who_leaves_is_out_at_once_and_stays_out(world: World, teller: Person) -> None:
    async with world.system.database.unit_of_work() as session:
        await session.execute("UPDATE staff SET status = 'left' WHERE id = $1", teller.staff_id)

    assert (await teller.get("/me")).status_code == 401
    assert (await refresh(world, teller.tokens["refresh_token"]))[0] == 401
    assert (await sign_in(world, TELLER.email)).status_code == 401


async def test_a_role_that_is_taken_away_counts_at_once(world: World, admin: Person) -> None:
    assert (await admin.get("/audit")).status_code == 200
    async with world.system.database.unit_of_work() as session:
        await session.execute("UPDATE staff_role SET role = 'teller' WHERE staff_id = $1", admin.staff_id)

    refused = await admin.get("/audit")

    assert refused.status_code == 403
    assert refused.json()["facts"] == {"permission": "audit.read"}


async def test_a_new_password_ends_one_s_other_sessions(world: World, teller: Person) -> None:
    other = await seated(world, TELLER.email)

    changed = await teller.post("/me/password", {"old": PASSWORD, "new": "maembe matamu sana"})

    assert changed.json() == {"sessions_ended": 1}
    assert (await other.get("/me")).status_code == 401
    assert (await teller.get("/me")).status_code == 200
    world.clock.move(minutes=1)
    assert (await sign_in(world, TELLER.email)).status_code == 401
    assert (await sign_in(world, TELLER.email, password="maembe matamu sana")).status_code == 200


async def test_a_new_password_needs_the_old_one_and_must_be_good(teller: Person) -> None:
    wrong = await teller.post("/me/password", {"old": "demo-Password-2", "new": "maembe matamu sana"})
    weak = await teller.post("/me/password", {"old": PASSWORD, "new": "halima halima"})

    assert (wrong.status_code, wrong.json()["code"]) == (401, "staff.sign_in_refused")
    assert (weak.status_code, weak.json()["facts"]) == (422, {"why": "names_the_person"})


async def test_a_recovery_code_opens_once_in_place_of_the_phone(world: World, teller: Person) -> None:
    codes = (await teller.post("/me/recovery-codes", {"password": PASSWORD})).json()["codes"]
    assert len(set(codes)) == 10

    first = await sign_in(world, TELLER.email, code=codes[0].upper())
    again = await sign_in(world, TELLER.email, code=codes[0])
    somebody_else = await sign_in(world, ADMIN.email, code=codes[1])

    assert (first.status_code, again.status_code, somebody_else.status_code) == (200, 401, 401)
    assert len(await audited(world, "staff.recovery_code")) == 1


async def test_a_token_alone_makes_no_recovery_codes(world: World, teller: Person) -> None:
    answer = await teller.post("/me/recovery-codes", {"password": "demo-Password-2"})

    assert (answer.status_code, answer.json()["code"]) == (401, "staff.sign_in_refused")
    assert await world.count("staff_recovery_code") == 0


async def test_new_recovery_codes_make_the_old_ones_worthless(world: World, teller: Person) -> None:
    old = (await teller.post("/me/recovery-codes", {"password": PASSWORD})).json()["codes"]

    await teller.post("/me/recovery-codes", {"password": PASSWORD})

    assert (await sign_in(world, TELLER.email, code=old[0])).status_code == 401


async def test_my_sessions_say_which_is_this(world: World, teller: Person) -> None:
    await seated(world, TELLER.email)

    sessions = (await teller.get("/me/sessions")).json()

    assert [each["is_this"] for each in sessions].count(True) == 1
    assert len(sessions) == 2


async def test_the_demo_says_how_long_to_wait_when_its_codes_are_used_up(world: World) -> None:
    for _ in range(2):
        assert (await sign_in(world, TELLER.email)).status_code == 200

    answer = await world.http.get(f"{V1}/demo/second-factor", params={"email": TELLER.email})

    assert answer.json()["code"] == ""
    assert 0 < answer.json()["seconds"] <= 30


async def test_no_secret_of_staff_is_stored_in_clear(world: World, teller: Person) -> None:
    codes = (await teller.post("/me/recovery-codes", {"password": PASSWORD})).json()["codes"]
    async with world.system.database.reading() as session:
        tables = await session.rows("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'")
        stored = [row for table in tables for row in await session.rows(f'SELECT * FROM "{table["name"]}"')]
    text = "\n".join(repr(list(row.values())) for row in stored)

    for secret in (PASSWORD, teller.tokens["refresh_token"], teller.tokens["access_token"], codes[0]):
        assert secret not in text
