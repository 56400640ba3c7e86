"""What the importers keep, repair, create and say."""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy
import pyogrio.raw
import pytest
import shapely
from django.core.management.base import CommandError
from pyproj import Transformer
from shapely.geometry import shape

from parvis.places import atlas_version
from parvis.places.importing.columns import find_columns, paired_communes
from parvis.places.models import Commune, Quartier
from tests.places.conftest import feature, quartier, square

pytestmark = pytest.mark.django_db
Run = Callable[..., str]
Write = Callable[..., Path]

VERRERIE = {"code_qp": "QN05920M", "nom_qp": "Verrerie - Square République"}
TWO_COMMUNES = {
    "insee_com": "59014,59491",
    "nom_com": "Anzin, Raismes",
    "siren_epci": "245901160,200042190",
    "nom_epci": "CA Valenciennes Métropole, CA de la Porte du Hainaut",
}
BOW_TIE = {
    "type": "Polygon",
    "coordinates": [[[3.5, 50.3], [3.51, 50.31], [3.51, 50.3], [3.5, 50.31], [3.5, 50.3]]],
}


def test_a_quartier_comes_in_with_its_generation_bounds_and_validity(
    parvis: Run, geojson: Write
) -> None:
    said = parvis("import_quartiers", geojson(feature(square(3.5, 50.3), **VERRERIE)))
    made = Quartier.objects.get()
    assert (made.code, made.name, made.kind) == ("QN05920M", "Verrerie - Square République", "qpv")
    assert (made.generation, made.valid_from, made.valid_until) == (2024, date(2024, 1, 1), None)
    assert (made.west, made.south, made.east, made.north) == (3.5, 50.3, 3.51, 50.31)
    assert not made.schematic
    assert "1 créés, 0 modifiés, 0 inchangés, 0 écartés" in said


@pytest.mark.parametrize(
    ("code", "generation", "start", "end"),
    [
        ("QP059001", 2015, date(2015, 1, 1), date(2023, 12, 31)),
        ("QP971001", 2015, date(2015, 1, 1), date(2024, 12, 31)),
        ("QN02A01M", 2024, date(2024, 1, 1), None),
        ("QN97101M", 2024, date(2025, 1, 1), None),
    ],
)
def test_a_code_tells_the_generation_and_when_it_is_in_force(
    parvis: Run, geojson: Write, code: str, generation: int, start: date, end: date | None
) -> None:
    parvis("import_quartiers", geojson(feature(square(3.5, 50.3), code_qp=code)))
    made = Quartier.objects.get(code=code)
    assert (made.generation, made.valid_from, made.valid_until) == (generation, start, end)


def test_a_local_territory_has_a_free_code_and_no_generation(parvis: Run, geojson: Write) -> None:
    path = geojson(feature(square(3.5, 50.3), code="Centre-1", nom="Centre"))
    parvis("import_quartiers", path, "--kind", "local", "--valid-from", "2026-03-01")
    made = Quartier.objects.get()
    assert (made.code, made.kind, made.generation) == ("Centre-1", "local", None)
    assert made.valid_from == date(2026, 3, 1)


def test_a_second_run_changes_nothing_and_says_so(parvis: Run, geojson: Write) -> None:
    path = geojson(feature(square(3.5, 50.3), **VERRERIE, **TWO_COMMUNES))
    parvis("import_quartiers", path)
    before = atlas_version.current()
    assert "0 créés, 0 modifiés, 1 inchangés" in parvis("import_quartiers", path)
    assert atlas_version.current() == before


def test_a_moved_outline_is_a_change_and_raises_the_version(parvis: Run, geojson: Write) -> None:
    parvis("import_quartiers", geojson(feature(square(3.5, 50.3), **VERRERIE)))
    before = atlas_version.current()
    path = geojson(feature(square(3.6, 50.3), **VERRERIE))
    assert "0 créés, 1 modifiés, 0 inchangés" in parvis("import_quartiers", path)
    assert Quartier.objects.get().west == 3.6
    assert atlas_version.current() == before + 1


def test_an_official_outline_replaces_a_schematic_one(parvis: Run, geojson: Write) -> None:
    quartier("QN05920M", "Verrerie", square(3.4, 50.3), schematic=True)
    parvis("import_quartiers", geojson(feature(square(3.5, 50.3), **VERRERIE)))
    assert not Quartier.objects.get().schematic


def test_dates_set_by_hand_outlive_a_second_import(parvis: Run, geojson: Write) -> None:
    path = geojson(feature(square(3.5, 50.3), **VERRERIE))
    parvis("import_quartiers", path)
    Quartier.objects.update(valid_until=date(2030, 12, 31))
    assert "1 inchangés" in parvis("import_quartiers", path)
    assert Quartier.objects.get().valid_until == date(2030, 12, 31)


def test_a_dry_run_says_what_would_change_and_keeps_nothing(parvis: Run, geojson: Write) -> None:
    path = geojson(feature(square(3.5, 50.3), **VERRERIE, **TWO_COMMUNES))
    said = parvis("import_quartiers", path, "--dry-run")
    assert "rien n’est enregistré" in said
    assert "1 créés" in said
    assert not Quartier.objects.exists()
    assert not Commune.objects.exists()
    assert atlas_version.current() == 0


# --- Communes of a quartier ------------------------------------------------------------------


def test_communes_that_nobody_loaded_are_created_without_outline(
    parvis: Run, geojson: Write
) -> None:
    said = parvis(
        "import_quartiers", geojson(feature(square(3.5, 50.3), **VERRERIE, **TWO_COMMUNES))
    )
    found = Quartier.objects.get().communes.order_by("code").values_list("code", "name", "outline")
    assert list(found) == [("59014", "Anzin", None), ("59491", "Raismes", None)]
    assert "Communes créées sans contour : 2" in said


def test_two_epci_in_one_cell_are_given_to_no_commune(parvis: Run, geojson: Write) -> None:
    parvis("import_quartiers", geojson(feature(square(3.5, 50.3), **VERRERIE, **TWO_COMMUNES)))
    assert set(Commune.objects.values_list("epci_siren", "epci_name")) == {("", "")}


def test_a_single_epci_is_the_one_of_the_communes(parvis: Run, geojson: Write) -> None:
    more = TWO_COMMUNES | {"siren_epci": "245901160", "nom_epci": "CA Valenciennes Métropole"}
    parvis("import_quartiers", geojson(feature(square(3.5, 50.3), **VERRERIE, **more)))
    assert set(Commune.objects.values_list("epci_siren", flat=True)) == {"245901160"}


def test_communes_already_loaded_keep_their_name_and_outline(parvis: Run, geojson: Write) -> None:
    Commune.objects.create(code="59014", name="Anzin-lès-Bois", outline=square(3.5, 50.3))
    parvis("import_quartiers", geojson(feature(square(3.5, 50.3), **VERRERIE, **TWO_COMMUNES)))
    anzin = Commune.objects.get(code="59014")
    assert (anzin.name, anzin.outline) == ("Anzin-lès-Bois", square(3.5, 50.3))


def test_a_quartier_that_left_a_commune_is_no_longer_linked_to_it(
    parvis: Run, geojson: Write
) -> None:
    parvis("import_quartiers", geojson(feature(square(3.5, 50.3), **VERRERIE, **TWO_COMMUNES)))
    path = geojson(feature(square(3.5, 50.3), **VERRERIE, insee_com="59014", nom_com="Anzin"))
    assert "1 modifiés" in parvis("import_quartiers", path)
    assert [item.code for item in Quartier.objects.get().communes.all()] == ["59014"]


def test_a_file_silent_on_communes_leaves_them_as_they_are(parvis: Run, geojson: Write) -> None:
    parvis("import_quartiers", geojson(feature(square(3.5, 50.3), **VERRERIE, **TWO_COMMUNES)))
    said = parvis("import_quartiers", geojson(feature(square(3.5, 50.3), **VERRERIE)))
    assert "1 inchangés" in said
    assert Quartier.objects.get().communes.count() == 2


def test_a_row_that_names_no_commune_is_told(parvis: Run, geojson: Write) -> None:
    said = parvis("import_quartiers", geojson(feature(square(3.5, 50.3), **VERRERIE)))
    assert "ne dit pas dans quelle commune" in said


@pytest.mark.parametrize(
    ("codes", "names", "expected", "matching"),
    [
        ("59014", "Anzin", [("59014", "Anzin")], True),
        ("59014", "Anzin, la belle", [("59014", "Anzin, la belle")], True),
        ("59014;59491", "Anzin; Raismes", [("59014", "Anzin"), ("59491", "Raismes")], True),
        ("59014,59491", "Anzin, la belle, Raismes", [("59014", ""), ("59491", "")], False),
        ("59014, 59491", "Anzin", [("59014", ""), ("59491", "")], False),
        ("59014 59014", "Anzin", [("59014", "Anzin")], True),
        ("1053", "Bourg-en-Bresse", [("01053", "Bourg-en-Bresse")], True),
        ("2A004", "", [("2A004", "")], True),
    ],
)
def test_codes_and_names_of_communes_are_paired_without_guessing(
    codes: str, names: str, expected: list[tuple[str, str]], matching: bool
) -> None:
    assert paired_communes(codes, names) == (expected, matching)


def test_names_that_do_not_match_the_codes_are_told(parvis: Run, geojson: Write) -> None:
    more = TWO_COMMUNES | {"nom_com": "Anzin"}
    path = geojson(feature(square(3.5, 50.3), **VERRERIE, **more))
    assert "ne vont pas par deux" in parvis("import_quartiers", path)
    assert set(Commune.objects.values_list("name", flat=True)) == {"59014", "59491"}
    parvis("import_quartiers", geojson(feature(square(3.5, 50.3), **VERRERIE, **TWO_COMMUNES)))
    assert set(Commune.objects.values_list("name", flat=True)) == {"Anzin", "Raismes"}


def test_two_quartiers_of_the_same_name_stay_apart(parvis: Run, geojson: Write) -> None:
    parvis(
        "import_quartiers",
        geojson(
            feature(square(3.5, 50.3), code_qp="QN05924M", nom_qp="Centre Ville"),
            feature(square(3.6, 50.3), code_qp="QN05925M", nom_qp="Centre Ville"),
        ),
    )
    assert Quartier.objects.filter(name="Centre Ville").count() == 2


# --- Faulty rows -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("faulty", "reason"),
    [
        (feature(None, code_qp="QN05921M"), "aucun contour"),
        (feature({"type": "Polygon", "coordinates": []}, code_qp="QN05921M"), "contour vide"),
        (feature({"type": "Polygon", "coordinates": [[[1]]]}, code_qp="QN05921M"), "illisible"),
        (feature({"type": "Cercle", "rayon": 1}, code_qp="QN05921M"), "illisible"),
        (feature({"type": "Point", "coordinates": [3.5, 50.3]}, code_qp="QN05921M"), "des points"),
        (feature(square(3.5, 95), code_qp="QN05921M"), "hors du globe"),
        (feature(square(3.5, 50.3, 0), code_qp="QN05921M"), "aucune surface"),
        (feature(square(3.5, 50.3), code_qp=None), "aucun code"),
        (feature(square(3.5, 50.3), code_qp="59014"), "pas un code de QPV"),
        (feature(square(3.5, 50.3), code_qp="QN05920M"), "déjà donné"),
        (feature(square(3.5, 50.3), code_qp="QN05921M", nom_qp="é" * 201), "dépasse 200"),
        (feature(square(3.5, 50.3), code_qp="QN05921M", nom_qp="a\0b"), "illisibles"),
        (feature(square(3.5, 50.3), code_qp="QN05921M", nom_qp={"fr": "a"}), "structure"),
        (feature(square(3.5, 50.3), code_qp="QN05921M", insee_com="Anzin"), "code INSEE"),
        ("une chaîne", "aucun contour"),
        (None, "aucun contour"),
    ],
)
def test_a_faulty_row_is_left_aside_with_its_number_and_the_others_come_in(
    parvis: Run, geojson: Write, faulty: Any, reason: str
) -> None:
    path = geojson(
        feature(square(3.5, 50.3), **VERRERIE),
        faulty,
        feature(square(3.6, 50.3), code_qp="QN05930M", nom_qp="Autre"),
    )
    said = parvis("import_quartiers", path)
    assert "Ligne 2" in said
    assert reason in said or "aucun code" in said
    assert "2 créés, 0 modifiés, 0 inchangés, 1 écartés" in said
    assert Quartier.objects.count() == 2


def test_a_lone_surrogate_in_a_name_is_left_aside(parvis: Run, geojson: Write) -> None:
    path = geojson(feature(square(3.5, 50.3), **VERRERIE), feature(square(3.6, 50.3)))
    bad = (
        '{"type":"Feature","properties":{"code_qp":"QN05921M","nom_qp":"\\ud800"},"geometry":null}'
    )
    path.write_text(path.read_text("utf-8")[:-2] + f",{bad}]}}", encoding="utf-8")
    assert "Ligne 3" in parvis("import_quartiers", path)


def test_a_code_held_by_another_kind_of_quartier_is_left_aside(parvis: Run, geojson: Write) -> None:
    quartier("QN05920M", "Verrerie", square(3.4, 50.3))
    path = geojson(
        feature(square(3.5, 50.3), **VERRERIE), feature(square(3.5, 50.3), code="N1", nom="N")
    )
    path = geojson(
        feature(square(3.5, 50.3), code="QN05920M"), feature(square(3.5, 50.3), code="N1")
    )
    said = parvis("import_quartiers", path, "--kind", "npnru")
    assert "déjà celui d’un autre" in said
    assert "1 créés" in said
    assert Quartier.objects.get(code="QN05920M").west is None


def test_nothing_comes_in_when_every_code_is_held_by_another_kind(
    parvis: Run, geojson: Write
) -> None:
    quartier("QN05920M", "Verrerie", square(3.4, 50.3))
    path = geojson(feature(square(3.5, 50.3), code="QN05920M", insee_com="59014"))
    with pytest.raises(CommandError, match="Aucune ligne"):
        parvis("import_quartiers", path, "--kind", "npnru")
    assert not Commune.objects.exists()


def test_crossed_rings_are_repaired_and_told(parvis: Run, geojson: Write) -> None:
    said = parvis("import_quartiers", geojson(feature(BOW_TIE, **VERRERIE)))
    kept = shape(Quartier.objects.get().outline)
    assert kept.is_valid
    assert kept.area == pytest.approx(0.00005)
    assert "QN05920M Verrerie - Square République : contour réparé" in said


def test_a_repaired_outline_is_unchanged_the_second_time(parvis: Run, geojson: Write) -> None:
    path = geojson(feature(BOW_TIE, **VERRERIE))
    parvis("import_quartiers", path)
    assert "1 inchangés" in parvis("import_quartiers", path)


def test_of_a_collection_only_the_surfaces_are_kept(parvis: Run, geojson: Write) -> None:
    line = {"type": "LineString", "coordinates": [[3.5, 50.3], [3.6, 50.3]]}
    mixed = {"type": "GeometryCollection", "geometries": [line, square(3.5, 50.3)]}
    parvis("import_quartiers", geojson(feature(mixed, **VERRERIE)))
    assert Quartier.objects.get().outline["type"] == "Polygon"


def test_heights_are_dropped(parvis: Run, geojson: Write) -> None:
    flat = square(3.5, 50.3)
    raised = {"type": "Polygon", "coordinates": [[[*p, 12.0] for p in flat["coordinates"][0]]]}
    parvis("import_quartiers", geojson(feature(raised, **VERRERIE)))
    assert len(Quartier.objects.get().outline["coordinates"][0][0]) == 2


# --- Kinds of files and coordinate systems ---------------------------------------------------


def lambert(geometry: dict[str, Any]) -> Any:
    """The same surface in Lambert 93."""
    project = Transformer.from_crs("EPSG:4326", "EPSG:2154", always_xy=True)
    return shapely.transform(
        shape(geometry), lambda points: numpy.column_stack(project.transform(*points.T))
    )


def save(path: Path, *, encoding: str = "utf-8", **columns: str) -> Path:
    """One square in Lambert 93, in the kind of file that the name says."""
    pyogrio.raw.write(
        path,
        numpy.array([shapely.to_wkb(lambert(square(3.5, 50.3)))], dtype=object),
        [numpy.array([value], dtype=object) for value in columns.values()],
        list(columns),
        geometry_type="Polygon",
        crs="EPSG:2154",
        encoding=encoding,
    )
    return path


def zipped(path: Path) -> Path:
    target = path.with_suffix(".zip")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("__MACOSX/._qpv.shp", b"junk")
        for piece in path.parent.glob(f"{path.stem}.*"):
            if piece != target:
                archive.write(piece, f"Périmètres/{piece.name.upper()}")
    return target


@pytest.mark.parametrize("kind", [".shp", ".gpkg", ".geojson", ".zip"])
def test_every_kind_of_file_is_brought_to_wgs84(parvis: Run, tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"qpv{kind if kind != '.zip' else '.shp'}"
    save(path, CODE_QP="QN05922M", LIB_QP="Cité Thiers", INSEE_COM="59112")
    parvis("import_quartiers", zipped(path) if kind == ".zip" else path)
    made = Quartier.objects.get()
    assert made.name == "Cité Thiers"
    assert (made.west, made.south) == (pytest.approx(3.5, abs=1e-6), pytest.approx(50.3, abs=1e-6))
    assert [item.code for item in made.communes.all()] == ["59112"]


@pytest.mark.parametrize("kind", [".gpkg", ".geojson"])
def test_any_accepted_file_may_come_zipped(parvis: Run, tmp_path: Path, kind: str) -> None:
    path = save(tmp_path / f"qpv{kind}", CODE_QP="QN05922M", LIB_QP="Cité Thiers")
    parvis("import_quartiers", zipped(path))
    assert Quartier.objects.get().name == "Cité Thiers"


def test_one_layer_of_a_zip_is_chosen_by_name(parvis: Run, tmp_path: Path) -> None:
    save(tmp_path / "metropole.shp", CODE_QP="QN05922M")
    save(tmp_path / "outremer.shp", CODE_QP="QN97101M")
    with zipfile.ZipFile(tmp_path / "qpv.zip", "w") as archive:
        for piece in tmp_path.glob("*.*"):
            if piece.suffix != ".zip":
                archive.write(piece, piece.name)
    parvis("import_quartiers", tmp_path / "qpv.zip", "--layer", "outremer")
    assert Quartier.objects.get().code == "QN97101M"


def test_a_shapefile_without_declared_encoding_may_be_utf8(parvis: Run, tmp_path: Path) -> None:
    path = save(tmp_path / "qpv.shp", CODE_QP="QN05922M", LIB_QP="Cité Thiers")
    path.with_suffix(".cpg").unlink()
    table = path.with_suffix(".dbf")
    content = bytearray(table.read_bytes())
    content[29] = 0  # the byte that names the encoding
    table.write_bytes(content)
    assert "lu en UTF-8" in parvis("import_quartiers", path)
    assert Quartier.objects.get().name == "Cité Thiers"


def test_a_shapefile_in_latin_1_is_read_as_such(parvis: Run, tmp_path: Path) -> None:
    path = save(tmp_path / "qpv.shp", encoding="iso-8859-1", CODE_QP="QN05922M", LIB_QP="Cité")
    parvis("import_quartiers", path)
    assert Quartier.objects.get().name == "Cité"


def test_an_undeclared_system_may_be_given(parvis: Run, tmp_path: Path) -> None:
    path = save(tmp_path / "qpv.shp", CODE_QP="QN05922M")
    path.with_suffix(".prj").unlink()
    parvis("import_quartiers", path, "--crs", "EPSG:2154")
    assert Quartier.objects.get().west == pytest.approx(3.5, abs=1e-6)


def test_the_former_crs_member_of_geojson_is_read(parvis: Run, geojson: Write) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2154"}}
    drawn = shapely.geometry.mapping(lambert(square(3.5, 50.3)))
    parvis("import_quartiers", geojson(feature(drawn, **VERRERIE), crs=crs))
    assert Quartier.objects.get().west == pytest.approx(3.5, abs=1e-6)


def test_a_byte_order_mark_is_no_obstacle(parvis: Run, geojson: Write) -> None:
    path = geojson(feature(square(3.5, 50.3), **VERRERIE))
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    parvis("import_quartiers", path)
    assert Quartier.objects.exists()


@pytest.mark.parametrize("column", ["Code QP", "CODE_QP", "codéqp", "code-qpv"])
def test_columns_are_known_whatever_their_case_accents_and_signs(column: str) -> None:
    assert find_columns("quartier", ["x", column])["code"] == column


def test_the_more_precise_column_wins() -> None:
    assert find_columns("quartier", ["code", "code_qp"])["code"] == "code_qp"
    assert find_columns("commune", ["code", "INSEE_COM"])["code"] == "INSEE_COM"


# --- Communes --------------------------------------------------------------------------------


def test_a_commune_comes_in_with_what_the_file_knows(parvis: Run, geojson: Write) -> None:
    path = geojson(
        feature(
            square(3.5, 50.3),
            code="59014",
            nom="Anzin",
            siren=215900143,
            population="13 183",
            siren_epci="245901160",
            nom_epci="CA Valenciennes Métropole",
        )
    )
    parvis("import_communes", path)
    anzin = Commune.objects.get()
    assert (anzin.code, anzin.name, anzin.siren) == ("59014", "Anzin", "215900143")
    assert (anzin.population, anzin.epci_siren) == (13183, "245901160")
    assert anzin.outline == square(3.5, 50.3)


def test_a_commune_created_by_a_quartier_gets_its_outline(parvis: Run, geojson: Write) -> None:
    parvis("import_quartiers", geojson(feature(square(3.5, 50.3), **VERRERIE, **TWO_COMMUNES)))
    before = Commune.objects.get(code="59014").pk
    parvis("import_communes", geojson(feature(square(3.4, 50.2), code="59014", nom="Anzin")))
    anzin = Commune.objects.get(code="59014")
    assert (anzin.pk, anzin.outline) == (before, square(3.4, 50.2))


def test_blank_cells_erase_nothing(parvis: Run, geojson: Write) -> None:
    full = {"code": "59014", "nom": "Anzin", "population": 13183, "siren_epci": "245901160"}
    blank = {"code": "59014", "nom": "", "population": None, "siren_epci": ""}
    parvis("import_communes", geojson(feature(square(3.5, 50.3), **full)))
    said = parvis("import_communes", geojson(feature(square(3.5, 50.3), **blank)))
    assert "1 inchangés" in said
    assert Commune.objects.get().name == "Anzin"


def test_a_postal_code_is_no_code_of_a_commune(parvis: Run, geojson: Write) -> None:
    with pytest.raises(CommandError, match="Aucune colonne"):
        parvis("import_communes", geojson(feature(square(3.5, 50.3), code_postal="59300")))


def test_a_leading_zero_lost_by_a_spreadsheet_is_put_back(parvis: Run, geojson: Write) -> None:
    parvis("import_communes", geojson(feature(square(5.2, 46.2), code_insee=1053.0, nom="Bourg")))
    assert Commune.objects.get().code == "01053"


# --- Queries, terminal -----------------------------------------------------------------------


def many(count: int, side: float = 0.001) -> list[dict[str, Any]]:
    return [
        feature(
            square(2 + number / 100, 48, side),
            code_qp=f"QN{number:05}N",
            nom_qp=f"Quartier {number}",
            insee_com=f"59{number:03}",
            nom_com=f"Commune {number}",
        )
        for number in range(count)
    ]


def test_an_import_makes_as_many_queries_for_150_rows_as_for_10(
    parvis: Run, geojson: Write, django_assert_max_num_queries: Any
) -> None:
    for count in (10, 150):
        with django_assert_max_num_queries(16):
            parvis("import_quartiers", geojson(*many(count)))
        with django_assert_max_num_queries(16):
            parvis("import_quartiers", geojson(*many(count, side=0.002)))


def test_a_bar_is_drawn_on_a_terminal_only(
    parvis: Run, geojson: Write, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    path = geojson(feature(square(3.5, 50.3), **VERRERIE))
    parvis("import_quartiers", path)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    parvis("import_quartiers", path)
    assert "1/1" in capsys.readouterr().err


def test_a_date_that_is_none_is_refused_clearly(parvis: Run, geojson: Write) -> None:
    path = geojson(feature(square(3.5, 50.3), **VERRERIE))
    with pytest.raises(CommandError, match="n’est pas une date"):
        parvis("import_quartiers", path, "--valid-from", "01/01/2024")
