"""Landlords' files: residences, their doors and their holder, from any usual format."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy
import pyogrio.raw
import pytest
import shapely
from django.core.management.base import CommandError
from django.utils import timezone

from parvis.places.models import Building, Entrance, Residence
from parvis.upkeep import acts
from parvis.upkeep.models import Holding
from tests.cast import Cast
from tests.places.conftest import feature, geojson, parvis, square
from tests.upkeep.files import WRITERS, as_csv, as_xlsx

__all__ = ["geojson", "parvis"]

Run = Callable[..., str]
HEADER = ("Code résidence", "Nom", "Adresse", "Code INSEE", "Latitude", "Longitude", "Bailleur")
LILAS = ("LIL", "Les Lilas", "4 rue des Lilas", "59014", "50,381", "3,511", "Escaut Habitat")
PINS = ("PIN", "Les Pins", "", "59606", "50,382", "3,53", "Hainaut Logis")


@pytest.mark.parametrize("kind", WRITERS)
def test_a_table_of_any_kind_brings_residences_and_their_holder(
    cast: Cast, parvis: Run, tmp_path: Path, kind: str
) -> None:
    said = parvis("import_residences", WRITERS[kind](tmp_path / f"parc{kind}", HEADER, LILAS, PINS))
    assert "Résidences : 2 créées, 0 modifiées, 0 inchangées, 0 écartées." in said
    lilas = Residence.objects.get(code="LIL")
    assert (lilas.name, lilas.address, lilas.commune) == (
        "Les Lilas",
        "4 rue des Lilas",
        cast.anzin,
    )
    assert (lilas.latitude, lilas.longitude) == (50.381, 3.511)
    held = Holding.objects.get(residence=lilas)
    assert (held.organisation, held.starts_on) == (cast.landlord, timezone.localdate())
    assert held.ends_on is None


def test_a_second_run_changes_nothing_and_says_so(cast: Cast, parvis: Run, tmp_path: Path) -> None:
    header = (*HEADER, "Bâtiment", "Entrée")
    path = as_csv(tmp_path / "parc.csv", header, (*LILAS, "A", "1"), (*LILAS, "A", "2"))
    parvis("import_residences", path)
    before = list(Holding.objects.order_by("pk").values())
    assert "0 créées, 0 modifiées, 1 inchangées" in parvis("import_residences", path)
    assert list(Holding.objects.order_by("pk").values()) == before


def test_a_dry_run_says_what_would_change_and_keeps_nothing(
    cast: Cast, parvis: Run, tmp_path: Path
) -> None:
    path = as_csv(tmp_path / "parc.csv", HEADER, LILAS, ("TIL", "Autre nom", *[""] * 5))
    said = parvis("import_residences", path, "--dry-run")
    assert "rien n’est enregistré. Résidences : 1 créées, 1 modifiées" in said
    assert not Residence.objects.filter(code="LIL").exists()
    cast.tilleuls.refresh_from_db()
    assert cast.tilleuls.name == "Les Tilleuls"


def test_blank_cells_erase_nothing(cast: Cast, parvis: Run, tmp_path: Path) -> None:
    Residence.objects.filter(code="TIL").update(address="1 rue connue")
    path = as_csv(tmp_path / "parc.csv", HEADER, ("TIL", "Tilleuls rénovés", *[""] * 5))
    assert "1 modifiées" in parvis("import_residences", path)
    cast.tilleuls.refresh_from_db()
    assert (cast.tilleuls.name, cast.tilleuls.address) == ("Tilleuls rénovés", "1 rue connue")
    assert cast.tilleuls.commune == cast.anzin
    assert Holding.objects.get(residence=cast.tilleuls).organisation == cast.landlord


def test_a_new_landlord_takes_over_and_the_former_one_stays_readable(
    cast: Cast, parvis: Run, tmp_path: Path
) -> None:
    path = as_csv(
        tmp_path / "parc.csv",
        (*HEADER, "Depuis le"),
        ("TIL", *[""] * 5, "Hainaut Logis", "01/03/2026"),
    )
    assert "Résidences dont le bailleur est nouveau : 1." in parvis("import_residences", path)
    former, new = Holding.objects.filter(residence=cast.tilleuls).order_by("pk")
    assert (former.organisation, former.ends_on) == (cast.landlord, date(2026, 2, 28))
    assert (new.organisation, new.starts_on) == (cast.other_landlord, date(2026, 3, 1))
    assert "1 inchangées" in parvis("import_residences", path)


def test_what_was_in_force_is_not_rewritten(cast: Cast, parvis: Run, tmp_path: Path) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    Holding.objects.filter(residence=cast.tilleuls).update(
        starts_on=date(2020, 1, 1), ends_on=yesterday
    )
    row = ("TIL", *[""] * 5, "Hainaut Logis", "2019-01-01")
    late = ("TIL", *[""] * 5, "Hainaut Logis", "2021-01-01")
    for one, why in ((row, "la tient depuis le 01/01/2020"), (late, "l’a tenue jusqu’au")):
        path = as_csv(tmp_path / "parc.csv", (*HEADER, "Depuis le"), one, (*PINS, ""))
        assert why in parvis("import_residences", path)
        assert Holding.objects.get(residence=cast.tilleuls).ends_on == yesterday


def test_a_change_written_meanwhile_refuses_the_file_whole(
    cast: Cast, parvis: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*words: object, **options: object) -> None:
        raise acts.Refused("Un bailleur est déjà prévu.")

    monkeypatch.setattr(acts, "take_over", refused)
    path = as_csv(tmp_path / "parc.csv", HEADER, LILAS, ("TIL", *[""] * 5, "Hainaut Logis"))
    with pytest.raises(CommandError, match="TIL : Un bailleur est déjà prévu"):
        parvis("import_residences", path)
    assert not Residence.objects.filter(code="LIL").exists()


def test_a_landlord_named_once_holds_the_rows_that_name_nobody(
    cast: Cast, parvis: Run, tmp_path: Path
) -> None:
    cast.landlord.siren = "123456782"
    cast.landlord.save()
    path = as_csv(tmp_path / "parc.csv", HEADER, (*LILAS[:6], ""), PINS)
    parvis("import_residences", path, "--landlord", "123456782", "--since", "2020-05-01")
    held = Holding.objects.get(residence__code="LIL")
    assert (held.organisation, held.starts_on) == (cast.landlord, date(2020, 5, 1))
    assert Holding.objects.get(residence__code="PIN").organisation == cast.other_landlord


def test_doors_come_on_several_rows_of_one_code(cast: Cast, parvis: Run, tmp_path: Path) -> None:
    header = (*HEADER, "Bâtiment", "Entrée", "Adresse entrée")
    said = parvis(
        "import_residences",
        as_csv(
            tmp_path / "parc.csv",
            header,
            (*LILAS, "Bât A", "Hall 1", "4 rue des Lilas"),
            (*LILAS[:4], "50,3812", "3,5112", "", "Bât A", "Hall 2", "6 rue des Lilas"),
            (*LILAS, "Bât B", "", ""),
        ),
    )
    assert "Bâtiments créés : 2. Entrées créées : 2, modifiées : 0." in said
    lilas = Residence.objects.get(code="LIL")
    assert list(lilas.buildings.values_list("name", flat=True)) == ["Bât A", "Bât B"]
    second = Entrance.objects.get(name="Hall 2")
    assert (second.address, second.latitude) == ("6 rue des Lilas", 50.3812)
    assert lilas.latitude == 50.381


def test_doors_that_are_gone_from_the_file_stay(cast: Cast, parvis: Run, tmp_path: Path) -> None:
    header = ("code", "batiment", "entree")
    parvis("import_residences", as_csv(tmp_path / "parc.csv", header, ("TIL", "B", "1")))
    names = Building.objects.filter(residence=cast.tilleuls).values_list("name", flat=True)
    assert set(names) == {"Bâtiment A", "B"}


def test_a_drawn_residence_keeps_its_outline_and_stands_inside_it(
    cast: Cast, parvis: Run, geojson: Callable[..., Path]
) -> None:
    drawn = feature(square(3.505, 50.38, 0.004), code="LIL", nom="Les Lilas")
    parvis("import_residences", geojson(drawn))
    lilas = Residence.objects.get(code="LIL")
    assert (lilas.west, lilas.north) == (3.505, 50.384)
    assert (lilas.latitude, lilas.longitude) == (50.382, 3.507)
    assert lilas.commune == cast.anzin  # told by where it stands


@pytest.mark.parametrize("suffix", [".gpkg", ".shp"])
def test_points_of_a_map_in_metres(cast: Cast, parvis: Run, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"parc{suffix}"
    pyogrio.raw.write(
        path,
        numpy.array([shapely.to_wkb(shapely.Point(735_000, 7_031_000))], dtype=object),
        [numpy.array([value], dtype=object) for value in ("LIL", "Les Lilas", "Anzin")],
        ["code", "nom", "commune"],
        geometry_type="Point",
        crs="EPSG:2154",
        encoding="utf-8",
    )
    parvis("import_residences", path)
    lilas = Residence.objects.get(code="LIL")
    assert (round(lilas.latitude, 2), round(lilas.longitude, 2)) == (50.38, 3.49)


def test_metres_in_a_table_need_their_system(cast: Cast, parvis: Run, tmp_path: Path) -> None:
    row = ("LIL", "Les Lilas", "Anzin", "735000,5", "7031000,5")
    path = as_csv(tmp_path / "parc.csv", ("code", "nom", "commune", "x", "y"), row)
    with pytest.raises(CommandError, match="--crs EPSG:2154"):
        parvis("import_residences", path)
    parvis("import_residences", path, "--crs", "EPSG:2154")
    assert round(Residence.objects.get(code="LIL").latitude, 2) == 50.38


def test_a_point_next_door_to_the_commune_told_is_kept_and_said(
    cast: Cast, parvis: Run, tmp_path: Path
) -> None:
    row = (*LILAS[:3], "59491", "50,388", "3,51", "")
    said = parvis("import_residences", as_csv(tmp_path / "parc.csv", HEADER, row))
    assert "LIL : la position est à Anzin, la ligne dit Raismes" in said
    assert Residence.objects.get(code="LIL").commune == cast.raismes


FAULTY: dict[str, tuple[Any, ...]] = {
    "aucun code": ("", *LILAS[1:]),
    "déjà donné plus haut": PINS,
    "la commune 59999 n’est pas connue": (*LILAS[:3], "59999", *LILAS[4:]),
    "« Lille » n’est pas un code INSEE": (*LILAS[:3], "Lille", *LILAS[4:]),
    "aucune position": (*LILAS[:4], "", "", ""),
    "position incomplète": (*LILAS[:4], "50,38", "", ""),
    "« Latitude » ne contient pas un nombre": (*LILAS[:4], "50° N", "3,51", ""),
    "« Longitude » ne contient pas un nombre": (*LILAS[:4], "50.1", "nan", ""),
    "hors du globe": (*LILAS[:4], "95", "3,51", ""),
    "la latitude et la longitude sont inversées": (*LILAS[:4], "3,51", "50,38", ""),
    "position hors de France": (*LILAS[:4], "35", "3,51", ""),
    "« Logis d’ailleurs » n’est pas connue": (*LILAS[:6], "Logis d’ailleurs"),
    "contient une formule": ("LIL", '=HYPERLINK("http://exemple.test")', *LILAS[2:]),
    "l’erreur de calcul #REF!": ("LIL", "#REF!", *LILAS[2:]),
    "caractères illisibles": ("LIL", "Les \x07Lilas", *LILAS[2:]),
    "dépasse 120 caractères": ("LIL", "L" * 121, *LILAS[2:]),
    "la ligne est coupée": LILAS[:4],
    "plus de cellules que le tableau": (*LILAS, "de trop"),
}


@pytest.mark.parametrize("why", FAULTY)
def test_a_faulty_row_is_told_and_the_others_come_in(
    cast: Cast, parvis: Run, tmp_path: Path, why: str
) -> None:
    said = parvis("import_residences", as_csv(tmp_path / "parc.csv", HEADER, PINS, FAULTY[why]))
    assert why in said
    assert "Ligne 3" in said
    assert "1 créées, 0 modifiées, 0 inchangées, 1 écartées" in said
    assert not Residence.objects.filter(code="LIL").exists()


def test_a_stray_row_moves_no_residence_that_is_known(
    cast: Cast, parvis: Run, tmp_path: Path
) -> None:
    parvis("import_residences", as_csv(tmp_path / "parc.csv", HEADER, PINS, LILAS))
    before = Residence.objects.get(code="LIL").latitude
    swapped = (*LILAS[:4], LILAS[5], LILAS[4], *LILAS[6:])
    said = parvis("import_residences", as_csv(tmp_path / "parc.csv", HEADER, PINS, swapped))
    assert "Ligne 3 (LIL) écartée : la latitude et la longitude sont inversées" in said
    assert Residence.objects.get(code="LIL").latitude == before


def test_the_sheet_is_chosen_when_a_workbook_has_several(
    cast: Cast, parvis: Run, tmp_path: Path
) -> None:
    path = as_xlsx(tmp_path / "parc.xlsx", HEADER, LILAS, Notes=[("lisez-moi", "ceci")])
    with pytest.raises(CommandError, match=r"plusieurs feuilles : Feuille, Notes.*--layer"):
        parvis("import_residences", path)
    with pytest.raises(CommandError, match="pas de feuille « Autre »"):
        parvis("import_residences", path, "--layer", "Autre")
    assert "1 créées" in parvis("import_residences", path, "--layer", "Feuille")


def test_a_table_in_another_encoding_is_read_when_it_is_told(
    cast: Cast, parvis: Run, tmp_path: Path
) -> None:
    row = ("ÉRA", "Les Érables", *LILAS[2:])
    path = as_csv(tmp_path / "parc.csv", HEADER, row, encoding="cp1252")
    with pytest.raises(CommandError, match="--encoding cp1252"):
        parvis("import_residences", path)
    parvis("import_residences", path, "--encoding", "cp1252")
    assert Residence.objects.get(code="ÉRA").name == "Les Érables"


def test_queries_do_not_grow_with_the_rows(
    cast: Cast, parvis: Run, tmp_path: Path, django_assert_max_num_queries: Any
) -> None:
    rows = [(f"R{number}", *LILAS[1:], "A", "1") for number in range(150)]
    path = as_csv(tmp_path / "parc.csv", (*HEADER, "Bâtiment", "Entrée"), *rows)
    with django_assert_max_num_queries(30):
        assert "150 créées" in parvis("import_residences", path)
