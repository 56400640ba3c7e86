"""Importers fed the wrong thing: a clear message, status 1, and nothing imported."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy
import pyogrio.raw
import pytest
import shapely
from django.core.management.base import CommandError
from shapely.geometry import shape

from parvis.places.importing import unpacking
from parvis.places.models import AtlasVersion, Commune, Quartier
from tests.places.conftest import feature, square

pytestmark = pytest.mark.django_db
QPV = {"code_qp": "QN05920M", "nom_qp": "Verrerie", "insee_com": "59014", "nom_com": "Anzin"}
Write = Callable[..., Path]


def layer(
    path: Path, geometry: dict[str, Any], *, kind: str = "Polygon", crs: str | None = "EPSG:4326"
) -> Path:
    """A Shapefile or a GeoPackage of one row."""
    pyogrio.raw.write(
        path,
        numpy.array([shapely.to_wkb(shape(geometry))], dtype=object),
        [numpy.array([value], dtype=object) for value in QPV.values()],
        list(QPV),
        geometry_type=kind,
        crs=crs,
        encoding="utf-8",
    )
    return path


def zipped(folder: Path, target: Path) -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in folder.iterdir():
            archive.write(path, f"dossier/{path.name}")
    return target


@pytest.fixture
def refused() -> Callable[..., str]:
    """Runs `import_quartiers`, which must refuse; gives the message, nothing having changed."""
    from django.core.management import call_command

    def run(path: Path, *options: str, command: str = "import_quartiers") -> str:
        with pytest.raises(CommandError) as error:
            call_command(command, str(path), *options)
        assert error.value.returncode == 1
        assert not Quartier.objects.exists()
        assert not Commune.objects.exists()
        assert not AtlasVersion.objects.exists()
        message = str(error.value)
        assert message.startswith("Import refusé, rien n’a été enregistré.")
        return message

    return run


def test_a_missing_file(refused: Callable[..., str], tmp_path: Path) -> None:
    assert "n’existe pas" in refused(tmp_path / "absent.geojson")


def test_a_folder(refused: Callable[..., str], tmp_path: Path) -> None:
    assert "dossier" in refused(tmp_path)


def test_an_empty_file(refused: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "vide.geojson").touch()
    assert "vide" in refused(tmp_path / "vide.geojson")


def test_a_collection_without_a_row(refused: Callable[..., str], geojson: Write) -> None:
    assert "aucune ligne" in refused(geojson())


def test_a_shapefile_without_a_row(refused: Callable[..., str], tmp_path: Path) -> None:
    pyogrio.raw.write(
        tmp_path / "vide.shp",
        numpy.array([], dtype=object),
        [numpy.array([], dtype=object)],
        ["code_qp"],
        geometry_type="Polygon",
        crs="EPSG:4326",
    )
    assert "aucune ligne" in refused(tmp_path / "vide.shp")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"code_qp;nom_qp\nQN05920M;Verrerie\n", "liste.csv"),
        (b"%PDF-1.7 ...", "plan.pdf"),
        (b"\x89PNG\r\n\x1a\n", "plan.png"),
        (
            b"<OGRVRTDataSource><SrcDataSource>/etc/hosts</SrcDataSource></OGRVRTDataSource>",
            "x.vrt",
        ),
        (b"<?xml version='1.0'?><kml></kml>", "carte.kml"),
    ],
)
def test_what_is_not_a_geographic_file(
    refused: Callable[..., str], tmp_path: Path, content: bytes, name: str
) -> None:
    (tmp_path / name).write_bytes(content)
    assert "pas un fichier géographique" in refused(tmp_path / name)


@pytest.mark.parametrize(
    "content",
    [
        {"type": "Topology", "objects": {}},
        {"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline"},
        [1, 2],
        {"features": []},
        {"type": "FeatureCollection", "features": {"a": 1}},
    ],
)
def test_json_that_is_not_geojson(
    refused: Callable[..., str], tmp_path: Path, content: object
) -> None:
    (tmp_path / "x.json").write_text(json.dumps(content))
    assert "pas du GeoJSON" in refused(tmp_path / "x.json")


def test_geojson_cut_half_way(refused: Callable[..., str], geojson: Write) -> None:
    path = geojson(feature(square(3.5, 50.3), **QPV))
    path.write_bytes(path.read_bytes()[:-40])
    assert "s’interrompt" in refused(path)


def test_geojson_nested_without_end(refused: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "x.geojson").write_text('{"a":' * 100_000)
    assert "lisible" in refused(tmp_path / "x.geojson")


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_geojson_in_another_encoding(
    refused: Callable[..., str], geojson: Write, encoding: str
) -> None:
    path = geojson(feature(square(3.5, 50.3), **QPV | {"nom_qp": "Cité Thiers"}))
    path.write_bytes(path.read_text("utf-8").encode(encoding))
    assert "UTF-8" in refused(path)


def test_a_shapefile_whose_texts_are_not_in_the_encoding_it_declares(
    refused: Callable[..., str], tmp_path: Path
) -> None:
    path = layer(tmp_path / "qpv.shp", square(3.5, 50.3))
    table = path.with_suffix(".dbf")
    table.write_bytes(table.read_bytes().replace(b"Verrerie", b"V\xe9rrerie"[:8]))
    path.with_suffix(".cpg").write_text("UTF-8")
    assert "encodage" in refused(path)


def test_an_encoding_that_does_not_exist(refused: Callable[..., str], tmp_path: Path) -> None:
    path = layer(tmp_path / "qpv.shp", square(3.5, 50.3))
    assert "encodage" in refused(path, "--encoding", "klingon")


@pytest.mark.parametrize(
    ("geometry", "what"),
    [
        ({"type": "Point", "coordinates": [3.5, 50.3]}, "des points"),
        ({"type": "LineString", "coordinates": [[3.5, 50.3], [3.6, 50.3]]}, "des lignes"),
    ],
)
def test_the_wrong_kind_of_geometry(
    refused: Callable[..., str], geojson: Write, geometry: dict[str, Any], what: str
) -> None:
    assert what in refused(geojson(feature(geometry, **QPV)))


def test_a_geopackage_of_points(refused: Callable[..., str], tmp_path: Path) -> None:
    point = {"type": "Point", "coordinates": [3.5, 50.3]}
    path = layer(tmp_path / "points.gpkg", point, kind="Point")
    assert "des points" in refused(path)


@pytest.mark.parametrize("command", ["import_quartiers", "import_communes"])
def test_a_file_without_a_code_column(
    refused: Callable[..., str], geojson: Write, command: str
) -> None:
    message = refused(geojson(feature(square(3.5, 50.3), couleur="vert")), command=command)
    assert "Aucune colonne ne donne le code" in message
    assert "couleur" in message


def test_a_file_of_which_no_row_is_usable(refused: Callable[..., str], geojson: Write) -> None:
    path = geojson(feature(None, **QPV), feature(square(3.5, 50.3), code_qp="59014"))
    assert "Aucune ligne" in refused(path)


def test_metres_that_say_they_are_degrees(refused: Callable[..., str], geojson: Write) -> None:
    path = geojson(feature(square(735_000, 7_027_000, 100), **QPV))
    assert "--crs" in refused(path)


def test_a_shapefile_in_metres_without_its_system(
    refused: Callable[..., str], tmp_path: Path
) -> None:
    path = layer(tmp_path / "qpv.shp", square(735_000, 7_027_000, 100), crs="EPSG:2154")
    path.with_suffix(".prj").unlink()
    assert "n’est pas indiqué" in refused(path)


def test_a_coordinate_system_that_does_not_exist(
    refused: Callable[..., str], geojson: Write
) -> None:
    message = refused(geojson(feature(square(3.5, 50.3), **QPV)), "--crs", "EPSG:1")
    assert "EPSG:1" in message


def test_latitude_before_longitude(refused: Callable[..., str], geojson: Write) -> None:
    assert "inversées" in refused(geojson(feature(square(50.3, 3.5), **QPV)))


@pytest.mark.parametrize("missing", [".shx", ".dbf"])
def test_an_incomplete_shapefile(refused: Callable[..., str], tmp_path: Path, missing: str) -> None:
    path = layer(tmp_path / "qpv.shp", square(3.5, 50.3))
    path.with_suffix(missing).unlink()
    assert missing in refused(path)


def test_a_piece_of_a_shapefile(refused: Callable[..., str], tmp_path: Path) -> None:
    path = layer(tmp_path / "qpv.shp", square(3.5, 50.3))
    assert "morceau" in refused(path.with_suffix(".dbf"))


def test_a_shapefile_cut_half_way(refused: Callable[..., str], tmp_path: Path) -> None:
    path = layer(tmp_path / "qpv.shp", square(3.5, 50.3))
    path.with_suffix(".shx").write_bytes(path.with_suffix(".shx").read_bytes()[:40])
    refused(path)


def test_a_database_that_is_not_a_geopackage(refused: Callable[..., str], tmp_path: Path) -> None:
    import sqlite3

    with sqlite3.connect(tmp_path / "x.gpkg") as base:
        base.execute("CREATE TABLE a (b)")
    base.close()
    refused(tmp_path / "x.gpkg")


def test_a_geopackage_cut_half_way(refused: Callable[..., str], tmp_path: Path) -> None:
    path = layer(tmp_path / "qpv.gpkg", square(3.5, 50.3))
    path.write_bytes(path.read_bytes()[:20_000])
    refused(path)


def test_a_geopackage_without_the_layer_asked_for(
    refused: Callable[..., str], tmp_path: Path
) -> None:
    path = layer(tmp_path / "qpv.gpkg", square(3.5, 50.3))
    assert "Couches : qpv" in refused(path, "--layer", "routes")


def test_a_zip_without_a_map(refused: Callable[..., str], tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("lisez-moi.txt", "bonjour")
    assert "ne contient pas de fichier géographique" in refused(tmp_path / "x.zip")


def test_a_zip_of_several_maps(refused: Callable[..., str], tmp_path: Path) -> None:
    folder = tmp_path / "dossier"
    folder.mkdir()
    layer(folder / "un.shp", square(3.5, 50.3))
    layer(folder / "deux.shp", square(3.6, 50.3))
    message = refused(zipped(folder, tmp_path / "x.zip"))
    assert "deux, un" in message
    assert "--layer" in message


def test_a_zip_cut_half_way(refused: Callable[..., str], tmp_path: Path) -> None:
    folder = tmp_path / "dossier"
    folder.mkdir()
    layer(folder / "un.shp", square(3.5, 50.3))
    path = zipped(folder, tmp_path / "x.zip")
    path.write_bytes(path.read_bytes()[:300])
    assert "abîmée" in refused(path)


def test_a_zip_whose_content_was_altered(refused: Callable[..., str], tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("x.geojson", json.dumps({"type": "FeatureCollection", "features": []}))
    content = (tmp_path / "x.zip").read_bytes()
    (tmp_path / "x.zip").write_bytes(content.replace(b"Collection", b"Cullection", 1))
    assert "abîmée" in refused(tmp_path / "x.zip")


def test_a_zip_bomb(refused: Callable[..., str], tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.shp", b"\0" * (12 * 1024 * 1024))
    assert "anormale" in refused(tmp_path / "x.zip")


def test_a_zip_of_too_many_bytes(
    refused: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacking, "MAX_BYTES", 1_000)
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("x.shp", b"\0" * 1_001)
    assert "anormale" in refused(tmp_path / "x.zip")


def test_a_zip_of_too_many_files(
    refused: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacking, "MAX_MEMBERS", 3)
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        for number in range(4):
            archive.writestr(f"{number}.txt", "")
    assert "plus de 3 fichiers" in refused(tmp_path / "x.zip")


@pytest.mark.parametrize("name", ["../../x.shp", "/etc/x.shp", "C:\\x.shp", "a/../../x.geojson"])
def test_a_zip_that_would_write_elsewhere(
    refused: Callable[..., str], tmp_path: Path, name: str
) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr(name, "{}")
    assert "chemin interdit" in refused(tmp_path / "x.zip")


def test_a_zip_with_a_password(refused: Callable[..., str], tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("x.geojson", "{}")
    content = bytearray((tmp_path / "x.zip").read_bytes())
    # The flag of encryption, in the header of the file and in the directory of the archive.
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "x.zip").write_bytes(content)
    assert "mot de passe" in refused(tmp_path / "x.zip")


def test_a_zip_in_a_zip(refused: Callable[..., str], tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "inner.zip", "w") as archive:
        archive.writestr("x.geojson", "{}")
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.write(tmp_path / "inner.zip", "x.geojson")
    assert "en contient une autre" in refused(tmp_path / "x.zip")


def test_a_validity_that_would_end_before_it_starts(
    refused: Callable[..., str], geojson: Write
) -> None:
    path = geojson(feature(square(3.5, 50.3), code_qp="QP059001", nom_qp="Ancien"))
    assert "après la fin de validité" in refused(path, "--valid-from", "2024-06-01")


def test_a_file_that_may_not_be_read(
    refused: Callable[..., str], geojson: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = geojson(feature(square(3.5, 50.3), **QPV))

    def denied(*words: object, **options: object) -> object:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    assert "ne peut pas être lu" in refused(path)


def test_no_folder_is_left_behind_by_a_refusal(
    refused: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("x.geojson", "{")
    refused(tmp_path / "x.zip")
    assert list((tmp_path / "tmp").iterdir()) == []
    shutil.rmtree(tmp_path / "tmp")
