"""Months, years, suspense and other currencies: does each need two people, and is bad input refused when asked for?"""

from datetime import date
from fractions import Fraction

import pytest

from core.ledger import exchange, postings, store, suspense
from core.ledger.chart import Gl, chart_in
from core.money import Currency, Money
from core.rates import Rate
from core.staff.permissions import Role
from imarisha.institution import AMINA
from tests.channels.admin.checked import agreed, asked, assert_needs_two_people, assert_refused
from tests.channels.admin.conftest import Hire, Person, audited
from tests.channels.admin.test_approvals import RENT
from tests.channels.admin.test_ledger import own_account
from tests.world import World

JANUARY = {"month": "2026-01-15", "reason": "January agrees with the bank"}
FEBRUARY = {"month": "2026-02-01", "reason": "February agrees with the bank"}
RECEIPT = "receipt:QK1"


@pytest.fixture
async def accountant(hire: Hire) -> Person:
    return await hire(Role.ACCOUNTANT)


async def test_months_are_closed_in_order_and_the_last_is_opened_again(
    world: World, accountant: Person, admin: Person
) -> None:
    assert (await accountant.get("/ledger/months")).json() == {"open_from": None, "closed": []}

    assert await agreed(accountant, admin, "/ledger/months/close", JANUARY) == {"closed": "2026-01"}
    await agreed(accountant, admin, "/ledger/months/close", FEBRUARY)

    shown = (await accountant.get("/ledger/months")).json()
    assert shown["open_from"] == "2026-03-01"
    assert [month["month"] for month in shown["closed"]] == ["2026-02-01", "2026-01-01"]
    assert {month["closed_by"] for month in shown["closed"]} == {admin.staff_id}
    await assert_needs_two_people(admin, "/ledger/months/reopen", FEBRUARY)
    [mine] = (await admin.get("/approvals/waiting")).json()["items"]
    await admin.post(f"/approvals/{mine['id']}/withdraw")
    assert await agreed(accountant, admin, "/ledger/months/reopen", FEBRUARY) == {"opened": "2026-02"}
    assert (await accountant.get("/ledger/months")).json()["open_from"] == "2026-02-01"
    assert len(await audited(world, "ledger.close_month.approved")) == 2
    [reopened] = await audited(world, "ledger.reopen_month.approved")
    assert (reopened["actor"], reopened["subject"]) == (admin.staff_id, "2026-02")


async def test_a_month_that_is_not_its_turn_is_refused(accountant: Person, admin: Person) -> None:
    reason = {"reason": "it is over"}
    await assert_refused(
        accountant,
        "/ledger/months/reopen",
        [({**reason, "month": "2026-01-01"}, 422, "ledger.period_out_of_order")],
    )
    await agreed(accountant, admin, "/ledger/months/close", JANUARY)

    await assert_refused(
        accountant,
        "/ledger/months/close",
        [
            ({**reason, "month": "2026-01-01"}, 422, "ledger.period_out_of_order"),
            ({**reason, "month": "2025-12-01"}, 422, "ledger.period_out_of_order"),
            ({**reason, "month": "2026-03-01"}, 422, "ledger.future_date"),
            ({**reason, "month": "9999-12-31"}, 422, "ledger.future_date"),
            ({**reason, "month": "2026-13-01"}, 422, "request.invalid"),
            ({"month": "2026-02-01"}, 422, "request.invalid"),
        ],
    )
    await assert_refused(
        accountant,
        "/ledger/months/reopen",
        [({**reason, "month": "2025-12-01"}, 422, "ledger.period_out_of_order")],
    )


async def test_what_was_agreed_to_too_late_is_refused_and_stays_open(
    accountant: Person, admin: Person
) -> None:
    january = await asked(accountant, "/ledger/months/close", JANUARY)
    december = await asked(accountant, "/ledger/months/close", {**JANUARY, "month": "2025-12-01"})
    await admin.post(f"/approvals/{january}/approve")

    late = await admin.post(f"/approvals/{december}/approve")

    assert (late.status_code, late.json()["code"]) == (422, "ledger.period_out_of_order")
    assert (await admin.get(f"/approvals/{december}")).json()["state"] == "pending"


async def test_closing_and_opening_need_two_people(teller: Person, admin: Person) -> None:
    await assert_needs_two_people(admin, "/ledger/months/close", JANUARY)
    await assert_needs_two_people(admin, "/ledger/years/close", {"year_end": "2025-12-31"})
    for path, said in (
        ("/ledger/months/close", JANUARY),
        ("/ledger/months/reopen", JANUARY),
        ("/ledger/years/close", {"year_end": "2025-12-31"}),
        ("/ledger/exchange-rates", DOLLAR),
        ("/ledger/exchange-rates/revaluation", {}),
    ):
        answer = await teller.post(path, said)
        assert (answer.status_code, answer.json()["code"]) == (403, "staff.not_permitted"), path


async def test_a_year_goes_to_retained_earnings_and_stays_closed(
    world: World, accountant: Person, admin: Person
) -> None:
    paid = {**RENT, "business_date": "2026-01-10"}
    await agreed(accountant, admin, "/ledger/transactions", paid)
    assert (await world.balance("5260")).minor == 150_000

    outcome = await agreed(accountant, admin, "/ledger/years/close", {"year_end": "2026-01-31"})

    assert outcome["closed"] == "2026-01-31"
    assert (await accountant.get(f"/ledger/journals/{outcome['journals']}")).json()["kind"] == "year_end"
    assert not await world.balance("5260")
    reopened = await accountant.post("/ledger/months/reopen", JANUARY)
    assert (reopened.status_code, reopened.json()["code"]) == (422, "ledger.period_out_of_order")
    await assert_refused(
        accountant,
        "/ledger/years/close",
        [
            ({"year_end": "2026-02-27"}, 422, "ledger.period_out_of_order"),
            ({"year_end": "2025-12-31"}, 422, "ledger.period_out_of_order"),
            ({"year_end": "2026-12-31"}, 422, "ledger.future_date"),
            ({}, 422, "request.invalid"),
        ],
    )
    await world.assert_books_agree()


async def test_the_trial_balance_is_a_table_too(teller: Person, officer: Person) -> None:
    shown = (await teller.get("/ledger/trial-balance", on="2026-03-01")).json()

    file = await teller.get("/ledger/trial-balance.csv", on="2026-03-01")

    assert file.headers["content-type"] == "text/csv; charset=utf-8"
    assert file.headers["content-disposition"] == 'attachment; filename="trial-balance-2026-03-01.csv"'
    assert file.headers["cache-control"] == "no-store"
    rows = [line.split(",") for line in file.content.decode("utf-8-sig").splitlines()]
    assert rows[0] == ["date", "account", "name", "kind", "currency", "debit", "credit", "home"]
    assert [row[1] for row in rows[1:-1]] == [row["code"] for row in shown["rows"]]
    [totals] = shown["totals"]
    assert rows[-1] == [
        *("2026-03-01", "", "total", "", "KES"),
        *(totals["debit"]["amount"], totals["credit"]["amount"], ""),
    ]
    assert (await officer.get("/ledger/trial-balance.csv")).status_code == 403
    assert (await teller.get("/ledger/trial-balance.csv", on="yesterday")).status_code == 422


async def receive(world: World, *keys: str, cents: int = 5_000) -> None:
    """Money that came in and belongs to nobody yet."""
    now = world.clock.now()
    async with world.system.database.unit_of_work() as session:
        for key in keys:
            journal = postings.receipt_unmatched(
                key=key,
                event_at=now,
                business_date=date(2026, 3, 11),
                received_in=Gl.MPESA_PAYBILL,
                amount=Money(cents),
                meta={"account": "0711"},
            )
            await suspense.keep(session, journal)


def clearing(account: str, amount: str, **changed: object) -> dict[str, object]:
    return {
        "receipt": RECEIPT,
        "reason": "the member showed the message",
        "given_to": [{"account": account, "amount": amount}],
        **changed,
    }


async def test_a_receipt_in_suspense_finds_its_place_part_by_part(
    world: World, teller: Person, admin: Person
) -> None:
    await receive(world, RECEIPT, "receipt:QK2")
    account = await own_account(world, AMINA.phone, "savings")
    before = await world.balance(account)
    first = (await teller.get("/ledger/suspense", limit=1)).json()
    second = (await teller.get("/ledger/suspense", after=first["next"])).json()
    assert [each["receipt"] for each in first["items"] + second["items"]] == [RECEIPT, "receipt:QK2"]
    assert second["next"] is None

    outcome = await agreed(teller, admin, "/ledger/suspense/clearings", clearing(account, "30.00"))

    assert (await world.balance(account) - before).minor == 3_000
    [waiting, _] = (await teller.get("/ledger/suspense")).json()["items"]
    assert (waiting["amount"]["amount"], waiting["open"]["amount"]) == ("50.00", "20.00")
    journal = (await teller.get(f"/ledger/journals/{outcome['journal']}")).json()
    assert (journal["kind"], journal["facts"]) == ("suspense_cleared", {"receipt": RECEIPT})
    await agreed(teller, admin, "/ledger/suspense/clearings", clearing(account, "20.00"))
    assert [each["receipt"] for each in (await teller.get("/ledger/suspense")).json()["items"]] == [
        "receipt:QK2"
    ]
    await world.assert_books_agree()


async def test_what_can_not_be_cleared_is_refused_when_it_is_asked_for(
    world: World, teller: Person, officer: Person, accountant: Person, admin: Person
) -> None:
    await receive(world, RECEIPT)
    account = await own_account(world, AMINA.phone, "savings")
    async with world.system.database.unit_of_work() as session:
        await store.open_accounts(session, chart_in(Currency.USD))

    await assert_refused(
        teller,
        "/ledger/suspense/clearings",
        [
            (clearing(account, "50.01"), 422, "ledger.not_in_suspense"),
            (clearing(account, "0.00"), 422, "money.invalid"),
            (clearing(account, "-1.00"), 422, "request.invalid"),
            (clearing("9999", "1.00"), 422, "ledger.unknown_account"),
            (clearing("2010", "1.00"), 422, "ledger.closed_to_hand_posting"),
            (clearing("1110:lon_1", "1.00"), 422, "ledger.closed_to_hand_posting"),
            (clearing("1010.USD", "1.00"), 422, "money.currency_mismatch"),
            (clearing(account, "1.00", receipt="receipt:none"), 404, "ledger.unknown_journal"),
            (clearing(account, "1.00", business_date="2026-03-12"), 422, "ledger.future_date"),
            (clearing(account, "1.00", given_to=[]), 422, "request.invalid"),
        ],
    )
    await agreed(accountant, admin, "/ledger/months/close", FEBRUARY)
    closed = await teller.post(
        "/ledger/suspense/clearings", clearing(account, "1.00", business_date="2026-02-11")
    )
    assert (closed.status_code, closed.json()["code"]) == (409, "ledger.period_closed")
    assert (await officer.get("/ledger/suspense")).status_code == 403
    assert (await officer.post("/ledger/suspense/clearings", clearing(account, "1.00"))).status_code == 403
    await assert_needs_two_people(admin, "/ledger/suspense/clearings", clearing(account, "1.00"))


DOLLAR = {
    "currency": "USD",
    "per_unit": "129.245",
    "valid_from": "2026-03-02",
    "source": "Central Bank of Kenya",
}


async def test_a_rate_holds_from_its_day_when_a_second_person_agrees(
    accountant: Person, admin: Person
) -> None:
    await agreed(accountant, admin, "/ledger/exchange-rates", DOLLAR)
    await agreed(
        accountant,
        admin,
        "/ledger/exchange-rates",
        {**DOLLAR, "per_unit": "130", "valid_from": "2026-03-09"},
    )

    newest = (await accountant.get("/ledger/exchange-rates", currency="USD", limit=1)).json()
    older = (await accountant.get("/ledger/exchange-rates", currency="USD", after=newest["next"])).json()

    assert [each["per_unit"] for each in newest["items"] + older["items"]] == ["130", "129.245"]
    assert (older["items"], older["next"]) == ([DOLLAR], None)
    assert (await accountant.get("/ledger/exchange-rates", currency="EUR")).json()["items"] == []
    assert (await accountant.get("/ledger/exchange-rates", currency="XXX")).status_code == 422


async def test_what_is_no_rate_is_refused(accountant: Person, admin: Person, officer: Person) -> None:
    await agreed(accountant, admin, "/ledger/exchange-rates", DOLLAR)

    await assert_refused(
        accountant,
        "/ledger/exchange-rates",
        [
            ({**DOLLAR, "per_unit": "129.25"}, 409, "ledger.key_conflict"),
            ({**DOLLAR, "per_unit": "0"}, 422, "money.invalid"),
            ({**DOLLAR, "per_unit": "-1"}, 422, "request.invalid"),
            ({**DOLLAR, "per_unit": "1e3"}, 422, "request.invalid"),
            ({**DOLLAR, "currency": "KES"}, 422, "money.currency_mismatch"),
            ({**DOLLAR, "valid_from": "9999-12-31"}, 422, "request.invalid"),
        ],
    )
    assert (await officer.get("/ledger/exchange-rates", currency="USD")).status_code == 403
    await assert_needs_two_people(admin, "/ledger/exchange-rates", {**DOLLAR, "valid_from": "2026-03-03"})


async def test_dollars_held_are_brought_to_their_worth(
    world: World, accountant: Person, admin: Person
) -> None:
    now = world.clock.now()
    async with world.system.database.unit_of_work() as session:
        await store.open_accounts(session, chart_in(Currency.USD))
        await exchange.exchange(
            session,
            key="dollars",
            event_at=now,
            business_date=date(2026, 3, 5),
            given=(Gl.BANK, Money(1_300_000)),
            received=("1010.USD", Money(10_000, Currency.USD)),
        )
    path = "/ledger/exchange-rates/revaluation"
    await assert_refused(
        accountant, path, [({}, 422, "money.no_rate"), ({"on": "2026-03-12"}, 422, "ledger.future_date")]
    )
    async with world.system.database.unit_of_work() as session:
        await exchange.set_rates(
            session, [Rate(Currency.USD, Fraction(131), date(2026, 3, 5))], source="test"
        )

    assert await agreed(accountant, admin, path, {"on": "2026-03-10"}) == {"USD": "100.00"}
    assert await agreed(accountant, admin, path, {"on": "2026-03-10"}) == {"USD": "0.00"}

    await assert_needs_two_people(admin, path, {})
    await world.assert_books_agree()
