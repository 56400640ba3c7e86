"""Reading a small spreadsheet that somebody hands over: csv, xlsx or ods.

A formula gives the value that it was saved with; a text that looks like one is refused, so that it
never leaves again in somebody's spreadsheet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django import forms

from parvis.places.importing.columns import fold, text
from parvis.places.importing.handed import numbered_sheets
from parvis.places.importing.outcome import Fault, FileRefused, RowRefused

LARGEST = 2 * 1024 * 1024  # bytes: these tables have some hundred rows
ROWS_AT_MOST = 500
COLUMNS_AT_MOST = 60
HEADER_WITHIN = 20  # rows: a title and some notes may stand above the names of the columns
LONGEST = 600  # characters of a cell
AN_HOUR = 3600  # seconds for which what was read may be confirmed


class TableForm(forms.Form):
    """One table."""

    file = forms.FileField(
        label="Tableau",
        help_text="csv, xlsx ou ods, 2 Mo et 500 lignes au plus.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.ods"}),
    )


@dataclass
class Rows:
    """What a table holds, by the names of our columns, and what was not understood."""

    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read_rows(upload: Any, columns: Mapping[str, tuple[str, ...]], needed: set[str]) -> Rows:
    """The rows of an uploaded table. `columns`: for each of our names, what a column may be called;
    those of `needed` must be there. A file that cannot be used at all is one fault, of row 0."""
    try:
        with NamedTemporaryFile(suffix=Path(upload.name or "").suffix.lower()) as file:
            if (upload.size or 0) > LARGEST:
                raise FileRefused("Ce fichier pèse plus de 2 Mo.")
            for chunk in upload.chunks():
                file.write(chunk)
            file.flush()
            return _rows_of(
                numbered_sheets(
                    Path(file.name), rows=ROWS_AT_MOST + HEADER_WITHIN, columns=COLUMNS_AT_MOST
                ),
                columns,
                needed,
            )
    except FileRefused as refused:
        return Rows(faults=[Fault(0, "", refused.message)])


def _rows_of(
    sheets: list[list[tuple[int, list[Any]]]],
    columns: Mapping[str, tuple[str, ...]],
    needed: set[str],
) -> Rows:
    for rows in sheets:
        filled = [row for row in rows if any(str(cell or "").strip() for cell in row[1])]
        for place, (_, cells) in enumerate(filled[:HEADER_WITHIN]):
            where = _columns_of(cells, columns)
            if needed <= set(where):
                if len(filled) - place - 1 > ROWS_AT_MOST:
                    raise FileRefused(f"Ce tableau a plus de {ROWS_AT_MOST} lignes.")
                return _read(filled[place + 1 :], where)
    wanted = ", ".join(f"« {columns[name][0]} »" for name in columns if name in needed)
    raise FileRefused(f"Les noms des colonnes n’ont pas été trouvés. Il faut au moins {wanted}.")


def _columns_of(cells: list[Any], columns: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        name = fold(str(cell or ""))
        for ours, names in columns.items():
            if name and name in {fold(one) for one in names}:
                found.setdefault(ours, place)
    return found


def _read(rows: list[tuple[int, list[Any]]], where: dict[str, int]) -> Rows:
    found = Rows()
    for number, cells in rows:
        values = {
            name: _bare(cells[place]) if place < len(cells) else "" for name, place in where.items()
        }
        try:
            read = {name: text(values, name, LONGEST) for name in values}
        except RowRefused as refused:
            found.faults.append(Fault(number, "", str(refused)))
            continue
        if any(read.values()):
            found.rows.append((number, read))
    return found


def _bare(value: Any) -> Any:
    """A text without the sign that our own tables put before what looks like a formula."""
    if isinstance(value, str) and value[:1] == "'" and value[1:2] in ("=", "+", "-", "@", "−"):
        return value[1:]
    return value
