"""Files that partners send: tables as csv, xlsx and ods, made for a test."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter

Row = Sequence[Any]


def as_csv(path: Path, *rows: Row, separator: str = ";", encoding: str = "utf-8-sig") -> Path:
    """A text table as spreadsheet programs write it."""
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=separator).writerows(rows)
    return path


def as_xlsx(path: Path, *rows: Row, **more_sheets: Sequence[Row]) -> Path:
    """A workbook of one sheet, or more."""
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "dd/mm/yyyy"})
    for name, lines in {"Feuille": rows, **more_sheets}.items():
        sheet = book.add_worksheet(name)
        for number, line in enumerate(lines):
            sheet.write_row(number, 0, line)
    book.close()
    return path


def as_ods(path: Path, *rows: Row, repeated: str = "") -> Path:
    """A document of one sheet; `repeated` is put in every cell's tag."""

    def cell(value: Any) -> str:
        kind = f'office:value-type="float" office:value="{value}"'
        if isinstance(value, date):
            kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
        elif isinstance(value, str):
            kind = 'office:value-type="string"'
        words = escape(str(value))
        return f"<table:table-cell {kind}{repeated}><text:p>{words}</text:p></table:table-cell>"

    lines = "".join(
        f"<table:table-row{repeated.replace('columns', 'rows')}>"
        f"{''.join(map(cell, row))}</table:table-row>"
        for row in rows
    )
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}><office:body>'
        f'<office:spreadsheet><table:table table:name="Feuille">{lines}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr(
            "META-INF/manifest.xml",
            '<?xml version="1.0"?><manifest:manifest '
            'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    return path


WRITERS: dict[str, Callable[..., Path]] = {".csv": as_csv, ".xlsx": as_xlsx, ".ods": as_ods}
