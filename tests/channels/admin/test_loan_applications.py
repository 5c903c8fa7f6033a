"""Does an application go from the counter to a signature, with the right hands at each step?"""

import pytest

from core.money import Money
from core.staff.permissions import Role
from imarisha.institution import AMINA, MWANGI, OTIENO
from tests.channels.admin.conftest import Hire, Person, audited, member_id
from tests.world import World

AGREEMENT = "You borrow this much and pay back that much, in twelve months."


async def wanted(world: World, amount: str = "60000.00", **other: str | int) -> dict[str, object]:
    return {
        "member_id": await member_id(world, OTIENO.phone),
        "product": "development",
        "amount": amount,
        "instalments": 12,
        "purpose": "business",
        **other,
    }


async def written_down(world: World, by: Person, amount: str = "60000.00") -> str:
    answer = await by.post("/loan-applications", await wanted(world, amount))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def appraised(by: Person, application_id: str, amount: str = "60000.00") -> None:
    answer = await by.post(
        f"/loan-applications/{application_id}/appraise",
        {"amount": amount, "instalments": 12, "finding": "saves regularly"},
    )
    assert answer.status_code == 200, answer.text


WORD = {"reason": "within the policy"}


async def test_from_the_counter_to_the_signature(
    world: World, teller: Person, officer: Person, admin: Person
) -> None:
    application_id = await written_down(world, teller)
    await appraised(officer, application_id)

    approved = await admin.post(f"/loan-applications/{application_id}/approve", WORD)
    seen = (await teller.get(f"/loan-applications/{application_id}")).json()
    figures = seen["offer"]["figures"]
    signed = await teller.post(
        f"/loan-applications/{application_id}/accept",
        {
            "text": AGREEMENT,
            "text_version": 3,
            "language": "en",
            "to_pay": figures["to_pay"]["amount"],
            "apr": figures["apr"],
        },
    )

    assert approved.json()["state"] == "approved"
    assert (figures["apr"], figures["instalment"]["amount"]) == ("12.00", "5330.93")
    assert seen["limit_now"]["binding"]["rule"] == "multiplier"
    assert seen["limit_now"]["binding"]["figures"]["times"] == "3"
    assert seen["security"]["missing"] == {"amount": "33000.00", "currency": "KES"}
    assert [(each["staff_id"], each["is_for"]) for each in seen["votes"]] == [(admin.staff_id, True)]
    assert (signed.json()["state"], signed.json()["accepted_at"] is not None) == ("accepted", True)
    assert [row["actor"] for row in await audited(world, "loan_application.accepted")] == [teller.staff_id]


async def test_a_secured_loan_is_paid_out_by_who_did_not_appraise_it(
    world: World, teller: Person, officer: Person, admin: Person
) -> None:
    application_id = await written_down(world, teller, "20000.00")
    at = f"/loan-applications/{application_id}"
    await appraised(officer, application_id, "20000.00")
    await admin.post(f"{at}/approve", WORD)
    early = await admin.post(f"{at}/disburse", {})
    figures = (await teller.get(at)).json()["offer"]["figures"]
    await teller.post(
        f"{at}/accept",
        {
            "text": AGREEMENT,
            "text_version": 1,
            "language": "en",
            "to_pay": figures["to_pay"]["amount"],
            "apr": figures["apr"],
        },
    )

    by_officer = await officer.post(f"{at}/disburse", {})
    paid = await admin.post(f"{at}/disburse", {"paid_to": "savings"}, key="pay-it-out")
    repeated = await admin.post(f"{at}/disburse", {"paid_to": "savings"}, key="pay-it-out")
    again = await admin.post(f"{at}/disburse", {})

    assert [answer.status_code for answer in (early, by_officer, paid, again)] == [409, 403, 200, 409]
    assert repeated.content == paid.content
    assert paid.json()["paid_out"]["amount"] == "20000.00"
    shown = (await teller.get(at)).json()["application"]
    assert (shown["state"], shown["loan_id"]) == ("disbursed", paid.json()["loan_id"])
    assert await world.to_clear(OTIENO.phone) > Money(0)
    await world.assert_books_agree()


async def test_above_the_limit_the_counter_hears_rule_and_number(world: World, teller: Person) -> None:
    refused = await teller.post("/loan-applications", await wanted(world, "90000.01"))

    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (422, "lending.above_limit")
    assert (problem["facts"]["rule"], problem["facts"]["number"]) == ("multiplier", "3")
    assert problem["facts"]["limit_minor"] == 9_000_000
    assert problem["detail"] == "Your limit is 90,000.00. Deposits less loans, times: 3."


async def test_who_appraised_does_not_decide_and_neither_does_who_wrote_it_down(
    world: World, officer: Person, admin: Person, hire: Hire
) -> None:
    written = await written_down(world, admin, "20000.00")
    own = await admin.post(
        f"/loan-applications/{written}/appraise",
        {"amount": "20000.00", "instalments": 12, "finding": "saves regularly"},
    )
    await appraised(officer, written, "20000.00")

    by_writer = await admin.post(f"/loan-applications/{written}/approve", WORD)
    by_appraiser = await officer.post(f"/loan-applications/{written}/approve", WORD)
    by_other = await (await hire(Role.MANAGER)).post(f"/loan-applications/{written}/approve", WORD)

    assert [answer.status_code for answer in (own, by_writer, by_appraiser, by_other)] == [403, 403, 403, 200]
    assert by_appraiser.json()["facts"]["because"] == "appraised_it"
    assert by_other.json()["state"] == "approved"


async def test_the_payslip_bounds_what_is_written_down(world: World, teller: Person) -> None:
    pay = {"basic": "30000.00", "deductions": "15000.00"}

    refused = await teller.post("/loan-applications", {**await wanted(world), "pay": pay})
    made = await teller.post("/loan-applications", {**await wanted(world, "50000.00"), "pay": pay})

    assert refused.json()["facts"]["rule"] == "take_home"
    assert made.json()["pay"]["basic"]["amount"] == "30000.00"


async def test_a_rejection_gives_its_reason_and_is_final(
    world: World, teller: Person, officer: Person, admin: Person
) -> None:
    application_id = await written_down(world, teller)
    await appraised(officer, application_id)

    rejected = await admin.post(
        f"/loan-applications/{application_id}/reject", {"reason": "the purpose is not clear"}
    )
    after = await admin.post(f"/loan-applications/{application_id}/approve", WORD)

    assert (rejected.json()["state"], rejected.json()["reason"]) == ("rejected", "the purpose is not clear")
    assert (after.status_code, after.json()["code"]) == (409, "lending.voted_already")


async def test_each_step_asks_for_its_permission(
    world: World, teller: Person, officer: Person, hire: Hire
) -> None:
    application_id = await written_down(world, teller)
    auditor, accountant = await hire(Role.AUDITOR), await hire(Role.ACCOUNTANT)
    at = f"/loan-applications/{application_id}"
    appraisal = {"amount": "60000.00", "instalments": 12, "finding": "saves regularly"}

    assert (await auditor.get(at)).status_code == 200
    refused = [
        await auditor.post("/loan-applications", await wanted(world)),
        await teller.post(f"{at}/appraise", appraisal),
        await accountant.post(f"{at}/approve", WORD),
        await teller.post(f"{at}/reject", WORD),
        await auditor.post(f"{at}/withdraw", WORD),
        await auditor.post(f"{at}/guarantors", {"member_id": "mbr_1", "amount": "1000"}),
        await teller.post(
            f"{at}/collateral",
            {"kind": "land", "description": "a plot", "reference": "X/1", "worth": "1000"},
        ),
    ]

    assert {answer.json()["code"] for answer in refused} == {"staff.not_permitted"}
    await appraised(officer, application_id)


async def test_guarantors_sign_at_the_counter_and_one_takes_another_s_place(
    world: World, teller: Person
) -> None:
    application_id = await written_down(world, teller)
    at = f"/loan-applications/{application_id}"
    mwangi, hassan = await member_id(world, MWANGI.phone), await member_id(world, "+254711000004")

    async def asked(guarantor: str, amount: str) -> str:
        answer = await teller.post(f"{at}/guarantors", {"member_id": guarantor, "amount": amount})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def signed(guarantee: str, guarantor: str, amount: str) -> int:
        said = {"guarantor_id": guarantor, "amount": amount}
        return (await teller.post(f"/loan-applications/guarantees/{guarantee}/accept", said)).status_code

    first, second = await asked(mwangi, "20000.00"), await asked(hassan, "10000.00")
    assert await signed(first, mwangi, "10000.00") == 200
    assert await signed(first, mwangi, "10000.00") == 409
    assert await signed(second, hassan, "10000.00") == 200
    replaced = await teller.post(f"{at}/guarantors/{first}/substitute", {"successor_id": second})
    third = await asked(mwangi, "5000.00")
    declined = await teller.post(f"/loan-applications/guarantees/{third}/decline", {"guarantor_id": mwangi})
    withdrawn = await teller.post(f"{at}/guarantors/{second}/withdraw")

    assert (replaced.json()["state"], replaced.json()["substituted_by"]) == ("substituted", second)
    assert (declined.json()["state"], withdrawn.json()["state"]) == ("declined", "withdrawn")
    states = [each["state"] for each in (await teller.get(at)).json()["guarantees"]]
    assert sorted(states) == ["declined", "substituted", "withdrawn"]
    await world.assert_books_agree()


async def test_collateral_is_registered_revalued_and_released(
    world: World, teller: Person, officer: Person
) -> None:
    application_id = await written_down(world, teller)
    at = f"/loan-applications/{application_id}"
    thing = {
        "kind": "vehicle",
        "description": "Toyota Probox",
        "reference": "KDA 123A",
        "worth": "100000.00",
    }

    given = await officer.post(f"{at}/collateral", thing)
    taken = await officer.post(f"{at}/collateral", thing)
    col = given.json()["id"]
    revalued = await officer.post(f"/loan-applications/collateral/{col}/revalue", {"worth": "66000.00"})
    secured = (await teller.get(at)).json()["security"]
    released = await officer.post(f"{at}/collateral/{col}/release")
    again = await officer.post(f"{at}/collateral/{col}/release")

    assert (given.status_code, taken.status_code) == (201, 409)
    assert revalued.json()["secures"]["amount"] == "33000.00"
    assert secured["is_full"] is True
    assert released.status_code == 200
    assert (again.status_code, again.json()["code"]) == (404, "lending.unknown_collateral")
    assert not (await teller.get(at)).json()["security"]["is_full"]


async def test_the_queue_shows_what_is_open_the_oldest_first(
    world: World, teller: Person, officer: Person
) -> None:
    first = await written_down(world, teller)
    world.clock.move(seconds=1)
    said = await wanted(world, "20000.00", member_id=await member_id(world, MWANGI.phone))
    second = (await teller.post("/loan-applications", said)).json()["id"]
    await appraised(officer, first)

    async def queue(**query: str | int) -> list[str]:
        return [each["id"] for each in (await teller.get("/loan-applications", **query)).json()["items"]]

    assert await queue() == [first, second]
    assert await queue(state="applied") == [second]
    assert await queue(member_id=await member_id(world, MWANGI.phone)) == [second]
    page = (await teller.get("/loan-applications", limit=1)).json()
    assert await queue(after=page["next"]) == [second]
    withdrawn = await teller.post(f"/loan-applications/{second}/withdraw", {"reason": "found money"})
    assert (withdrawn.json()["state"], withdrawn.json()["reason"]) == ("withdrawn", "found money")
    assert await queue() == [first]


async def test_limit_and_products_are_shown_before_anybody_applies(world: World, teller: Person) -> None:
    otieno, amina = await member_id(world, OTIENO.phone), await member_id(world, AMINA.phone)

    limit = (
        await teller.get("/loan-applications/limit", member_id=otieno, product="development", instalments=24)
    ).json()
    nothing = (await teller.get("/loan-applications/limit", member_id=amina, product="development")).json()
    matches = await teller.get(
        "/loan-applications/products", member_id=otieno, purpose="medical", amount="20000", months=6
    )

    assert (limit["amount"]["amount"], limit["binding"]["rule"]) == ("90000.00", "multiplier")
    assert (nothing["amount"]["amount"], nothing["binding"]["rule"]) == ("0.00", "same_loan_open")
    assert [(each["product"], each["fits"]) for each in matches.json()] == [
        ("emergency", True),
        ("development", True),
    ]


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"to_pay": "1.00"}, 409, "lending.disclosure_changed"),
        ({"apr": "1.00"}, 409, "lending.disclosure_changed"),
        ({"text": "yes"}, 422, "request.invalid"),
        ({"language": "xx"}, 422, "request.invalid"),
    ],
)
async def test_a_signature_is_for_the_figures_on_offer(
    world: World,
    teller: Person,
    officer: Person,
    admin: Person,
    changed: dict[str, str],
    status: int,
    code: str,
) -> None:
    application_id = await written_down(world, teller)
    signature = {
        "text": AGREEMENT,
        "text_version": 1,
        "language": "sw",
        "to_pay": "63971.13",
        "apr": "12.00",
    }
    at = f"/loan-applications/{application_id}"
    early = await teller.post(f"{at}/accept", signature)
    await appraised(officer, application_id)
    await admin.post(f"{at}/approve", WORD)

    refused = await teller.post(f"{at}/accept", {**signature, **changed})

    assert (early.status_code, early.json()["code"]) == (409, "lending.application_not_open")
    assert (refused.status_code, refused.json()["code"]) == (status, code)


async def test_what_is_not_there_is_not_found(teller: Person, officer: Person) -> None:
    nowhere = [
        await teller.get("/loan-applications/app_nothing"),
        await teller.post("/loan-applications/app_nothing/withdraw", WORD),
        await teller.post(
            "/loan-applications/app_nothing/accept",
            {"text": AGREEMENT, "text_version": 1, "language": "en", "to_pay": "1", "apr": "1"},
        ),
        await officer.post("/loan-applications/collateral/col_nothing/revalue", {"worth": "1"}),
    ]

    assert {answer.status_code for answer in nowhere} == {404}
