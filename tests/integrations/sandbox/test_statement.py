"""Does the statement hold exactly the money that moved, in the form of the portal's export?"""

import csv
import io

from integrations.daraja.callbacks import read_stk_callback
from tests.integrations.outside import OTIENO, Outside, a_request

HEADER = (
    "Receipt No.,Completion Time,Initiation Time,Details,Transaction Status,Paid In,Withdrawn,Balance,"
    "Balance Confirmed,Reason Type,Other Party Info,Linked Transaction ID,A/C No."
)


async def statement(outside: Outside) -> str:
    response = await outside.http.get("http://outside.test/sandbox/daraja/statement.csv")
    assert response.headers["Content-Type"].startswith("text/csv")
    return response.text


async def test_empty_statement_is_preamble_and_header(outside: Outside) -> None:
    lines = (await statement(outside)).splitlines()

    assert lines == ["Organization Name,IMARISHA DEMO SACCO", "Paybill,600996", "", HEADER]


async def test_paid_prompts_are_listed_newest_first_and_others_not_at_all(outside: Outside) -> None:
    first = await outside.push()
    await outside.press(first, "approve")
    outside.clock.let_pass(90)
    second = await outside.push(a_request(phone=OTIENO, payment_id="pay_2", account_reference="LN00002"))
    await outside.press(second, "approve", phone=OTIENO)
    third = await outside.push(a_request(payment_id="pay_3"))
    await outside.press(third, "decline")
    await outside.sandbox.advance()

    rows = list(csv.reader(io.StringIO(await statement(outside))))[4:]

    receipts = [read_stk_callback(body).receipt for _, body in outside.callbacks.received]
    assert [row[0] for row in rows] == [receipts[1], receipts[0]]
    assert [row[5:9] for row in rows] == [
        ["1500.00", "", "103000.00", "true"],
        ["1500.00", "", "101500.00", "true"],
    ]
    assert rows[1][1:5] == [
        "20-11-2026 10:15:30",
        "20-11-2026 10:15:30",
        "Pay Bill from 2547****0001 - SANDBOX CUSTOMER Acc. LN00001A1B2C",
        "Completed",
    ]
    assert rows[0][12] == "LN00002"
