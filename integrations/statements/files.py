"""Which form has this statement? A file by its content, whatever its name says."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from typing_extensions import override

from core.errors import StatementUnreadable
from core.reconciliation.model import Book, Reading, Statement
from integrations.statements import bank_csv, camt053, mpesa, mt940, pulled
from integrations.statements.rows import ZIP, rows

_CHUNK: Final = 1 << 20
_LOOKED_AT: Final = 40


@dataclass(frozen=True, slots=True)
class StatementFile(Statement):
    """A file whose form is known."""

    path: Path
    form: str
    hashed: bytes

    @property
    @override
    def name(self) -> str:
        return self.path.name

    @property
    @override
    def book(self) -> Book:
        return Book.MPESA if self.form in {"mpesa", "pulled"} else Book.BANK

    @property
    @override
    def content_hash(self) -> bytes:
        return self.hashed

    @override
    def read(self) -> Reading:
        match self.form:
            case "mpesa":
                return mpesa.read(self.name, rows(self.path))
            case "pulled":
                return pulled.read(self.path)
            case "mt940":
                return mt940.read(self.path)
            case "camt053":
                return camt053.read(self.path)
            case _:
                return bank_csv.read(self.name, rows(self.path))


def open_statement(path: Path) -> StatementFile:
    """Know a file by its first bytes and rows. Raises StatementUnreadable for what is none of ours."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        start = file.read(4096)
        digest.update(start)
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return StatementFile(path, _form(path, start), digest.digest())


def _form(path: Path, start: bytes) -> str:
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text:
        raise StatementUnreadable(name=path.name, why="empty")
    if text.startswith(b"<"):
        return "camt053"
    if text.startswith((b'{"', b"{ ", b"{\n", b"{\r", b"[")):
        return "pulled"
    if text.startswith((b":20:", b"{1:")) or (b"\n:20:" in text and not text.startswith(ZIP)):
        return "mt940"
    return _form_of_table(path)


def _form_of_table(path: Path) -> str:
    for _, row in zip(range(_LOOKED_AT), rows(path), strict=False):
        if mpesa.is_header(row):
            return "mpesa"
        if bank_csv.is_header(row):
            return "bank_csv"
    raise StatementUnreadable(name=path.name, why="header")
