"""Are shares bought whole, passed on by two people, and a dividend declared once by two?"""

from core.staff.permissions import Role
from tests.channels.admin.checked import agreed, assert_needs_two_people, assert_refused
from tests.channels.admin.conftest import Hire, Person, audited
from tests.channels.admin.test_savings import accounts_of
from tests.world import World

DIVIDEND = {"year": 2025, "share_percent": "12", "deposit_percent": "9.5", "pays_on": "2026-04-01"}


async def shares_of(world: World, member: str) -> int:
    async with world.system.database.reading() as session:
        row = await session.row("SELECT ledger_code FROM share_account WHERE member_id = $1", member)
    assert row is not None
    return (await world.balance(row["ledger_code"])).minor


async def test_whole_shares_are_bought_once(world: World, teller: Person, amina: str) -> None:
    savings = (await accounts_of(teller, amina))["savings"]["id"]
    path, said = f"/members/{amina}/shares/purchases", {"source": savings, "amount": "1000.00"}
    before = await shares_of(world, amina)

    bought = await teller.post(path, said, key="ten-more-shares")
    again = await teller.post(path, said, key="ten-more-shares")

    assert bought.status_code == 200
    assert bought.content == again.content
    assert await shares_of(world, amina) - before == 100_000
    [event] = await audited(world, "shares.bought")
    assert (event["actor"], event["subject"]) == (teller.staff_id, amina)
    await assert_refused(
        teller,
        path,
        [
            ({**said, "amount": "150.00"}, 422, "shares.not_whole"),
            ({**said, "amount": "0"}, 422, "money.invalid"),
            ({**said, "amount": "8000.00"}, 422, "savings.insufficient"),
            ({**said, "source": "acc_none"}, 404, "savings.unknown_account"),
        ],
    )
    await world.assert_books_agree()


async def test_shares_pass_to_another_member_by_two_people(
    world: World, teller: Person, admin: Person, amina: str, otieno: str
) -> None:
    path = f"/members/{amina}/shares/transfers"
    said = {"receiver_id": otieno, "amount": "2000.00", "reason": "sold to a neighbour"}
    before = await shares_of(world, otieno)

    outcome = await agreed(teller, admin, path, said)

    assert await shares_of(world, otieno) - before == 200_000
    assert (await teller.get(f"/ledger/journals/{outcome['journal']}")).status_code == 200
    await assert_refused(
        teller,
        path,
        [
            ({**said, "amount": "15000.00"}, 422, "shares.below_minimum"),
            ({**said, "amount": "99.00"}, 422, "shares.not_whole"),
            ({**said, "receiver_id": amina}, 422, "shares.none"),
            ({**said, "receiver_id": "mbr_none"}, 422, "shares.none"),
            ({**said, "reason": ""}, 422, "request.invalid"),
        ],
    )
    await assert_needs_two_people(admin, path, {**said, "amount": "18000.00", "leaving": True})
    await world.assert_books_agree()


async def test_a_dividend_is_declared_once_by_two_people(world: World, hire: Hire) -> None:
    accountant, manager = await hire(Role.ACCOUNTANT), await hire(Role.MANAGER)

    await agreed(accountant, manager, "/dividends", DIVIDEND)

    [year] = (await accountant.get("/dividends")).json()["items"]
    assert (year["year"], year["share_percent"], year["declared_on"]) == (2025, "12", "2026-03-11")
    assert (year["members"], year["paid_members"], year["booked_on"]) == (0, 0, None)
    assert year["gross"] == {"amount": "0.00", "currency": "KES"}
    assert (await accountant.get("/dividends", after=2025)).json()["items"] == []
    [event] = await audited(world, "dividend.declared")
    assert event["actor"] == accountant.staff_id
    await assert_refused(accountant, "/dividends", [(DIVIDEND, 409, "shares.already_declared")])


async def test_what_members_earn_is_seen_before_two_people_book_it(
    world: World, hire: Hire, admin: Person
) -> None:
    accountant, manager = await hire(Role.ACCOUNTANT), await hire(Role.MANAGER)
    await assert_refused(accountant, "/dividends/2025/reckonings", [({}, 422, "shares.not_declared")])
    await assert_refused(accountant, "/dividends/2025/booking", [({}, 422, "shares.not_declared")])
    await agreed(accountant, manager, "/dividends", DIVIDEND)
    await agreed(accountant, manager, "/dividends", {**DIVIDEND, "year": 2024})
    await assert_needs_two_people(admin, "/dividends/2024/booking", None)

    first = await accountant.post("/dividends/2025/reckonings", {})
    seen = (await accountant.get("/dividends")).json()["items"][0]
    on = {"after": first.json()["next"]}
    done = await accountant.post("/dividends/2025/reckonings", on, key="the-next-thousand")
    repeat = await accountant.post("/dividends/2025/reckonings", on, key="the-next-thousand")
    again = await accountant.post("/dividends/2025/reckonings", {"after": None})
    request = await accountant.post("/dividends/2025/booking")
    own = await accountant.post(f"/approvals/{request.json()['id']}/approve")
    booked = await manager.post(f"/approvals/{request.json()['id']}/approve")

    assert (done.json()["next"], again.json()) == (None, first.json())
    assert repeat.content == done.content
    assert own.status_code == 403
    assert seen["members"] > 0
    assert booked.json()["outcome"] == {"owed": seen["gross"]["amount"]}
    [year, _] = (await accountant.get("/dividends")).json()["items"]
    assert (year["booked_on"], year["members"]) == ("2026-03-11", seen["members"])
    await assert_refused(admin, "/dividends/2025/booking", [({}, 422, "shares.not_declared")])
    await world.assert_books_agree()


async def test_what_no_meeting_can_decide_is_refused(admin: Person, officer: Person) -> None:
    await assert_refused(
        admin,
        "/dividends",
        [
            ({**DIVIDEND, "year": 2026}, 422, "shares.year_not_over"),
            ({**DIVIDEND, "pays_on": "2026-03-10"}, 422, "savings.contradictory_terms"),
            ({**DIVIDEND, "share_percent": "-1"}, 422, "request.invalid"),
            ({**DIVIDEND, "last_day_counted": 0}, 422, "request.invalid"),
            ({**DIVIDEND, "year": 20_000}, 422, "request.invalid"),
        ],
    )
    assert (await officer.get("/dividends")).status_code == 403
    assert (await officer.post("/dividends/2025/booking")).status_code == 403
    assert (await officer.post("/dividends/2025/reckonings", {})).status_code == 403
    assert (await admin.post("/dividends/20000/booking")).status_code == 422
    await assert_needs_two_people(admin, "/dividends", DIVIDEND)
