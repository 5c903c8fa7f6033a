"""The paper a statement is printed on: A4 with a foot on every page, tables that go on over pages, one font."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import Align, XPos, YPos
from fpdf.fonts import TTFFont
from typing_extensions import override

from integrations.documents.letters import printable

_FONT = "dejavu"
_FOLDER = Path(__file__).parent
_MARGIN_MM = 10
_ROW_MM = 5.2
_BODY_PT = 7.5
_SMALLEST_PT = 3
_GREY = (110, 110, 110)
_SHADE = (236, 240, 236)
_RULE = (180, 190, 180)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table; amounts stand on its right."""

    heading: str
    width_mm: float
    is_amount: bool = False
    above: str = ""
    """What stands over the heading, for some columns together."""


class Paper(FPDF):
    """Draws lines of text and tables, in letters the font has."""

    def __init__(self, foot: Sequence[str], page_word: str) -> None:
        super().__init__(format="A4")
        self.set_margins(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
        self.set_auto_page_break(auto=True, margin=20)
        self.c_margin = 0.8
        self.add_font(_FONT, "", _FOLDER / "DejaVuSansCondensed.ttf")
        self.add_font(_FONT, "B", _FOLDER / "DejaVuSansCondensed-Bold.ttf")
        font = self.fonts[_FONT]
        if not isinstance(font, TTFFont):
            raise TypeError("a font from a file is a TrueType font")
        self._drawn = frozenset(font.cmap)
        self._foot = foot
        self._page_word = page_word
        self._columns: Sequence[Column] = ()

    @override
    def footer(self) -> None:
        self.set_y(-16)
        self.set_draw_color(*_RULE)
        self.line(_MARGIN_MM, self.get_y(), self.w - _MARGIN_MM, self.get_y())
        self.set_y(self.get_y() + 1)
        self.set_text_color(*_GREY)
        for n, text in enumerate(self._foot):
            self._font(6.5)
            self.cell(0, 3.4, self._fitting(text, self.epw - 30), new_x=XPos.LEFT, new_y=YPos.TOP)
            if n == 0:
                self.cell(0, 3.4, f"{self._page_word} {self.page_no()}/{{nb}}", align=Align.R)
            self.ln(3.4)
        self.set_text_color(0)

    def heading(self, left: str, right: str) -> None:
        """The top of the first page."""
        self._font(14, bold=True)
        self.cell(0, 8, self._fitting(left, self.epw / 2), new_x=XPos.LEFT, new_y=YPos.TOP)
        self._font(11)
        self.cell(
            0, 8, self._fitting(right, self.epw / 2), align=Align.R, new_x=XPos.LMARGIN, new_y=YPos.NEXT
        )
        self.set_draw_color(*_RULE)
        self.line(_MARGIN_MM, self.get_y(), self.w - _MARGIN_MM, self.get_y())
        self.ln(2)

    def fact(self, name: str, value: str) -> None:
        """One line of what is said about the member."""
        self._font(8.5)
        self.set_text_color(*_GREY)
        self.cell(28, _ROW_MM, self._fitting(name, 28))
        self.set_text_color(0)
        self.cell(0, _ROW_MM, self._fitting(value, self.epw - 28), new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def begin_table(self, left: str, right: str, columns: Sequence[Column]) -> None:
        """A new table under its own heading, with room for a few rows below."""
        if self.will_page_break(_ROW_MM * 7):
            self.add_page()
        self.ln(4)
        self._font(10, bold=True)
        self.cell(0, 6, self._fitting(left, self.epw - 30), new_x=XPos.LEFT, new_y=YPos.TOP)
        self._font(8.5)
        self.cell(0, 6, self._fitting(right, 30), align=Align.R, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self._columns = columns
        self._table_head()

    def row(self, cells: Sequence[str], *, bold: bool = False) -> None:
        """One row; on a new page the table's head comes first."""
        if self.will_page_break(_ROW_MM):
            self.add_page()
            self._table_head()
        self._font(_BODY_PT, bold=bold)
        self._cells(cells)
        self.set_draw_color(*_RULE)
        self.line(_MARGIN_MM, self.get_y(), self.w - _MARGIN_MM, self.get_y())

    def remark(self, text: str) -> None:
        """A sentence in place of rows."""
        self._font(_BODY_PT)
        self.set_text_color(*_GREY)
        self.cell(0, _ROW_MM, self._fitting(text, self.epw), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.set_text_color(0)

    def _table_head(self) -> None:
        self._font(_BODY_PT, bold=True)
        self.set_fill_color(*_SHADE)
        if any(column.above for column in self._columns):
            self._cells([column.above for column in self._columns], fill=True)
        self._cells([column.heading for column in self._columns], fill=True)

    def _cells(self, cells: Sequence[str], *, fill: bool = False) -> None:
        for column, text in zip(self._columns, cells, strict=True):
            align = Align.R if column.is_amount else Align.L
            shown = self._whole(text, column) if column.is_amount else self._fitting(text, column.width_mm)
            self.cell(column.width_mm, _ROW_MM, shown, align=align, fill=fill)
            self.set_font_size(_BODY_PT)
        self.ln(_ROW_MM)

    def _whole(self, text: str, column: Column) -> str:
        """The text in a size in which it fits: an amount is never cut."""
        size = _BODY_PT
        while self.get_string_width(text) > column.width_mm - 2 * self.c_margin and size > _SMALLEST_PT:
            size -= 0.5
            self.set_font_size(size)
        return text

    def _fitting(self, text: str, width_mm: float) -> str:
        """The text in letters the font has, cut to the width."""
        text = printable(text, self._drawn)
        room = width_mm - 2 * self.c_margin
        if self.get_string_width(text) <= room:
            return text
        while text and self.get_string_width(text + "\u2026") > room:
            text = text[:-1]
        return text + "\u2026"

    def _font(self, size: float, *, bold: bool = False) -> None:
        self.set_font(_FONT, "B" if bold else "", size)
