"""Spreadsheets as they really come, and damaged ones, made from a programme's own table."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from parvis.documents import xlsx
from parvis.documents.workbooks import Cell, Sheet
from parvis.tfpb.models import Programme
from parvis.tfpb.tabling.grids import position
from parvis.tfpb.tabling.mapping import shipped
from parvis.tfpb.tabling.writing import full, sheets_of

# In the table « Rubriques du cadre national » of the programme below: headings on row 5, lines on
# rows 6 to 9, their total on row 10.
CELLS: list[tuple[str, Any, str]] = [
    ("A6", "Axe 12 : les autres", "il n’y a pas d’axe 12"),
    ("A6", "Jardinage", "aucun des 8 axes"),
    ("A6", "Axe 3 : Tranquillité résidentielle", "le libellé celui de l’axe 5"),
    ("A6", "", "il manque : axe"),
    ("B6", "mixte", "écrivez renforcement"),
    ("C6", "", "il manque : action"),
    ("C6", "x" * 201, "texte trop long"),
    ("F6", "32/01/2026", "n’est pas une date"),
    ("F6", 46023.0, "format date"),
    ("G6", "bientôt", "n’est pas une date"),
    ("G9", "01/01/2001", "la fin précède"),
    ("H6", "beaucoup", "n’est pas un nombre"),
    ("I6", "brouettes", "écrivez ETP"),
    ("J6", "-5", "négatif"),
    ("K6", "0,3", "avec le signe %"),
    ("K6", "130%", "entre 0 et 100"),
    ("L6", "1.234", "milliers ou décimales"),
    ("L6", "12 k€", "en chiffres"),
    ("L6", "#REF!", "le calcul de cette cellule a échoué"),
    ("L6", "(500)", "négatif"),
    ("L6", "1 234,567", "deux décimales"),
    ("L6", 99999999999, "démesuré"),
    ("M6", "voir annexe", "n’est pas un nombre"),
    ("P6", "1e9", "n’est pas un nombre"),
    ("R6", "L-12", "n’est pas une référence"),
    ("F1", 2019, "ce programme est celui de"),
    ("F2", "Faubourg", "ce programme est celui de"),
    ("B1", "Un autre bailleur", "ce programme est celui de"),
    ("B3", "deux cents", "n’est pas un nombre"),
    ("F3", "40 M€", "en chiffres"),
    ("D5", "Action", "deux colonnes portent le titre"),
]


def base(programme: Programme) -> list[list[Any]]:
    """The rows of that programme's table."""
    model = next(one for one in shipped() if (one.document, one.code) == ("programme", "cadre"))
    sheets = sheets_of("programme", full(Programme.objects.filter(pk=programme.pk)), model)
    return [[one.value if isinstance(one, Cell) else one for one in row] for row in sheets[0].rows]


def with_cell(rows: list[list[Any]], place: str, value: Any) -> list[list[Any]]:
    """The same table, one cell apart."""
    row, column = position(place) or (0, 0)
    changed = [list(one) for one in rows]
    line = changed[row - 1]
    line += [""] * (column - len(line))
    line[column - 1] = value
    return changed


def as_file(*sheets: list[list[Any]], name: str = "tableau.xlsx") -> SimpleUploadedFile:
    """Rows as a workbook."""
    out = io.BytesIO()
    xlsx.write_book(out, [Sheet(f"Feuille {n}", rows) for n, rows in enumerate(sheets, 1)])
    return SimpleUploadedFile(name, out.getvalue())


def drawn(draw: Callable[[Any, Any], None], name: str = "tableau.xlsx") -> SimpleUploadedFile:
    """A workbook drawn by hand: `draw(book, sheet)`."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    draw(book, book.add_worksheet("Programme"))
    book.close()
    return SimpleUploadedFile(name, out.getvalue())


def merged_amount(rows: list[list[Any]]) -> SimpleUploadedFile:
    """One amount for two lines, in cells that are merged."""

    def draw(_: Any, sheet: Any) -> None:
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                sheet.write_string(at, column, "" if value is None else str(value))
        sheet.merge_range("L6:L7", str(rows[5][11]))

    return drawn(draw)


def _zip(members: dict[str, bytes], name: str) -> SimpleUploadedFile:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return SimpleUploadedFile(name, out.getvalue())


def refused(rows: list[list[Any]]) -> list[tuple[str, SimpleUploadedFile, str]]:
    """Files that are no table at all: what they are, the file, the words of the refusal."""
    whole = as_file(rows)
    content = whole.read()
    whole.seek(0)
    without_title = [[*row[:2], *row[3:]] for row in rows]

    def far(_: Any, sheet: Any) -> None:
        sheet.write("A1", "Axe")
        sheet.write(1048575, 16383, "loin")

    return [
        ("cut", SimpleUploadedFile("t.xlsx", content[:-300]), "abîmé"),
        ("text", SimpleUploadedFile("t.xlsx", b"Axe;Action\n3;Halls\n"), "abîmé"),
        ("other ending", SimpleUploadedFile("t.csv", b"Axe;Action\n"), "n’est pas accepté"),
        ("PDF", SimpleUploadedFile("t.pdf", b"%PDF-1.7\n"), "xlsx ou ods"),
        ("empty", SimpleUploadedFile("t.xlsx", b""), "vide"),
        ("zip", _zip({"lisez.txt": b"rien"}, "t.xlsx"), "n’est pas ce que dit son nom"),
        ("bomb", _zip({"content.xml": b"\0" * 30_000_000}, "t.ods"), "démesurée"),
        ("broken xml", _zip({"content.xml": b"<office:document-content>"}, "t.ods"), "abîmé"),
        ("far corner", drawn(far), "démesur"),
        ("too long", as_file([*rows[:5], *[["3", "", "Halls"]] * 3001]), "démesurée"),
        ("nothing", as_file([]), "vide"),
        ("no headings", as_file([["Bonjour", "à", "tous"], [1, 2, 3]]), "titres de colonnes"),
        ("no title", as_file(without_title), "il manque la colonne action"),
        ("twice", as_file(rows, rows), "Plusieurs feuilles"),
    ]
