"""Do the conversations about who somebody is ask the desk the right thing, and keep nothing that was typed too long?"""

from collections.abc import Callable

import pytest
from redis import Redis

from core.errors import AskStaff, PhoneTaken, PinLocked
from dialogs.inputs import TextReader
from dialogs.person_inputs import DayReader, DigitsReader, NameReader, NationalIdReader, PhoneReader
from dialogs.remark import Remark, Sentence
from tests.dialogs.handset import Handset
from tests.dialogs.membership_teller import CODE, NATIONAL_ID
from tests.dialogs.teller import AMINA, STRANGER, Teller

PhoneOf = Callable[[str], Handset]
MBR = f"mbr_{AMINA}"


@pytest.fixture
def redis_text(clean_redis_url: str) -> Callable[[], str]:
    """Everything that Redis holds now."""

    def everything() -> str:
        with Redis.from_url(clean_redis_url) as redis:
            return " ".join(str(redis.hgetall(key)) for key in redis.scan_iter(_type="hash"))

    return everything


async def test_a_stranger_asks_to_join_and_is_known_to_the_pin_that_follows(
    phone_of: PhoneOf, teller: Teller, redis_text: Callable[[], str]
) -> None:
    stranger = phone_of(STRANGER)
    await stranger.dial()

    confirm = await stranger.play("2", "1", "12345678", "wafula", "barasa", "14031988")

    assert confirm.label == "register.confirm"
    assert teller.asked == []
    reply = await stranger.type("1")
    assert reply.label == "register_pin.choose"
    assert teller.asked == [("join", STRANGER, "wafula", "barasa", "sw", "ussd")]
    assert "12345678" not in redis_text()


async def test_the_code_of_a_new_number_reaches_the_desk_and_stays_nowhere(
    amina: Handset, redis_text: Callable[[], str]
) -> None:
    await amina.sign_in("4271")
    await amina.play("5", "0722000111", "1")

    wrong = await amina.type("135790")
    right = await amina.type(CODE)

    assert wrong.text.startswith("Wrong code. Tries left: 2.")
    assert right.label == "phone.pin"
    stored = redis_text()
    assert "+254722000111" in stored
    assert "135790" not in stored
    assert CODE not in stored


async def test_a_new_number_takes_the_pin_and_a_yes(amina: Handset, teller: Teller) -> None:
    await amina.sign_in("4271")
    await amina.play("5", "0722000111", "1", CODE)

    wrong = await amina.type("9157")
    asked_before = list(teller.asked)
    await amina.type("4271")
    done = await amina.type("1")

    assert wrong.label == "phone.pin"
    assert ("change", "pch_1", MBR) not in asked_before
    assert teller.asked[-1] == ("change", "pch_1", MBR)
    assert done.ends


@pytest.mark.parametrize("refusal", [PhoneTaken()])
async def test_a_number_of_somebody_else_ends_the_call_with_the_reason(
    amina: Handset, teller: Teller, refusal: PhoneTaken
) -> None:
    teller.failing["change_phone"] = refusal
    await amina.sign_in("4271")
    await amina.play("5", "0722000111", "1", CODE, "4271")

    reply = await amina.type("1")

    assert reply.text == "That number belongs to another member. Call 0800 720 096."
    assert reply.ends


async def test_wrong_answers_about_oneself_end_with_staff(phone_of: PhoneOf, teller: Teller) -> None:
    amina = phone_of(AMINA)
    teller.failing["sign_in"] = PinLocked(until=None)
    await amina.dial()
    await amina.play("9157", "1")

    wrong = await amina.play("11111111", "1988")
    teller.failing["check_identity"] = AskStaff()
    ended = await amina.play(NATIONAL_ID, "1988")

    assert wrong.text.startswith("That is not what we have. Tries left: 2.")
    assert ended.text == "We can not go on by phone today. Visit a branch or call 0800 720 096."
    assert ended.ends


async def test_what_was_said_to_be_identified_is_forgotten(
    amina: Handset, teller: Teller, redis_text: Callable[[], str]
) -> None:
    teller.failing["sign_in"] = PinLocked(until=None)
    await amina.dial()
    await amina.play("9157", "1", NATIONAL_ID)

    choose = await amina.type("1988")

    assert choose.label == "pin_reset.choose"
    assert NATIONAL_ID not in redis_text()
    assert (await amina.play("7391", "7391")).ends
    assert teller.asked == [("reset", MBR)]


async def test_requests_and_statements_reach_the_desk_once(amina: Handset, teller: Teller) -> None:
    await amina.sign_in("4271")
    await amina.play("6", "8", "1", "00", "6", "15", "2", "My  name", "1", "00", "6", "15", "3", "1")
    await amina.play("00", "4", "1", "3")

    assert teller.asked == [
        ("staff", MBR, "call_back", ""),
        ("staff", MBR, "correct_data", "My name"),
        ("staff", MBR, "delete_data", ""),
        ("statement", "lnk_1", MBR, "365"),
    ]


@pytest.mark.parametrize(
    ("reader", "typed", "read"),
    [
        (PhoneReader("n"), "0722 000 111", {"n": "+254722000111"}),
        (PhoneReader("n"), "12", Remark("refusal.phone.invalid")),
        (NationalIdReader("n"), "12-345-678", {"n": "12345678"}),
        (NationalIdReader("n"), "12", Remark("refusal.membership.national_id_invalid")),
        (NameReader("n"), " Achieng'  Ouma ", {"n": "Achieng' Ouma"}),
        (NameReader("n"), "R2D2", Remark("refusal.members.name_invalid")),
        (NameReader("n"), "a" * 31, Remark(Sentence.WRONG_TEXT, {"longest": 30})),
        (DayReader("n"), "1.2.1990", {"n": "1990-02-01"}),
        (DayReader("n"), "30.2.1990", Remark(Sentence.WRONG_DAY)),
        (DigitsReader("n", 6, Sentence.WRONG_CODE), "123 456", {"n": "123456"}),
        (DigitsReader("n", 6, Sentence.WRONG_CODE), "12345", Remark(Sentence.WRONG_CODE)),
        (DigitsReader("n", 4, Sentence.WRONG_YEAR), "١٩٨٨", Remark(Sentence.WRONG_YEAR)),
        (TextReader("n", 5), "toolong", Remark(Sentence.WRONG_TEXT, {"longest": 5})),
    ],
)
def test_what_people_type_about_themselves_has_one_meaning_or_is_asked_again(
    reader: Callable[..., object], typed: str, read: object
) -> None:
    assert reader(typed, {}) == read
