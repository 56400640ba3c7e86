"""Damaged and hostile tables: a clear message, status 1, and nothing imported."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy
import pyogrio.raw
import pytest
import shapely
from django.core.management import call_command
from django.core.management.base import CommandError

from parvis.places.models import Residence
from parvis.upkeep.models import Holding, ManagedArea
from tests.cast import Cast
from tests.upkeep.files import as_csv, as_ods, as_xlsx
from tests.upkeep.test_import_residences import HEADER, LILAS, PINS

COMMANDS = ("import_residences", "import_managed_areas")
Refused = Callable[[Path], str]
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.fixture(params=COMMANDS)
def refused(request: pytest.FixtureRequest, cast: Cast) -> Refused:
    """Runs both imports, which must refuse; gives the message, nothing having changed."""

    def everything() -> list[list[object]]:
        return [
            list(model._default_manager.order_by("pk").values())
            for model in (Residence, Holding, ManagedArea)
        ]

    def run(path: Path) -> str:
        before = everything()
        with pytest.raises(CommandError) as error:
            call_command(request.param, str(path))
        assert error.value.returncode == 1
        assert everything() == before
        message = str(error.value)
        assert message.startswith("Import refusé, rien n’a été enregistré.")
        return message

    return run


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def rezipped(path: Path, member: str, change: Callable[[bytes], bytes]) -> Path:
    """The same archive, one of its members changed."""
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, change(data) if name == member else data)
    return path


# --- Text tables -------------------------------------------------------------------------------


def test_an_empty_table(refused: Refused, tmp_path: Path) -> None:
    assert "vide" in refused(written(tmp_path / "x.csv", b""))


def test_a_table_of_blank_lines(refused: Refused, tmp_path: Path) -> None:
    refused(written(tmp_path / "x.csv", b"\xef\xbb\xbf;;\r\n \r\n;\r\n"))


def test_a_header_without_rows(refused: Refused, tmp_path: Path) -> None:
    path = as_csv(tmp_path / "x.csv", (*HEADER, "gestionnaire"))
    assert "aucune ligne" in refused(path)


def test_nul_bytes_in_a_table(refused: Refused, tmp_path: Path) -> None:
    path = as_csv(tmp_path / "x.csv", HEADER, LILAS)
    assert "octets nuls" in refused(written(path, path.read_bytes() + b"PIN\0;Les Pins"))


def test_a_table_that_is_not_in_utf8(refused: Refused, tmp_path: Path) -> None:
    row = ("LIL", "Les Érables", *LILAS[2:])
    assert "--encoding" in refused(as_csv(tmp_path / "x.csv", HEADER, row, encoding="latin-1"))


def test_utf16_cut_inside_a_letter(refused: Refused, tmp_path: Path) -> None:
    path = as_csv(tmp_path / "x.csv", HEADER, LILAS, encoding="utf-16")
    assert "UTF-8" in refused(written(path, path.read_bytes()[:-1]))


def test_a_quote_that_is_never_closed(refused: Refused, tmp_path: Path) -> None:
    path = as_csv(tmp_path / "x.csv", HEADER, LILAS)
    assert "guillemet" in refused(written(path, path.read_bytes() + b'"PIN;Les Pins\n' * 3))


def test_a_huge_cell(refused: Refused, tmp_path: Path) -> None:
    path = as_csv(tmp_path / "x.csv", HEADER, (*LILAS[:1], "L" * 200_000, *LILAS[2:]))
    assert "démesurée" in refused(path)


def test_a_line_without_end(refused: Refused, tmp_path: Path) -> None:
    assert "démesurée" in refused(written(tmp_path / "x.csv", b"code;" * 400_000))


def test_two_columns_of_one_name(refused: Refused, tmp_path: Path) -> None:
    path = as_csv(tmp_path / "x.csv", (*HEADER, "Nom"), (*LILAS, "Autre"))
    assert "le même nom : Nom" in refused(path)


def test_a_table_without_the_columns_that_count(refused: Refused, tmp_path: Path) -> None:
    message = refused(as_csv(tmp_path / "x.csv", ("couleur", "taille"), ("vert", "3")))
    assert "Colonnes du fichier : couleur, taille" in message


def test_a_picture_named_as_a_table(refused: Refused, tmp_path: Path) -> None:
    refused(written(tmp_path / "x.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256))))


def test_a_page_named_as_a_table(refused: Refused, tmp_path: Path) -> None:
    refused(written(tmp_path / "x.csv", "<html>Accès refusé</html>\n".encode()))


# --- Workbooks ---------------------------------------------------------------------------------


def test_a_workbook_cut_half_way(refused: Refused, tmp_path: Path) -> None:
    path = as_xlsx(tmp_path / "x.xlsx", HEADER, LILAS)
    assert "abîmée" in refused(written(path, path.read_bytes()[:2_000]))


def test_a_workbook_whose_sheet_is_broken(refused: Refused, tmp_path: Path) -> None:
    path = as_xlsx(tmp_path / "x.xlsx", HEADER, LILAS)
    rezipped(path, "xl/worksheets/sheet1.xml", lambda data: data[: len(data) // 2])
    assert "abîmé" in refused(path)


def test_an_ods_whose_content_is_broken(refused: Refused, tmp_path: Path) -> None:
    path = rezipped(as_ods(tmp_path / "x.ods", HEADER, LILAS), "content.xml", lambda data: b"<a>")
    refused(path)


def test_a_workbook_without_a_filled_sheet(refused: Refused, tmp_path: Path) -> None:
    assert "aucune ligne" in refused(as_xlsx(tmp_path / "x.xlsx"))


def test_a_workbook_with_a_password(refused: Refused, tmp_path: Path) -> None:
    assert "mot de passe" in refused(written(tmp_path / "x.xlsx", _encrypted()))


def _encrypted() -> bytes:
    """The smallest compound file: its directory names the parts of an encrypted workbook."""

    def entry(name: str, kind: int, child: int = 0xFFFFFFFF, right: int = 0xFFFFFFFF) -> bytes:
        words = name.encode("utf-16-le") + b"\0\0"
        return (
            words.ljust(64, b"\0")
            + len(words).to_bytes(2, "little")
            + bytes([kind, 1])
            + b"\xff" * 4
            + right.to_bytes(4, "little")
            + child.to_bytes(4, "little")
            + bytes(36)
            + b"\xfe\xff\xff\xff"
            + bytes(8)
        )

    head = OLE2 + bytes(16) + b"\x3e\x00\x03\x00\xfe\xff\x09\x00\x06\x00" + bytes(6)
    head += bytes(4) + (1).to_bytes(4, "little") + (1).to_bytes(4, "little") + bytes(4)
    head += (4096).to_bytes(4, "little") + b"\xfe\xff\xff\xff" + bytes(4) + b"\xfe\xff\xff\xff"
    head += bytes(4) + bytes(4) + b"\xff" * (4 * 108)
    table = b"\xfd\xff\xff\xff\xfe\xff\xff\xff".ljust(512, b"\xff")
    directory = entry("Root Entry", 5, child=1) + entry("EncryptedPackage", 2, right=2)
    directory += entry("EncryptionInfo", 2) + bytes(128)
    return head + table + directory


def test_a_cell_in_the_far_corner(refused: Refused, tmp_path: Path) -> None:
    """Two cells that ask for seventeen thousand million: the process that opens it gives up."""
    path = as_xlsx(tmp_path / "x.xlsx", HEADER, LILAS)
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    rezipped(path, "xl/worksheets/sheet1.xml", lambda data: data.replace(b"</sheetData>", far))
    assert "démesuré" in refused(path)


def test_a_cell_repeated_over_the_whole_sheet(refused: Refused, tmp_path: Path) -> None:
    many = ' table:number-columns-repeated="16384"'
    path = as_ods(tmp_path / "x.ods", *[LILAS] * 200, repeated=many)
    assert "démesuré" in refused(path)


def test_a_workbook_that_swells(refused: Refused, tmp_path: Path) -> None:
    path = as_xlsx(tmp_path / "x.xlsx", HEADER, LILAS)
    rezipped(path, "xl/worksheets/sheet1.xml", lambda data: data + b" " * 12_000_000)
    assert "anormale" in refused(path)


def test_a_zip_without_a_table(refused: Refused, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("lisez-moi.pdf", "bonjour")
    assert "aucun fichier utilisable" in refused(tmp_path / "x.zip")


def test_a_workbook_in_a_zip_in_a_zip(refused: Refused, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "inner.zip", "w") as archive:
        archive.write(as_csv(tmp_path / "x.csv", HEADER, LILAS), "x.csv")
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.write(tmp_path / "inner.zip", "x.csv")
    assert "en contient une autre" in refused(tmp_path / "x.zip")


# --- Maps --------------------------------------------------------------------------------------


def test_a_geopackage_whose_table_is_not_drawn(refused: Refused, tmp_path: Path) -> None:
    pyogrio.raw.write(
        tmp_path / "x.gpkg",
        None,
        [numpy.array(["LIL"], dtype=object)],
        ["code"],
        geometry_type=None,
    )
    assert "aucune couche géographique" in refused(tmp_path / "x.gpkg")


def test_a_shapefile_without_its_table(refused: Refused, tmp_path: Path) -> None:
    path = tmp_path / "x.shp"
    pyogrio.raw.write(
        path,
        numpy.array([shapely.to_wkb(shapely.Point(3.5, 50.38))], dtype=object),
        [numpy.array(["LIL"], dtype=object)],
        ["code"],
        geometry_type="Point",
        crs="EPSG:4326",
    )
    path.with_suffix(".dbf").unlink()
    assert ".dbf" in refused(path)


# --- A file of which no row is usable ----------------------------------------------------------


def test_nothing_is_kept_when_writing_fails_half_way(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*words: object, **options: object) -> None:
        raise RuntimeError("disk full")

    monkeypatch.setattr("parvis.upkeep.importing.residences._save_holdings", broken)
    with pytest.raises(RuntimeError, match="disk full"):
        call_command("import_residences", str(as_csv(tmp_path / "x.csv", HEADER, LILAS, PINS)))
    assert not Residence.objects.filter(code__in=["LIL", "PIN"]).exists()
