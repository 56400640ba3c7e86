"""Workbooks that keep no value where one is shown: told, row and cell, and never guessed."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from parvis.places.models import Residence
from parvis.upkeep.models import ManagedArea
from tests.cast import Cast
from tests.places.conftest import parvis
from tests.upkeep.files import as_csv, as_ods, as_xlsx
from tests.upkeep.test_import_areas import HEADER as AREA_HEADER
from tests.upkeep.test_import_areas import SQUARE
from tests.upkeep.test_import_residences import HEADER, LILAS, PINS, Run

__all__ = ["parvis"]

HOLDER = HEADER.index("Bailleur")


def workbook(path: Path, change: Callable[[xlsxwriter.worksheet.Worksheet], None]) -> Path:
    """Les Lilas on row 5, Les Pins on row 6, from column C on; then changed."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    for number, line in enumerate((HEADER, LILAS, PINS), 3):
        sheet.write_row(number, 2, line)
    change(sheet)
    book.close()
    return path


def document(path: Path, old: str, new: str) -> Path:
    """An ods of the same rows, from A1 on, one of its cells written otherwise."""
    as_ods(path, HEADER, LILAS, PINS)
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name).decode() for name in archive.namelist()}
    assert old in content["content.xml"]
    content["content.xml"] = content["content.xml"].replace(old, new, 1)
    with zipfile.ZipFile(path, "w") as archive:
        for name, words in content.items():
            archive.writestr(name, words)
    return path


def codes() -> set[str]:
    return set(Residence.objects.filter(code__in=["LIL", "PIN"]).values_list("code", flat=True))


@pytest.mark.parametrize("zero", ["0", "0,0", "00"])
def test_a_residence_is_not_named_zero(cast: Cast, parvis: Run, tmp_path: Path, zero: str) -> None:
    row = (LILAS[0], zero, *LILAS[2:])
    said = parvis("import_residences", as_csv(tmp_path / "parc.csv", HEADER, row, PINS))
    assert f"Ligne 2 (LIL) écartée : la colonne « Nom » contient seulement {zero}" in said
    assert codes() == {"PIN"}


def test_neither_its_code_nor_its_address_is_zero(cast: Cast, parvis: Run, tmp_path: Path) -> None:
    rows = (("0", *LILAS[1:]), (*LILAS[:2], "0", *LILAS[3:]), PINS)
    said = parvis("import_residences", as_csv(tmp_path / "parc.csv", HEADER, *rows))
    assert "« Code résidence » contient seulement 0" in said
    assert "« Adresse » contient seulement 0" in said
    assert not Residence.objects.filter(code="0").exists()
    assert codes() == {"PIN"}


def test_a_space_is_not_named_zero(cast: Cast, parvis: Run, tmp_path: Path) -> None:
    path = as_csv(tmp_path / "espaces.csv", AREA_HEADER, ("0", *SQUARE[1:]), SQUARE)
    assert "contient seulement 0" in parvis("import_managed_areas", path)
    assert not ManagedArea.objects.filter(name="0").exists()


def test_a_formula_kept_as_zero_names_nothing(cast: Cast, parvis: Run, tmp_path: Path) -> None:
    path = workbook(tmp_path / "parc.xlsx", lambda sheet: sheet.write_formula("D5", '="Les "&C5'))
    said = parvis("import_residences", path)
    assert "Ligne 5 (LIL) écartée : la colonne « Nom » contient seulement 0" in said
    assert codes() == {"PIN"}


@pytest.mark.parametrize("cell", ["D5", "G5"])  # a name, a latitude
def test_a_formula_without_a_result_is_told(
    cast: Cast, parvis: Run, tmp_path: Path, cell: str
) -> None:
    path = workbook(
        tmp_path / "parc.xlsx", lambda sheet: sheet.write_formula(cell, "=C5", None, "")
    )
    said = parvis("import_residences", path)
    assert (
        f"Ligne 5 (LIL) écartée : la cellule {cell} contient une formule dont le résultat" in said
    )
    assert codes() == {"PIN"}


def test_a_formula_of_an_ods_without_a_result_is_told(
    cast: Cast, parvis: Run, tmp_path: Path
) -> None:
    old = 'office:value-type="string"><text:p>Les Lilas</text:p>'
    path = document(tmp_path / "parc.ods", old, 'table:formula="of:=[.A2]">')
    said = parvis("import_residences", path)
    assert "Ligne 2 (LIL) écartée : la cellule B2 contient une formule" in said
    assert codes() == {"PIN"}


def test_a_formula_whose_result_is_kept_is_read(cast: Cast, parvis: Run, tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "parc.xlsx",
        lambda sheet: sheet.write_formula("D5", '="Les "&C5', None, "Les Lilas"),
    )
    parvis("import_residences", path)
    assert Residence.objects.get(code="LIL").name == "Les Lilas"


def test_a_cell_that_a_merged_one_covers_is_told(cast: Cast, parvis: Run, tmp_path: Path) -> None:
    """One landlord over two rows: the second would be read as having none."""
    path = workbook(
        tmp_path / "parc.xlsx", lambda sheet: sheet.merge_range("I5:I6", "Escaut Habitat")
    )
    said = parvis("import_residences", path, "--landlord", "Hainaut Logis")
    assert "Ligne 6 (PIN) écartée : la cellule I6 est fusionnée avec une autre" in said
    assert codes() == {"LIL"}


def test_a_covered_cell_of_an_ods_is_told(cast: Cast, parvis: Run, tmp_path: Path) -> None:
    words = 'office:value-type="string"><text:p>Hainaut Logis</text:p></table:table-cell>'
    old = f"<table:table-cell {words}"
    path = document(tmp_path / "parc.ods", old, "<table:covered-table-cell/>")
    said = parvis("import_residences", path)
    assert "Ligne 3 (PIN) écartée : la cellule G3 est fusionnée avec une autre" in said
    assert codes() == {"LIL"}


def test_merged_cells_that_say_nothing_of_residences_do_not_matter(
    cast: Cast, parvis: Run, tmp_path: Path
) -> None:
    def beside(sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.write("J4", "Secteur")
        sheet.merge_range("J5:J6", "Nord")

    parvis("import_residences", workbook(tmp_path / "parc.xlsx", beside))
    assert codes() == {"LIL", "PIN"}


@pytest.mark.parametrize("year", ["0001", "1899", "2201", "9999"])
def test_a_day_of_no_plausible_year_is_refused(
    cast: Cast, parvis: Run, tmp_path: Path, year: str
) -> None:
    odd = (*SQUARE[:5], f"01/03/{year}", *SQUARE[6:])
    last = ("Allée", *SQUARE[1:5], "01/03/2200", *SQUARE[6:])
    said = parvis("import_managed_areas", as_csv(tmp_path / "espaces.csv", AREA_HEADER, odd, last))
    assert f"« 01/03/{year} » : l’année doit être entre 1900 et 2200" in said
    assert "Ligne 2" in said
    assert ManagedArea.objects.filter(name="Allée").exists()
    assert not ManagedArea.objects.filter(name=SQUARE[0]).exists()


def test_rows_are_numbered_as_the_spreadsheet_shows_them(
    cast: Cast, parvis: Run, tmp_path: Path
) -> None:
    bad = (LILAS[0], LILAS[1], "", "59999", *LILAS[4:])
    path = as_xlsx(tmp_path / "parc.xlsx", (), (), HEADER, PINS, bad)
    assert "Ligne 5 (LIL) écartée" in parvis("import_residences", path)
