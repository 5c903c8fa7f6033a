"""What may be posted by hand, what may be undone, and does the trial balance balance?"""

from datetime import date
from typing import Any

from core.ledger import periods, store
from core.ledger.journal import Journal, credit, debit
from core.money import Money
from imarisha.institution import AMINA
from tests.channels.admin.conftest import Person
from tests.channels.admin.test_approvals import RENT, asked
from tests.world import World


async def own_account(world: World, phone: str, product: str) -> str:
    async with world.system.database.reading() as session:
        row = await session.row(
            """SELECT s.ledger_code FROM savings_account s JOIN member m ON m.id = s.member_id
                WHERE m.phone = $1 AND s.product = $2""",
            phone,
            product,
        )
    assert row is not None
    return str(row["ledger_code"])


def lines(
    debit: str, credit: str, amount: str = "100.00", credited: str | None = None
) -> list[dict[str, str]]:
    return [
        {"account": debit, "side": "debit", "amount": amount},
        {"account": credit, "side": "credit", "amount": credited or amount},
    ]


async def test_what_can_not_be_posted_is_refused_when_it_is_asked_for(world: World, teller: Person) -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        ({"lines": lines("5260", "1010", "100.00", "99.99")}, "ledger.unbalanced"),
        ({"lines": lines("5260", "1010", "0.00")}, "money.invalid"),
        ({"lines": lines("9999", "1010")}, "ledger.unknown_account"),
        ({"lines": lines("1100", "1010")}, "ledger.unknown_account"),
        ({"lines": lines("1110", "1010")}, "ledger.closed_to_hand_posting"),
        ({"lines": lines("1120:lon_1", "1010")}, "ledger.closed_to_hand_posting"),
        ({"lines": lines("1010", "2010")}, "ledger.closed_to_hand_posting"),
        ({"lines": lines("1010", "2090")}, "ledger.closed_to_hand_posting"),
        ({"lines": lines("2110", "1010")}, "ledger.closed_to_hand_posting"),
        ({"business_date": "2026-03-12"}, "ledger.future_date"),
        ({"currency": "USD"}, "money.currency_mismatch"),
    ]

    for changed, code in cases:
        answer = await teller.post("/ledger/transactions", {**RENT, **changed})
        assert (answer.status_code, answer.json()["code"]) == (422, code), changed

    assert await world.count("staff_request") == 0


async def test_an_amount_is_decimal_text(teller: Person) -> None:
    first, second = RENT["lines"]
    assert isinstance(first, dict)

    for amount in ("1,500.00", "-1.00", "1e9", "1.005", "", "1" * 16, 1500):
        said = {**RENT, "lines": [{**first, "amount": amount}, second]}
        answer = await teller.post("/ledger/transactions", said)
        assert answer.status_code == 422, amount
        assert answer.json()["errors"][0]["field"] == "body.lines.0.amount"


async def test_a_member_is_paid_by_hand_and_sees_a_correction(
    world: World, teller: Person, admin: Person
) -> None:
    account = await own_account(world, AMINA.phone, "savings")
    before = await world.balance(account)
    request = (await teller.post("/ledger/transactions", {**RENT, "lines": lines("1010", account)})).json()

    await admin.post(f"/approvals/{request['id']}/approve")

    assert (await world.balance(account) - before).minor == 100_00


async def test_a_transaction_is_undone_by_its_mirror_when_a_second_person_agrees(
    world: World, teller: Person, admin: Person
) -> None:
    posted = (await admin.post(f"/approvals/{await asked(teller)}/approve")).json()
    key = posted["outcome"]["journal"]

    request = (await teller.post(f"/ledger/journals/{key}/reversal", {"reason": "paid twice"})).json()
    undone = (await admin.post(f"/approvals/{request['id']}/approve")).json()

    assert undone["state"] == "approved"
    assert not await world.balance("5260")
    assert (await teller.get(f"/ledger/journals/{key}")).json()["reversed_by"] == undone["outcome"]["journal"]
    again = await teller.post(f"/ledger/journals/{key}/reversal", {"reason": "paid twice"})
    back = await teller.post(
        f"/ledger/journals/{undone['outcome']['journal']}/reversal", {"reason": "it was right"}
    )
    assert (again.status_code, again.json()["code"]) == (409, "ledger.already_reversed")
    assert (back.status_code, back.json()["code"]) == (422, "ledger.reversal_of_reversal")
    await world.assert_books_agree()


async def test_one_reversal_of_a_journal_waits_at_a_time(teller: Person, admin: Person) -> None:
    key = (await admin.post(f"/approvals/{await asked(teller)}/approve")).json()["outcome"]["journal"]
    first = (await teller.post(f"/ledger/journals/{key}/reversal", {"reason": "paid twice"})).json()

    second = await admin.post(f"/ledger/journals/{key}/reversal", {"reason": "paid twice"})

    assert second.status_code == 409
    assert second.json()["facts"] == {"request_id": first["id"]}


async def test_a_journal_of_a_loan_is_not_undone_by_hand(world: World, teller: Person) -> None:
    async with world.system.database.reading() as session:
        row = await session.row("SELECT key FROM journal WHERE kind = 'loan_repayment' ORDER BY id")
    assert row is not None

    answer = await teller.post(f"/ledger/journals/{row['key']}/reversal", {"reason": "wrong member"})

    assert (answer.status_code, answer.json()["code"]) == (422, "ledger.undone_elsewhere")


async def test_an_unknown_journal_is_not_found(teller: Person) -> None:
    assert (await teller.get("/ledger/journals/nothing")).status_code == 404
    answer = await teller.post("/ledger/journals/nothing/reversal", {"reason": "wrong member"})
    assert answer.json()["code"] == "ledger.unknown_journal"


async def test_the_trial_balance_balances_today_and_before_anything_happened(teller: Person) -> None:
    today = (await teller.get("/ledger/trial-balance")).json()
    long_ago = (await teller.get("/ledger/trial-balance", on="2001-01-01")).json()

    [totals] = today["totals"]
    assert totals["debit"] == totals["credit"]
    assert totals["debit"]["amount"] != "0.00"
    assert today["on"] == "2026-03-11"
    assert {"1010", "2010"} <= {row["code"] for row in today["rows"]}
    assert (long_ago["rows"], long_ago["totals"]) == ([], [])


async def test_a_deposit_s_end_is_not_undone_in_the_books_alone(world: World, teller: Person) -> None:
    deposit = await own_account(world, AMINA.phone, "savings")
    ended = Journal(
        key="fixed_deposit:acc_1:ended",
        kind="term_deposit_matured",
        event_at=world.clock.now(),
        business_date=world.clock.now().date(),
        lines=(debit("1010", Money(100)), credit(deposit, Money(100))),
    )
    async with world.system.database.unit_of_work() as session:
        await store.post(session, [ended])

    answer = await teller.post(f"/ledger/journals/{ended.key}/reversal", {"reason": "wrong member"})

    assert (answer.status_code, answer.json()["code"]) == (422, "ledger.undone_elsewhere")


async def set_account(world: World, code: str, change: str) -> None:
    async with world.system.database.unit_of_work() as session:
        await session.execute(f"UPDATE savings_account SET {change} WHERE ledger_code = $1", code)


async def test_a_closed_account_takes_nothing_by_hand_and_a_dormant_one_gives_nothing(
    world: World, teller: Person
) -> None:
    account = await own_account(world, AMINA.phone, "savings")
    into, out_of = {"lines": lines("1010", account)}, {"lines": lines(account, "1010")}

    async def answers() -> list[int]:
        return [
            (await teller.post("/ledger/transactions", {**RENT, **said})).status_code
            for said in (into, out_of)
        ]

    assert await answers() == [202, 202]
    await set_account(world, account, "status = 'dormant'")
    assert await answers() == [202, 422]
    await set_account(world, account, "status = 'closed', closed_on = '2026-03-11'")
    assert await answers() == [422, 422]


async def test_an_account_that_was_closed_meanwhile_is_not_posted_to(
    world: World, teller: Person, admin: Person
) -> None:
    account = await own_account(world, AMINA.phone, "savings")
    request = (await teller.post("/ledger/transactions", {**RENT, "lines": lines("1010", account)})).json()
    await set_account(world, account, "status = 'closed', closed_on = '2026-03-11'")

    answer = await admin.post(f"/approvals/{request['id']}/approve")

    assert (answer.status_code, answer.json()["code"]) == (422, "savings.not_open")


async def test_shares_are_posted_whole(world: World, teller: Person) -> None:
    async with world.system.database.reading() as session:
        row = await session.row("SELECT ledger_code FROM share_account ORDER BY id")
    assert row is not None
    whole, part = [
        await teller.post(
            "/ledger/transactions", {**RENT, "lines": lines("1010", row["ledger_code"], amount)}
        )
        for amount in ("200.00", "150.00")
    ]

    assert whole.status_code == 202
    assert (part.status_code, part.json()["code"]) == (422, "shares.not_whole")


async def test_a_closed_month_is_refused_when_it_is_asked_for(
    world: World, teller: Person, admin: Person
) -> None:
    key = (await admin.post(f"/approvals/{await asked(teller)}/approve")).json()["outcome"]["journal"]
    async with world.system.database.unit_of_work() as session:
        await periods.close_month(session, date(2026, 2, 28), closed_by="test")

    posting = await teller.post("/ledger/transactions", {**RENT, "business_date": "2026-02-28"})
    undoing = await teller.post(
        f"/ledger/journals/{key}/reversal", {"reason": "twice", "business_date": "2026-02-28"}
    )
    before_it = await teller.post(
        f"/ledger/journals/{key}/reversal", {"reason": "twice", "business_date": "2026-03-10"}
    )

    assert (posting.status_code, posting.json()["code"]) == (409, "ledger.period_closed")
    assert (undoing.status_code, undoing.json()["code"]) == (409, "ledger.period_closed")
    assert before_it.json()["code"] == "ledger.reversal_too_early"


async def test_a_day_is_an_iso_date_that_books_can_have(teller: Person) -> None:
    for day in (
        0,
        20_000,
        1.5,
        "0",
        "1773187200",
        "0001-01-01",
        "1899-12-31",
        "2026-03-11T00:00:00",
        "2026-3-11",
        "",
    ):
        answer = await teller.post("/ledger/transactions", {**RENT, "business_date": day})
        assert answer.status_code == 422, day
        assert [each["field"] for each in answer.json()["errors"]] == ["body.business_date"]
    assert (await teller.get("/ledger/trial-balance", on="0")).status_code == 422
