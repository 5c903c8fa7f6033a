"""Is who asks to join by phone written down once, with consent, and their national id sealed?"""

from dataclasses import replace
from datetime import date

import pytest

from core.admission import ADMIT, Applicant, is_waiting
from core.checked_actions import ACTIONS
from core.errors import AlreadyMember, MembershipPending, NotOfAge, RequestWaits, UnknownMember
from core.members import service
from core.members.model import Language, Member, MemberStatus
from core.members.national_id import NationalId
from core.membership.consent import CONSENT_VERSION, CONSENTS, consent_words
from core.membership.joining import Where, ask_to_join
from core.phone import Msisdn
from core.staff import checking
from core.staff import store as staff
from core.staff.model import SignedIn
from dialogs.catalogue import load_catalogue
from dialogs.institution import Institution
from imarisha.institution import AMINA
from tests.core.membership.counter import Counter, refused

WAFULA = Applicant(
    first_name="Wafula",
    last_name="Barasa",
    phone=Msisdn("+254711000009"),
    language=Language.SWAHILI,
    birth_date=date(1988, 3, 14),
    national_id=NationalId("12345678"),
)


async def join(counter: Counter, applicant: Applicant = WAFULA) -> Member:
    return await ask_to_join(
        counter.database,
        counter.clock,
        counter.ids,
        counter.office.sealer,
        applicant,
        Where("Imarisha Sacco", "ussd"),
    )


async def test_who_asks_waits_for_staff_with_what_they_agreed_to(amina: Counter) -> None:
    member = await join(amina)

    assert member.status is MemberStatus.PENDING
    consent = await amina.one(
        "SELECT version || '/' || language || '/' || channel || '/' || words FROM member_consent"
    )
    words = consent_words(Language.SWAHILI, institution="Imarisha Sacco")
    assert consent == f"{CONSENT_VERSION}/sw/ussd/{words}"
    assert await amina.one("SELECT maker FROM staff_request WHERE subject = $1", member.member_id) == (
        member.member_id
    )


async def test_the_national_id_is_sealed_wherever_it_is_stored(amina: Counter) -> None:
    member = await join(amina)

    sealed = str(await amina.one("SELECT national_id_sealed FROM member WHERE id = $1", member.member_id))
    facts = str(await amina.one("SELECT facts::text FROM staff_request WHERE subject = $1", member.member_id))
    assert amina.office.sealer.open(sealed, owner=member.member_id) == "12345678"
    assert "12345678" not in sealed + facts
    assert "*****678" in facts


async def test_asked_again_it_is_the_same(amina: Counter) -> None:
    first, second = await join(amina), await join(amina)

    assert first.member_id == second.member_id
    assert await amina.one("SELECT count(*) FROM member_consent") == 1


async def decide(counter: Counter, *, agree: bool) -> None:
    request_id = str(
        await counter.one("SELECT id FROM staff_request WHERE state = 'pending' AND action = $1", ADMIT.code)
    )
    async with counter.database.unit_of_work() as session:
        credentials = await staff.by_email(session, "admin@demo.imarisha")
        assert credentials is not None
        who, now = SignedIn(credentials.staff, "ses_1"), counter.clock.now()
        if agree:
            await checking.approve(session, now, counter.ids, ACTIONS, who, request_id=request_id)
        else:
            await checking.reject(session, now, counter.ids, ACTIONS, who, request_id=request_id, reason="no")


async def has_pin(counter: Counter, member_id: str) -> bool:
    return await counter.one("SELECT hash FROM member_pin WHERE member_id = $1", member_id) is not None


async def choose_pin(counter: Counter, member_id: str) -> None:
    for entry in (service.propose_first_pin, service.choose_first_pin):
        await entry(counter.database, counter.clock, counter.checks, member_id=member_id, pin="7391")


async def test_while_staff_have_not_decided_the_caller_hears_so(amina: Counter) -> None:
    await join(amina)

    await refused(MembershipPending, service.recognise(amina.database, WAFULA.phone.e164))


@pytest.mark.parametrize(("agree", "kind"), [(True, "member_admitted"), (False, "member_turned_away")])
async def test_the_decision_is_told(amina: Counter, *, agree: bool, kind: str) -> None:
    await join(amina)

    await decide(amina, agree=agree)

    assert await amina.told() == [(kind, WAFULA.phone.e164)]


async def test_who_is_admitted_signs_in_with_the_pin_chosen_on_asking(amina: Counter) -> None:
    member = await join(amina)
    await choose_pin(amina, member.member_id)

    await decide(amina, agree=True)

    known, _ = await service.recognise(amina.database, WAFULA.phone.e164)
    assert known.status is MemberStatus.ACTIVE
    assert await has_pin(amina, member.member_id)


async def test_who_was_turned_away_asks_again_without_the_pin_of_before(amina: Counter) -> None:
    member = await join(amina)
    await choose_pin(amina, member.member_id)
    await decide(amina, agree=False)
    await refused(UnknownMember, service.recognise(amina.database, WAFULA.phone.e164))

    again = await join(amina, replace(WAFULA, first_name="Juma"))

    assert (again.member_id, again.first_name) == (member.member_id, "Juma")
    assert not await has_pin(amina, member.member_id)


async def test_a_request_that_nobody_decided_on_is_made_anew(amina: Counter) -> None:
    member = await join(amina)
    amina.clock.move(days=31)
    async with amina.database.reading() as session:
        assert not await is_waiting(session, amina.clock.now(), member.member_id)

    await join(amina)

    async with amina.database.reading() as session:
        assert await is_waiting(session, amina.clock.now(), member.member_id)


async def test_under_other_names_the_first_request_is_decided_first(amina: Counter) -> None:
    await join(amina)

    await refused(RequestWaits, join(amina, replace(WAFULA, first_name="Juma")))


async def test_staff_see_who_gave_the_same_national_id(amina: Counter) -> None:
    member = await join(amina, replace(WAFULA, national_id=NationalId(AMINA.national_id)))

    facts = str(await amina.one("SELECT facts::text FROM staff_request WHERE subject = $1", member.member_id))
    assert '"same_national_id": "M00001"' in facts


async def test_children_and_members_are_refused(amina: Counter) -> None:
    await refused(NotOfAge, join(amina, replace(WAFULA, birth_date=date(2015, 3, 14))))
    await refused(AlreadyMember, join(amina, replace(WAFULA, phone=Msisdn(AMINA.phone))))

    assert await amina.one("SELECT count(*) FROM member_consent") == 0


@pytest.mark.parametrize("language", list(Language))
def test_the_words_on_the_screen_are_the_words_that_are_stored(language: Language) -> None:
    institution = Institution("Imarisha Sacco", "0800 720 096", "*384*96#", "600996")

    shown = load_catalogue(institution)[language]["register.consent.text"]

    assert shown == consent_words(language, institution="Imarisha Sacco")
    assert set(CONSENTS[CONSENT_VERSION]) == set(Language)
