"""Does another number count only where both numbers are proved, once, and with time to object?"""

import asyncio
from datetime import timedelta

import pytest

from core.errors import CodeExpired, PhoneTaken, SamePhone, TooManyCodes, WrongCode
from core.membership import phone_change
from core.membership.model import CODE_LIFE, COOLING_OFF
from core.phone import Msisdn
from imarisha.institution import AMINA, OTIENO
from tests.core.membership.counter import Counter, refused

NEW = Msisdn("+254722000111")


async def ask(counter: Counter, change_id: str = "pch_1", new: Msisdn = NEW) -> None:
    await phone_change.ask_phone_change(
        counter.database,
        counter.clock,
        counter.ids,
        change_id=change_id,
        member_id=counter.member_id,
        new=new,
    )


async def prove(counter: Counter, code: str, change_id: str = "pch_1") -> None:
    await phone_change.prove_new_phone(
        counter.database,
        counter.clock,
        counter.office.codes,
        change_id=change_id,
        member_id=counter.member_id,
        code=code,
    )


async def change(counter: Counter, change_id: str = "pch_1") -> None:
    await phone_change.change_phone(
        counter.database, counter.clock, counter.ids, change_id=change_id, member_id=counter.member_id
    )


def right(counter: Counter, change_id: str = "pch_1") -> str:
    return counter.office.codes.code_for(change_id)


def wrong(counter: Counter) -> str:
    return f"{(int(right(counter)) + 1) % 1_000_000:06d}"


async def test_a_proved_number_counts_and_both_numbers_hear_of_it_once(amina: Counter) -> None:
    await ask(amina)
    await prove(amina, right(amina))
    await change(amina)
    await change(amina)

    assert await amina.phone() == NEW.e164
    assert await amina.money_waits_until() == amina.clock.now() + COOLING_OFF
    assert sorted(await amina.told()) == [
        ("phone_changed", NEW.e164),
        ("phone_code", NEW.e164),
        ("phone_left", AMINA.phone),
    ]
    assert await amina.audited("phone.changed") == 1


async def test_nothing_changes_without_the_code(amina: Counter) -> None:
    await refused(CodeExpired, change(amina))
    await ask(amina)

    await refused(CodeExpired, change(amina))

    assert await amina.phone() == AMINA.phone
    assert await amina.money_waits_until() is None


async def test_the_same_wish_sends_one_code(amina: Counter) -> None:
    await ask(amina)
    await ask(amina)

    assert await amina.told() == [("phone_code", NEW.e164)]


async def test_the_code_is_stored_nowhere(amina: Counter) -> None:
    await ask(amina)

    facts = await amina.one("SELECT string_agg(facts::text, ' ') FROM notice")
    row = await amina.one("SELECT row_to_json(c)::text FROM phone_change c")
    assert right(amina) not in f"{facts} {row}"


async def test_the_third_wrong_code_gives_the_change_up_even_for_the_right_one(amina: Counter) -> None:
    await ask(amina)

    first = await refused(WrongCode, prove(amina, wrong(amina)))
    second = await refused(WrongCode, prove(amina, wrong(amina)))
    await refused(CodeExpired, prove(amina, wrong(amina)))

    assert (first.tries_left, second.tries_left) == (2, 1)
    await refused(CodeExpired, prove(amina, right(amina)))
    await refused(CodeExpired, change(amina))


async def test_many_guesses_at_once_are_three_tries(amina: Counter) -> None:
    await ask(amina)

    answers = await asyncio.gather(*(prove(amina, wrong(amina)) for _ in range(8)), return_exceptions=True)

    assert sorted(type(each).__name__ for each in answers) == ["CodeExpired"] * 6 + ["WrongCode"] * 2


async def test_a_proved_code_may_be_sent_again(amina: Counter) -> None:
    await ask(amina)
    await prove(amina, right(amina))

    await prove(amina, right(amina))

    await change(amina)
    assert await amina.phone() == NEW.e164


async def test_an_old_code_proves_nothing(amina: Counter) -> None:
    await ask(amina)
    amina.clock.move(seconds=CODE_LIFE.total_seconds() + 1)

    await refused(CodeExpired, prove(amina, right(amina)))


async def test_an_old_proof_changes_nothing(amina: Counter) -> None:
    await ask(amina)
    await prove(amina, right(amina))
    amina.clock.move(minutes=31)

    await refused(CodeExpired, change(amina))


async def test_another_member_s_change_is_not_one_s_own(amina: Counter, njeri: Counter) -> None:
    await ask(amina)

    await refused(CodeExpired, prove(njeri, right(amina)))


async def test_one_s_own_number_is_refused(amina: Counter) -> None:
    await refused(SamePhone, ask(amina, new=Msisdn(AMINA.phone)))


async def test_who_has_a_number_is_told_only_to_who_proved_to_hold_it(amina: Counter) -> None:
    await ask(amina, new=Msisdn(OTIENO.phone))
    await prove(amina, right(amina))

    await refused(PhoneTaken, change(amina))

    assert await amina.phone() == AMINA.phone


async def test_a_member_asks_for_three_codes_a_day(amina: Counter) -> None:
    for n in range(3):
        await ask(amina, f"pch_{n}", Msisdn(f"+25472200011{n}"))

    await refused(TooManyCodes, ask(amina, "pch_4", Msisdn("+254722000119")))

    amina.clock.move(hours=25)
    await ask(amina, "pch_5", Msisdn("+254722000119"))


async def test_a_number_gets_three_codes_a_day_whoever_asks(amina: Counter, njeri: Counter) -> None:
    await ask(amina, "pch_1")
    await ask(amina, "pch_2")
    await ask(njeri, "pch_3")

    await refused(TooManyCodes, ask(njeri, "pch_4"))


@pytest.mark.parametrize("later", [timedelta(hours=1), timedelta(hours=30)])
async def test_a_longer_wait_that_stands_already_is_kept(amina: Counter, later: timedelta) -> None:
    stands = amina.clock.now() + later
    await amina.run("UPDATE member SET withdrawals_allowed_from = $1 WHERE id = $2", stands, amina.member_id)
    await ask(amina)
    await prove(amina, right(amina))

    await change(amina)

    assert await amina.money_waits_until() == max(stands, amina.clock.now() + COOLING_OFF)


async def test_two_members_want_one_number_and_one_gets_it(amina: Counter, njeri: Counter) -> None:
    for counter, change_id in ((amina, "pch_1"), (njeri, "pch_2")):
        await ask(counter, change_id)
        await prove(counter, right(counter, change_id), change_id)

    answers = await asyncio.gather(change(amina, "pch_1"), change(njeri, "pch_2"), return_exceptions=True)

    assert sorted(type(each).__name__ for each in answers) == ["NoneType", "PhoneTaken"]
