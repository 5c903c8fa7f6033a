"""Breaks over HTTP: who may settle them, that it takes two, and what the day's report says."""

import pytest

from core.ledger.chart import Gl
from core.reconciliation import decisions
from core.staff.permissions import Role
from tests.channels.admin.checked import agreed, assert_needs_two_people, assert_refused
from tests.channels.admin.conftest import Hire, Person
from tests.core.reconciliation.conftest import Booked, Bring, booked, bring, row
from tests.world import World

__all__ = ["booked", "bring"]
WHY = {"reason": "seen with the bank"}
PAYER = "2547****0101 - JANE DEMO"
JANE = {"phone": "254700000101", "payer": "Jane Demo", "reference": "SAV000123"}


@pytest.fixture
async def accountant(hire: Hire) -> Person:
    return await hire(Role.ACCOUNTANT)


async def test_a_line_we_lack_is_booked_into_suspense_once_two_agree(
    world: World, bring: Bring, accountant: Person, admin: Person
) -> None:
    await bring(row("UKK4DEMO11", 500))
    [break_] = (await accountant.get("/reconciliation/breaks")).json()["items"]
    before = await world.balance(Gl.MPESA_PAYBILL)
    said = {**WHY, "line": break_["line"]}

    await assert_needs_two_people(admin, "/reconciliation/bookings", said)
    [mine] = (await admin.get("/approvals/waiting")).json()["items"]
    await admin.post(f"/approvals/{mine['id']}/withdraw")
    await agreed(accountant, admin, "/reconciliation/bookings", said)

    assert (await world.balance(Gl.MPESA_PAYBILL) - before).minor == 50_000
    [waiting] = (await accountant.get("/ledger/suspense")).json()["items"]
    assert waiting["receipt"] == f"statement_line:{break_['line']}"
    assert (await accountant.get("/reconciliation/breaks")).json() == {"items": [], "next": None}
    await assert_refused(accountant, "/reconciliation/bookings", [(said, 409, "reconciliation.not_open")])


async def test_a_charge_is_booked_as_expense_and_other_money_that_left_is_not(
    world: World, bring: Bring, accountant: Person, admin: Person
) -> None:
    await bring(row("UKK4DEMO21", -9, reason="Business Payment Charge"), row("UKK4DEMO22", -500))
    charge, gone = (await accountant.get("/reconciliation/breaks")).json()["items"]
    before = await world.balance(Gl.PROVIDER_CHARGES)

    await agreed(accountant, admin, "/reconciliation/bookings", {**WHY, "line": charge["line"]})

    assert (await world.balance(Gl.PROVIDER_CHARGES) - before).minor == 900
    await assert_refused(
        accountant,
        "/reconciliation/bookings",
        [
            ({**WHY, "line": gone["line"]}, 409, "reconciliation.not_open"),
            ({**WHY, "line": 10**9}, 409, "reconciliation.not_open"),
            ({"line": gone["line"]}, 422, "request.invalid"),
        ],
    )


async def test_people_match_what_was_ambiguous_undo_it_and_their_answers_are_kept(
    world: World, bring: Bring, booked: Booked, accountant: Person, admin: Person
) -> None:
    await booked("one", 500, minute=1, receipt="", **JANE)
    await booked("two", 500, minute=1, receipt="", **JANE)
    await bring(row("UKK4DEMO11", 500, party=PAYER), row("UKK4DEMO12", 500, party=PAYER, minute=1))
    [first, *_] = (await accountant.get("/reconciliation/breaks")).json()["items"]
    chosen = first["suggestions"][0]["movement"]
    said = {**WHY, "lines": [first["line"]], "movements": [chosen]}

    outcome = await agreed(accountant, admin, "/reconciliation/matches", said)

    async with world.system.database.reading() as session:
        answers = await decisions.answers(session)
    assert sorted(answer.is_match for answer in answers) == [False, True]
    await assert_refused(accountant, "/reconciliation/matches", [(said, 409, "reconciliation.not_open")])
    undo = {**WHY, "match": int(outcome["match"])}
    await agreed(accountant, admin, "/reconciliation/matches/undo", undo)
    await assert_refused(
        accountant, "/reconciliation/matches/undo", [(undo, 404, "reconciliation.unknown_match")]
    )
    await agreed(accountant, admin, "/reconciliation/matches", said)


async def test_sides_that_differ_are_not_matched_and_may_be_set_aside(
    bring: Bring, booked: Booked, accountant: Person, admin: Person
) -> None:
    await booked("one", 600, receipt="UKK4DEMO11")
    await bring(row("UKK4DEMO11", 500))
    line, ours = sorted(
        (await accountant.get("/reconciliation/breaks")).json()["items"],
        key=lambda each: each["line"] is None,
    )
    both = {**WHY, "lines": [line["line"]], "movements": [ours["movement"]]}

    await assert_refused(
        accountant, "/reconciliation/matches", [(both, 422, "reconciliation.amounts_differ")]
    )
    report = (await accountant.get("/reconciliation/days/2026-03-10")).json()
    await agreed(accountant, admin, "/reconciliation/set-aside", both)

    assert (report["agrees"], report["open_lines"], report["open_lines_amount"]["amount"]) == (
        False,
        1,
        "500.00",
    )
    assert (await accountant.get("/reconciliation/days/2026-03-10")).json()["agrees"] is True
    [file] = (await accountant.get("/reconciliation/statements")).json()
    assert (file["name"], file["lines"], file["imported_by"]) == ("export.csv", 1, "test")


async def test_a_teller_sees_breaks_and_settles_none(teller: Person) -> None:
    assert (await teller.get("/reconciliation/breaks", book="bank")).status_code == 200

    refused = await teller.post("/reconciliation/bookings", {**WHY, "line": 1})

    assert refused.status_code == 403
