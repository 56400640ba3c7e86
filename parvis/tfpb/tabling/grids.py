"""The sheets of a workbook as grids of cells, with the addresses that people read on screen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from parvis.places.importing.columns import fold as fold_letters
from parvis.places.importing.outcome import FileRefused
from parvis.places.importing.tables import read_sheets
from parvis.places.importing.unpacking import is_workbook

LARGEST = 15 * 1024 * 1024  # bytes
ROWS_AT_MOST, COLUMNS_AT_MOST, COVERED_AT_MOST = 3000, 200, 100_000
_BRACKETS = re.compile(r"\([^()]*\)")
_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9]\d{0,5})")


def fold(text: str) -> str:
    """A heading without capitals, accents nor signs: « Dépense (€) » is « DEPENSE »."""
    return fold_letters(text.replace("€", ""))


def loose(heading: str) -> str:
    """A heading folded, without what stands in brackets."""
    return fold(_BRACKETS.sub("", heading))


def address(row: int, column: int) -> str:
    """« C12 » for row 12 and column 3."""
    return str(xl_rowcol_to_cell(row - 1, column - 1))


def position(words: str) -> tuple[int, int] | None:
    """The row and the column of an address; None when it is not one."""
    found = _ADDRESS.fullmatch(words.strip().upper())
    if not found:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column


def text_of(value: Any) -> str:
    """A cell as one clean text; a whole number without its decimals."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).replace("\r\n", "\n").replace("\xa0", " ").replace("\u202f", " ").strip()


@dataclass
class Grid:
    """One sheet: rows of values from A1 on, and the ranges of its merged cells when known."""

    name: str
    rows: list[list[Any]]
    # (row, column) of a covered cell: that of the cell whose value it shows.
    covered: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)

    def at(self, row: int, column: int) -> Any:
        """The value shown there, that of a merged cell included; "" outside."""
        row, column = self.covered.get((row, column), (row, column))
        return self.raw(row, column)

    def raw(self, row: int, column: int) -> Any:
        """The value written there, "" when none."""
        if 0 < row <= len(self.rows) and 0 < column <= len(self.rows[row - 1]):
            return self.rows[row - 1][column - 1]
        return ""

    def text(self, row: int, column: int) -> str:
        """The value shown there, as a text."""
        return text_of(self.at(row, column))

    def filled(self, row: int) -> list[int]:
        """The columns of that row that hold something."""
        if not 0 < row <= len(self.rows):
            return []
        return [at for at, value in enumerate(self.rows[row - 1], 1) if text_of(value)]

    @property
    def width(self) -> int:
        """How many columns it has."""
        return max((len(row) for row in self.rows), default=0)


def grids_of(upload: Any) -> list[Grid]:
    """The filled sheets of an uploaded workbook; FileRefused says why it is not read."""
    if (upload.size or 0) > LARGEST:
        raise FileRefused("Ce fichier pèse plus de 15 Mo : ce n’est pas un tableau de programme.")
    ending = Path(upload.name or "").suffix.lower()
    if ending not in (".xlsx", ".ods"):
        raise FileRefused("Donnez un classeur xlsx ou ods.")
    with NamedTemporaryFile(suffix=ending) as file:
        for chunk in upload.chunks():
            file.write(chunk)
        file.flush()
        path = Path(file.name)
        with path.open("rb") as start:
            if not is_workbook(path, start.read(4)):
                raise FileRefused("Ce fichier n’est pas un classeur, quoi que dise son nom.")
        found = list(_grids(path))
    if not found:
        raise FileRefused("Ce classeur est vide.")
    return found


def _grids(path: Path) -> Iterator[Grid]:
    for name, rows, merged in read_sheets(path, rows=ROWS_AT_MOST, columns=COLUMNS_AT_MOST):
        grid = Grid(name, rows)
        for top, left, bottom, right in merged:
            for row in range(top, min(bottom, len(rows)) + 1):
                for column in range(left, min(right, grid.width) + 1):
                    grid.covered[row, column] = (top, left)
            if len(grid.covered) > COVERED_AT_MOST:
                raise FileRefused(f"La feuille « {name} » a trop de cellules fusionnées.")
        yield grid
