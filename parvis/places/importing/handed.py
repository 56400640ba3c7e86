"""A table that somebody hands over, whichever of the three ways it was saved in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from parvis.places.importing.outcome import FileRefused
from parvis.places.importing.reading import first_bytes
from parvis.places.importing.tables import csv_rows, read_sheets, text_of
from parvis.places.importing.unpacking import is_workbook

Cells = tuple[int, list[Any]]


def numbered_sheets(path: Path, *, rows: int, columns: int) -> list[list[Cells]]:
    """The rows of each sheet of a csv, xlsx or ods file, numbered as people see them, from its
    first cell on. FileRefused when it is none, or larger than so many rows and columns."""
    start = first_bytes(path)
    if is_workbook(path, start):
        sheets = read_sheets(path, rows=rows, columns=columns)
        return [list(enumerate(cells, start=1)) for _, cells, _ in sheets]
    if path.suffix not in (".csv", ".txt", ".tsv"):
        raise FileRefused("Donnez un tableau csv, xlsx ou ods.")
    with path.open("rb") as raw:
        try:
            raw.read().decode("utf-8-sig")
            encoding = ""
        except UnicodeDecodeError:
            encoding = "" if start[:2] in (b"\xff\xfe", b"\xfe\xff") else "cp1252"
        raw.seek(0)
        with text_of(raw, encoding) as lines:
            return [list(csv_rows(lines))]
