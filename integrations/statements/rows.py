"""How does a file become rows? CSV in any of three encodings, and Excel books, a row at a time."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from core.errors import StatementUnreadable
from integrations.statements.cells import Cell

ZIP: Final = b"PK\x03\x04"
_WIDE_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_LINE_MOST: Final = 100_000


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row; `is_garbled` when its letters are in another encoding than those before."""

    number: int
    cells: Sequence[Cell]
    is_garbled: bool = False


def rows(path: Path) -> Iterator[Row]:
    """Every row that holds something. Raises StatementUnreadable."""
    with path.open("rb") as file:
        start = file.read(4)
        file.seek(0)
        if start == ZIP:
            yield from _book_rows(path, file)
        else:
            yield from _text_rows(path, file, is_wide=start.startswith(_WIDE_MARKS))


def _book_rows(path: Path, file: BinaryIO) -> Iterator[Row]:
    try:
        book = load_workbook(file, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError) as error:
        raise StatementUnreadable(name=path.name, why="damaged") from error
    try:
        sheet = book.worksheets[0]
        # A sheet's stated size may be wrong; reading on to its end is right.
        sheet.reset_dimensions()
        for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
            if any(cell not in {None, ""} for cell in cells):
                yield Row(number, [_plain(cell) for cell in cells])
    finally:
        book.close()


def _plain(cell: object) -> Cell:
    return cell if isinstance(cell, Cell) else str(cell)


@dataclass(slots=True)
class _Letters:
    """Decodes line by line: the first line that is not plain decides between UTF-8 and Windows-1252."""

    encoding: str = ""
    garbled: set[int] = field(default_factory=set)
    """Numbers of lines that are in the other encoding."""

    def lines(self, file: BinaryIO) -> Iterator[str]:
        for number, line in enumerate(iter(lambda: file.readline(_LINE_MOST), b""), 1):
            bare = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
            yield self._decoded(number, bare).replace("\x00", "")

    def _decoded(self, number: int, line: bytes) -> str:
        if line.isascii():
            return line.decode("ascii")
        try:
            text, encoding = line.decode("utf-8"), "utf-8"
        except UnicodeDecodeError:
            text, encoding = line.decode("cp1252", errors="replace"), "cp1252"
        self.encoding = self.encoding or encoding
        if encoding != self.encoding or "\ufffd" in text:
            self.garbled.add(number)
        return text


def _text_rows(path: Path, file: BinaryIO, *, is_wide: bool) -> Iterator[Row]:
    letters = _Letters()
    lines = iter(_wide_lines(path, file)) if is_wide else letters.lines(file)
    delimiter, lines = _delimiter(lines)
    reader = csv.reader(lines, delimiter=delimiter)
    before = 0
    try:
        for cells in reader:
            number, before = before + 1, reader.line_num
            if any(cell.strip() for cell in cells):
                is_garbled = any(each in letters.garbled for each in range(number, before + 1))
                yield Row(number, cells, is_garbled)
    except csv.Error as error:
        raise StatementUnreadable(name=path.name, why="damaged") from error


def _wide_lines(path: Path, file: BinaryIO) -> Iterator[str]:
    try:
        yield from file.read().decode("utf-16").splitlines(keepends=True)
    except UnicodeDecodeError as error:
        raise StatementUnreadable(name=path.name, why="encoding") from error


def _delimiter(lines: Iterator[str]) -> tuple[str, Iterator[str]]:
    """By the line with the most of one kind among the first few: the preamble has few, the header many."""
    first = list(islice(lines, 30))
    counts = {mark: max((line.count(mark) for line in first), default=0) for mark in ",;\t|"}
    best = max(counts, key=lambda mark: counts[mark])
    return best, _again(first, lines)


def _again(first: Sequence[str], rest: Iterator[str]) -> Iterator[str]:
    yield from first
    yield from rest
