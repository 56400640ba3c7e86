"""Tables and workbooks as xlsx: written to a file, whole only once it is closed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from parvis.documents.values import typed
from parvis.documents.workbooks import STYLES, Sheet, placed

MIMETYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LOOKS: dict[str, dict[str, Any]] = {
    "bold": {"bold": True, "text_wrap": True, "valign": "top"},
    "money": {"num_format": "#,##0.00"},
    "share": {"num_format": "0.00%"},
}


def write(file: IO[bytes], header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a table; memory stays the same whatever its length. A text never becomes a formula."""
    from xlsxwriter import Workbook  # heavy: only where it is used

    # A row is written out as soon as the next one begins.
    book = Workbook(file, {"constant_memory": True})
    bold = book.add_format({"bold": True})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    sheet = book.add_worksheet("Liste")
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(header) - 1, 18)
    for column, name in enumerate(header):
        sheet.write_string(0, column, name, bold)
    for line, row in enumerate(rows, start=1):
        for column, value in enumerate(map(typed, row)):
            if isinstance(value, datetime):
                sheet.write_datetime(line, column, value, moment)
            elif isinstance(value, date):
                sheet.write_datetime(line, column, value, day)
            elif isinstance(value, int | float | Decimal):
                sheet.write_number(line, column, value)
            elif value:
                sheet.write_string(line, column, value)
    book.close()


def write_book(file: IO[bytes], sheets: Iterable[Sheet]) -> None:
    """Write a workbook of several sheets, with cells that reach over others. It is kept in memory,
    some 200 bytes for each cell. A text never becomes a formula."""
    from xlsxwriter import Workbook  # heavy: only where it is used

    book = Workbook(file)
    looks: dict[str, dict[str, Any]] = {
        style: {key: value for word in style.split() for key, value in _LOOKS[word].items()}
        for style in STYLES
    }
    formats = {style: book.add_format(look) for style, look in looks.items()}
    days = {
        style: book.add_format({**look, "num_format": "dd/mm/yyyy"})
        for style, look in looks.items()
    }
    for one in sheets:
        sheet = book.add_worksheet(one.name)
        if one.frozen:
            sheet.freeze_panes(one.frozen, 0)
        for column, width in enumerate(one.widths):
            sheet.set_column(column, column, width)
        for line, row in enumerate(placed(one.rows)):
            for column, cell in enumerate(row):
                if cell is None:
                    continue
                look = formats[cell.style]
                if cell.across > 1 or cell.down > 1:
                    end = (line + cell.down - 1, column + cell.across - 1)
                    sheet.merge_range(line, column, *end, "", look)
                value = typed(cell.value)
                if isinstance(value, date):
                    sheet.write_datetime(line, column, value, days[cell.style])
                elif isinstance(value, int | float | Decimal):
                    sheet.write_number(line, column, value, look)
                elif value:
                    sheet.write_string(line, column, value, look)
    book.close()
