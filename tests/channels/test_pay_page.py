"""Does whoever has a link pay by it, once, and nobody see or do more?"""

import pytest

from core.members import store as members
from core.money import Money
from core.payment_links import service
from core.payment_links.service import PaymentLink
from core.payments.model import PaymentState, Purpose
from core.savings.model import SavingsProduct
from imarisha.institution import AMINA, OTIENO
from tests.test_money_in import account
from tests.world import World

LINK = "lnk_01kkdv3yc0secretsecretsecret"


@pytest.fixture
async def link(world: World) -> PaymentLink:
    own = await account(world, AMINA.phone, SavingsProduct.SAVINGS)
    async with world.system.database.unit_of_work() as session:
        return await service.make(
            session,
            link_id=LINK,
            member=await members.find(session, own.member_id),
            purpose=Purpose.SAVINGS,
            subject=own.account_id,
            amount=Money(50_000),
            by="stf_test",
            now=world.clock.now(),
        )


async def pay(world: World, phone: str, language: str = "en") -> tuple[int, str]:
    answer = await world.http.post(
        f"/pay/{LINK}", data={"phone": phone}, headers={"accept-language": language}
    )
    await world.work()
    return answer.status_code, answer.text


async def test_the_page_shows_the_amount_and_a_first_name_only(world: World, link: PaymentLink) -> None:
    answer = await world.http.get(f"/pay/{link.link_id}")

    assert answer.status_code == 200
    assert "KES 500.00: savings" in answer.text
    assert "For Amina" in answer.text
    assert "Wanjiru" not in answer.text
    assert AMINA.phone not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["referrer-policy"] == "no-referrer"


async def test_swahili_speakers_read_swahili(world: World, link: PaymentLink) -> None:
    answer = await world.http.get(f"/pay/{link.link_id}", headers={"accept-language": "fr, sw-KE;q=0.8"})

    assert 'lang="sw"' in answer.text
    assert "Lipa kwa M-Pesa" in answer.text


async def test_any_phone_pays_and_the_money_is_the_member_s(world: World, link: PaymentLink) -> None:
    before = await account(world, AMINA.phone, SavingsProduct.SAVINGS)

    status, page = await pay(world, "0711 000 002")
    await world.approve(OTIENO.phone)

    assert status == 200
    assert "enter your M-Pesa PIN" in page
    after = await account(world, AMINA.phone, SavingsProduct.SAVINGS)
    assert after.balance == before.balance + link.amount
    over = await world.http.get(f"/pay/{LINK}")
    assert (over.status_code, "<form" in over.text) == (410, False)
    assert (await pay(world, "0711000002"))[0] == 410
    assert await world.count("payment") == 1


async def test_while_one_phone_rings_no_other_is_asked(world: World, link: PaymentLink) -> None:
    await pay(world, OTIENO.phone)

    status, page = await pay(world, AMINA.phone)

    assert status == 409
    assert "payment request on your phone" in page
    assert link.is_paid is False
    assert await world.count("payment") == 1


async def test_a_link_rests_after_five_phones(world: World, link: PaymentLink) -> None:
    for _ in range(5):
        assert (await pay(world, OTIENO.phone))[0] == 200
        await world.answer_prompt(OTIENO.phone, "decline")
        await world.pass_time(minutes=2)

    status, page = await pay(world, OTIENO.phone)

    assert (status, "Too many tries" in page) == (409, True)
    await world.pass_time(hours=1)
    assert (await pay(world, OTIENO.phone))[0] == 200
    assert link.is_closed is False


@pytest.mark.parametrize("phone", ["", "12", "<script>alert(1)</script>", "0711"])
async def test_what_is_no_phone_is_asked_again_and_shown_harmlessly(
    world: World, link: PaymentLink, phone: str
) -> None:
    status, page = await pay(world, phone)

    assert status == 422
    assert "That phone number is not valid" in page
    assert "<script>" not in page
    assert await world.count("payment") == 0
    assert link.is_paid is False


async def test_a_form_that_is_none_is_refused(world: World, link: PaymentLink) -> None:
    answer = await world.http.post(f"/pay/{link.link_id}", content=b"phone=1&phone=2")

    assert answer.status_code == 400


@pytest.mark.parametrize("name", ["lnk_nobody", "%00", "x" * 300])
async def test_an_unknown_link_is_not_found(world: World, name: str) -> None:
    shown = await world.http.get(f"/pay/{name}")
    paid = await world.http.post(f"/pay/{name}", data={"phone": OTIENO.phone})

    assert (shown.status_code, paid.status_code) == (404, 404)


async def test_a_link_ends_by_its_time_and_by_whoever_closes_it(world: World, link: PaymentLink) -> None:
    async with world.system.database.unit_of_work() as session:
        closed = await service.close(session, link.link_id, by="stf_test", now=world.clock.now())
    assert closed.is_closed
    assert (await world.http.get(f"/pay/{LINK}")).status_code == 410


async def test_an_old_link_is_over(world: World, link: PaymentLink) -> None:
    world.clock.move(days=8)

    assert (await pay(world, OTIENO.phone))[0] == 410
    assert await world.count("payment") == 0
    assert not link.is_paid


async def test_the_picture_and_the_look_are_served(world: World, link: PaymentLink) -> None:
    picture = await world.http.get(f"/pay/{link.link_id}/qr.svg")
    look = await world.http.get("/pay/page.css")

    assert picture.headers["content-type"] == "image/svg+xml"
    assert b"<svg" in picture.content
    assert look.status_code == 200


async def test_a_declined_payment_leaves_the_link_open(world: World, link: PaymentLink) -> None:
    await pay(world, OTIENO.phone)
    await world.answer_prompt(OTIENO.phone, "decline")
    await world.pass_time(minutes=2)

    assert [each.state for each in await world.payments()] == [PaymentState.FAILED]
    assert (await world.http.get(f"/pay/{link.link_id}")).status_code == 200
