"""Workbooks of several sheets, with cells that reach over others."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from parvis.documents import xlsx
from parvis.documents.tables import book_response
from parvis.documents.workbooks import Cell, Sheet, names_of, placed

ROWS = [
    [Cell("Axe", "bold", 1, 2), Cell("Dépense", "bold", 2), Cell("Réf.", "", 1, 2)],
    ["Prévue", "Réalisée"],
    ["Propreté", Cell(Decimal("1234.50"), "money"), Cell(Decimal("0.3"), "share"), "=1+1"],
]


@pytest.mark.parametrize("form", ["xlsx", "ods"])
def test_cells_stand_where_they_should_on_every_sheet(form: str) -> None:
    response = book_response("deux", form, [Sheet("Un & deux", ROWS, [20]), Sheet("Trois", ROWS)])
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    response.close()
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.sheet_names == ["Un & deux", "Trois"]
    for name in book.sheet_names:
        assert book.get_sheet_by_name(name).to_python() == [
            ["Axe", "Dépense", "", "Réf."],
            ["", "Prévue", "Réalisée", ""],
            ["Propreté", 1234.5, 0.3, "=1+1"],
        ]


def test_what_is_covered_is_told() -> None:
    covered = [[cell is None for cell in row] for row in placed(ROWS)]
    assert covered == [
        [False, False, True, False],
        [True, False, False, True],
        [False, False, False, False],
    ]


def test_names_of_sheets_are_short_and_each_stands_once() -> None:
    long = "QN05921M Anzin / Escaut Habitat [2026]"
    assert names_of([long, long.upper(), ":*?", ""]) == [
        "QN05921M Anzin Escaut Habitat 2",
        "QN05921M ANZIN ESCAUT HABIT (2)",
        "Feuille",
        "Feuille (2)",
    ]


def test_names_of_sheets_count_signs_as_spreadsheet_programs_do() -> None:
    houses = "Les " + 20 * "\U0001f3da" + "\x0b\x7f"
    for name in names_of([houses, houses]):
        assert len(name.encode("utf-16-le")) // 2 <= 31
        assert name.startswith("Les \U0001f3da")
        assert name.isprintable()
    book = io.BytesIO()
    xlsx.write_book(book, [Sheet(name, ROWS) for name in names_of([houses, houses])])
    book.seek(0)
    assert CalamineWorkbook.from_filelike(book).sheet_names == names_of([houses, houses])


def test_a_name_cut_at_an_apostrophe_does_not_end_with_it() -> None:
    long = "QN05921M Anzin les abords de l'Escaut"
    assert names_of([long]) == ["QN05921M Anzin les abords de l"]
    book = io.BytesIO()
    xlsx.write_book(book, [Sheet(name, ROWS) for name in names_of([long, long])])
    book.seek(0)
    assert len(CalamineWorkbook.from_filelike(book).sheet_names) == 2
