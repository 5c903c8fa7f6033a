"""Is every form of a statement read to its meaning, and every bad one refused with the line and the reason?"""

from pathlib import Path

import openpyxl
import pytest

from core.errors import StatementUnreadable
from core.reconciliation.model import Balances, Book, Fault, LineKind, Skipped, StatementLine
from integrations.statements.files import open_statement

SAMPLES = Path(__file__).parent / "samples"
HEADER = (
    "Receipt No.,Completion Time,Initiation Time,Details,Transaction Status,Paid In,Withdrawn,Balance,"
    "Balance Confirmed,Reason Type,Other Party Info,Linked Transaction ID,A/C No.\r\n"
)
GOOD = "UKK4DEMO11,20-11-2026 10:22:33,,Pay Bill,Completed,{paid},,98250.00,true,Pay Bill Online,{party},,SAV1\r\n"


def lines_of(path: Path) -> list[StatementLine]:
    return [item for item in open_statement(path).read() if isinstance(item, StatementLine)]


def faults_of(path: Path) -> list[tuple[int, str]]:
    return [(item.number, item.why) for item in open_statement(path).read() if isinstance(item, Fault)]


def an_export(
    folder: Path, *rows: str, head: str = "Organization Name,DEMO\r\n\r\n", encoding: str = "utf-8"
) -> Path:
    path = folder / "export.csv"
    path.write_bytes((head + HEADER + "".join(rows)).encode(encoding))
    return path


def test_the_portal_s_export_is_read_with_reversals_and_failed_lines() -> None:
    statement = open_statement(SAMPLES / "mpesa_a.csv")
    reversal, paid, skipped, balances = list(statement.read())

    assert statement.book is Book.MPESA
    assert isinstance(reversal, StatementLine)
    assert isinstance(paid, StatementLine)
    assert (reversal.kind, reversal.linked, reversal.amount.plain()) == (
        LineKind.REVERSAL,
        "UKK4DEMO11",
        "-1500.00",
    )
    assert (paid.receipt, paid.reference, paid.phone, paid.name) == (
        "UKK4DEMO11",
        "SAV000123",
        "2547****0101",
        "JANE WANJIRU DEMO",
    )
    assert paid.at.isoformat() == "2026-11-20T10:22:33+03:00"
    assert isinstance(skipped, Skipped)
    assert isinstance(balances, Balances)
    assert (balances.opening.plain(), balances.closing.plain()) == ("96750.00", "96750.00")


def test_charges_share_the_receipt_of_what_they_are_taken_for_and_have_a_key_of_their_own() -> None:
    payout, charge = lines_of(SAMPLES / "mpesa_b.csv")

    assert (payout.amount.plain(), charge.amount.plain()) == ("-2500.00", "-9.00")
    assert (payout.kind, charge.kind) == (LineKind.MOVEMENT, LineKind.CHARGE)
    assert payout.receipt == charge.receipt
    assert payout.key != charge.key


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_any_of_its_encodings_is_read(tmp_path: Path, encoding: str) -> None:
    path = an_export(tmp_path, GOOD.format(paid='"1,500.00"', party="2547****0101 - RENÉ"), encoding=encoding)

    [line] = lines_of(path)

    assert (line.name, line.amount.minor) == ("RENÉ", 150_000)


def test_letters_of_two_encodings_in_one_file_are_a_fault_of_the_second(tmp_path: Path) -> None:
    path = an_export(tmp_path, GOOD.format(paid="1.00", party="2547****0101 - RENÉ"))
    path.write_bytes(
        path.read_bytes() + GOOD.format(paid="2.00", party="2547****0101 - ZOÉ").encode("cp1252")
    )

    assert faults_of(path) == [(5, "encoding")]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (GOOD.format(paid="12,34.567,8", party=""), "amount"),
        (GOOD.format(paid="1.234", party=""), "amount"),
        (GOOD.format(paid="", party=""), "amount"),
        (GOOD.format(paid="-5", party=""), "amount"),
        (GOOD.format(paid="one", party=""), "amount"),
        (GOOD.format(paid="1", party="").replace("20-11-2026", "11/20/2026"), "date"),
        (GOOD.format(paid="1", party="").replace("20-11-2026", "20-11-26"), "date"),
        (GOOD.format(paid="1", party="").replace("20-11-2026 10:22:33", "22:33.0"), "date"),
        (GOOD.format(paid="1", party="").replace("UKK4DEMO11", "U K"), "receipt"),
        (GOOD.format(paid="1", party="").replace("Completed", ""), "status"),
    ],
)
def test_a_row_that_can_t_be_read_is_told_with_its_number_and_reason(
    tmp_path: Path, row: str, why: str
) -> None:
    assert faults_of(an_export(tmp_path, row)) == [(4, why)]


def test_an_excel_book_says_the_same_as_the_csv(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Organization Name", "DEMO"])
    sheet.append(HEADER.strip().split(","))
    row = GOOD.format(paid="x", party="2547****0101 - JANE").strip().split(",")
    sheet.append([*row[:1], 46346.4323263889, *row[2:5], 1500.5, *row[6:7], 98250, *row[8:]])
    book.save(tmp_path / "export.xlsx")

    [line] = lines_of(tmp_path / "export.xlsx")

    assert (line.amount.minor, line.at.isoformat()) == (150_050, "2026-11-20T10:22:33+03:00")


def test_mt940_is_read_with_its_balances() -> None:
    statement = open_statement(SAMPLES / "bank.sta")
    credit, fee, balances = list(statement.read())

    assert isinstance(credit, StatementLine)
    assert isinstance(fee, StatementLine)
    assert statement.book is Book.BANK
    assert (credit.amount.plain(), credit.receipt, credit.reference, credit.phone) == (
        "1500.00",
        "UKJ4DEMO71",
        "SAV000123",
        "254700000101",
    )
    assert (fee.amount.plain(), fee.kind) == ("-500.00", LineKind.CHARGE)
    assert isinstance(balances, Balances)
    assert balances.closing.plain() == "126000.50"


def test_mt940_with_a_line_that_makes_no_sense_tells_which(tmp_path: Path) -> None:
    path = tmp_path / "bad.sta"
    path.write_text(":20:X\n:60F:C261118KES1,00\n:61:nonsense\n:62F:rubbish\n", encoding="ascii")

    assert faults_of(path) == [(3, "line"), (4, "balance")]


def test_camt053_is_read_in_every_version_by_local_names(tmp_path: Path) -> None:
    newer = (SAMPLES / "bank.xml").read_text().replace("001.02", "001.08")
    newer = newer.replace("<Sts>BOOK</Sts>", "<Sts><Cd>BOOK</Cd></Sts>")
    (tmp_path / "newer.xml").write_text(newer)

    [old], [new] = lines_of(SAMPLES / "bank.xml"), lines_of(tmp_path / "newer.xml")

    assert old == new
    assert (old.amount.plain(), old.receipt, old.phone) == ("1500.00", "UKJ4DEMO71", "254700000101")


@pytest.mark.parametrize(
    "xml",
    [
        "<Document><BkToCstmrStmt>",
        '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        "<html></html><p>",
    ],
)
def test_broken_or_dangerous_xml_is_refused(tmp_path: Path, xml: str) -> None:
    (tmp_path / "bad.xml").write_text(xml)

    with pytest.raises(StatementUnreadable, match="damaged"):
        lines_of(tmp_path / "bad.xml")


def test_pulled_transactions_have_the_key_that_the_portal_s_export_gives_them() -> None:
    [pulled] = lines_of(SAMPLES / "pulled.json")
    exported = lines_of(SAMPLES / "mpesa_a.csv")[1]

    assert pulled.key == exported.key
    assert (pulled.phone, pulled.at) == ("254700000101", exported.at)


def test_a_bank_s_csv_is_known_by_the_words_of_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "bank.csv"
    path.write_text(
        "Account;0110\nTransaction Date;Narration;Ref No;Debit;Credit;Balance\n"
        "19/11/2026;MPESA 0700000101 ACC SAV000123;UKJ4DEMO71;;1,500.00;2,500.00\n"
        "19/11/2026;Ledger fee;;500.00;;2,000.00\n"
        "19/11/2026;Ledger fee;;500.00;;1,500.00\n;Total;;1,000.00;1,500.00;\n"
    )

    paid, fee, again = lines_of(path)

    assert (paid.amount.plain(), paid.reference, paid.phone) == ("1500.00", "SAV000123", "254700000101")
    assert fee.kind is LineKind.CHARGE
    assert fee.key != again.key


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"a,b\n1,2\n", "header"),
        (b"PK\x03\x04 not a zip", "damaged"),
        (b'{"Response": 5}', "damaged"),
    ],
)
def test_what_is_no_statement_is_refused(tmp_path: Path, content: bytes, why: str) -> None:
    (tmp_path / "file").write_bytes(content)

    with pytest.raises(StatementUnreadable, match=why):
        list(open_statement(tmp_path / "file").read())


def test_an_export_without_its_columns_is_refused(tmp_path: Path) -> None:
    (tmp_path / "short.csv").write_text("Receipt No.,Completion Time,Details\nUKK4DEMO11,20-11-2026,x\n")

    with pytest.raises(StatementUnreadable, match="columns"):
        lines_of(tmp_path / "short.csv")
