"""Who may hand out a statement, in which forms, and does a printed one agree with the books?"""

from io import BytesIO

from openpyxl import load_workbook

from core.staff.permissions import Role
from imarisha.institution import AMINA
from tests.channels.admin.conftest import Hire, Person, audited, member_id
from tests.channels.admin.test_approvals import RENT
from tests.channels.admin.test_ledger import lines, own_account
from tests.world import World

PERIOD = {"from": "2026-01-01", "to": "2026-03-31"}


async def path_of(world: World) -> str:
    return f"/members/{await member_id(world, AMINA.phone)}/statement"


async def test_a_statement_is_handed_out_in_each_form_and_the_trail_says_by_whom(
    world: World, teller: Person
) -> None:
    path = await path_of(world)

    pdf = await teller.get(path, **PERIOD)
    csv = await teller.get(path, **PERIOD, format="csv")
    xlsx = await teller.get(path, **PERIOD, format="xlsx")

    assert [answer.status_code for answer in (pdf, csv, xlsx)] == [200] * 3
    assert [answer.headers["content-type"] for answer in (pdf, csv)] == [
        "application/pdf",
        "text/csv; charset=utf-8",
    ]
    assert pdf.content.startswith(b"%PDF-")
    assert "8250.00" in csv.text
    assert load_workbook(BytesIO(xlsx.content)).sheetnames
    assert {answer.headers["cache-control"] for answer in (pdf, csv, xlsx)} == {"no-store"}
    named = csv.headers["content-disposition"]
    assert named.startswith('attachment; filename="statement-M')
    assert named.endswith('-2026-01-01-2026-03-31.csv"')
    events = await audited(world, "statement.printed")
    assert [event["actor"] for event in events] == [teller.staff_id] * 3
    assert {event["subject"] for event in events} == {await member_id(world, AMINA.phone)}
    assert ['"format": "csv"' in event["facts"] for event in events] == [False, True, False]


async def test_a_statement_is_in_the_members_language_unless_another_is_asked_for(
    world: World, teller: Person
) -> None:
    path = await path_of(world)

    own = await teller.get(path, **PERIOD, format="csv")
    english = await teller.get(path, **PERIOD, format="csv", language="en")
    swahili = await teller.get(path, **PERIOD, format="csv", language="sw")

    assert own.text == english.text != swahili.text


async def test_who_may_not_print_sees_the_last_movements_only(world: World, hire: Hire) -> None:
    auditor, path = await hire(Role.AUDITOR), await path_of(world)

    printed = await auditor.get(path, **PERIOD)
    seen = await auditor.get(f"{path}/mini", limit=2)

    assert (printed.status_code, printed.json()["code"]) == (403, "staff.not_permitted")
    assert await audited(world, "statement.printed") == []
    mini = seen.json()
    assert mini["balances"]["savings"] == {"amount": "8250.00", "currency": "KES"}
    assert mini["member"].startswith("M")
    assert len(mini["movements"]) == 2


async def test_what_is_no_statement_is_refused_and_not_written_down(world: World, teller: Person) -> None:
    path = await path_of(world)

    backwards = await teller.get(path, **{"from": "2026-03-31", "to": "2026-01-01"})
    undated = await teller.get(path, **{"from": "2026-03-31"})
    unknown_form = await teller.get(path, **PERIOD, format="docx")
    unknown_language = await teller.get(path, **PERIOD, language="fr")
    nobody = await teller.get("/members/mbr_none/statement", **PERIOD)
    nobody_mini = await teller.get("/members/mbr_none/statement/mini")
    too_many = await teller.get(f"{path}/mini", limit=51)

    assert (backwards.status_code, backwards.json()["code"]) == (422, "reports.period_invalid")
    assert [answer.status_code for answer in (undated, unknown_form, unknown_language)] == [422] * 3
    assert [answer.status_code for answer in (nobody, nobody_mini, too_many)] == [404, 404, 422]
    assert await audited(world, "statement.printed") == []


async def test_a_printed_code_agrees_until_the_books_say_something_else(
    world: World, teller: Person, admin: Person
) -> None:
    path = await path_of(world)
    code = (await teller.get(f"{path}/check", **PERIOD, code="?")).json()["check_code"]
    assert code in (await teller.get(path, **PERIOD, format="csv")).text

    typed = (await teller.get(f"{path}/check", **PERIOD, code=code.lower().replace("-", " "))).json()
    wrong = (await teller.get(f"{path}/check", **PERIOD, code="AAAA-AAAA-AAAA-AAAA")).json()
    account = await own_account(world, AMINA.phone, "savings")
    request = (await teller.post("/ledger/transactions", {**RENT, "lines": lines("1010", account)})).json()
    await admin.post(f"/approvals/{request['id']}/approve")
    later = (await teller.get(f"{path}/check", **PERIOD, code=code)).json()

    assert (typed["agrees"], wrong["agrees"], later["agrees"]) == (True, False, False)
    assert later["check_code"] != code
    assert (await teller.get(f"{path}/check", **PERIOD)).status_code == 422
