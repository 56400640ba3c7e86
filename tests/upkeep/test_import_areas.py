"""Who keeps up what, from a file: new areas begin, changed ones end and start again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management.base import CommandError
from django.utils import timezone

from parvis.upkeep.models import ManagedArea
from tests.cast import Cast
from tests.places.conftest import feature, geojson, parvis, square
from tests.upkeep.files import WRITERS, as_csv

__all__ = ["geojson", "parvis"]

Run = Callable[..., str]
HEADER = ("Nom", "Gestionnaire", "Propriétaire", "Thèmes", "Début", "Fin", "Commune", "Quartier")
SQUARE = ("Square Thiers", "Escaut Habitat", "Ville d’Anzin", "Propreté", "", "", "59014", "")
WKT = "POLYGON ((3.508 50.378, 3.512 50.378, 3.512 50.382, 3.508 50.382, 3.508 50.378))"


def today() -> date:
    return timezone.localdate()


@pytest.mark.parametrize("kind", WRITERS)
def test_a_row_begins_an_area(cast: Cast, parvis: Run, tmp_path: Path, kind: str) -> None:
    start = date(2024, 9, 1)
    row = (*SQUARE[:3], "Propreté ; Chauffage, eau, ventilation", start, "", "Anzin", "QN05921M")
    said = parvis("import_managed_areas", WRITERS[kind](tmp_path / f"espaces{kind}", HEADER, row))
    assert "Espaces gérés : 1 créés, 0 modifiés, 0 inchangés, 0 écartés." in said
    area = ManagedArea.objects.get(name="Square Thiers")
    assert (area.manager, area.owner) == (cast.landlord, cast.town)
    assert (area.commune, area.quartier, area.residence) == (cast.anzin, cast.rives, None)
    assert area.theme_codes == ["proprete", "chauffage_eau_ventilation"]
    assert (area.starts_on, area.ends_on) == (start, None)


def test_a_second_run_changes_nothing(cast: Cast, parvis: Run, tmp_path: Path) -> None:
    past = ("Ancien", *SQUARE[1:4], "2020-01-01", "2021-12-31", "59014", "")
    path = as_csv(tmp_path / "espaces.csv", HEADER, SQUARE, past)
    parvis("import_managed_areas", path)
    before = list(ManagedArea.objects.order_by("pk").values())
    assert "0 créés, 0 modifiés, 2 inchangés" in parvis("import_managed_areas", path)
    assert list(ManagedArea.objects.order_by("pk").values()) == before


def test_a_change_ends_what_ran_and_starts_another(cast: Cast, parvis: Run, tmp_path: Path) -> None:
    running = ManagedArea.objects.get(name="Voirie d’Anzin")
    row = ("Voirie d’Anzin", "Agglomération de l’Escaut", *[""] * 4, "Anzin", "")
    path = as_csv(tmp_path / "espaces.csv", HEADER, row)
    assert "0 créés, 1 modifiés" in parvis("import_managed_areas", path, "--from", "2026-03-01")
    running.refresh_from_db()
    assert (running.manager, running.ends_on) == (cast.town, date(2026, 2, 28))
    new = ManagedArea.objects.get(replaces=running)
    assert (new.manager, new.owner, new.starts_on) == (cast.agglomeration, None, date(2026, 3, 1))
    assert "0 créés, 0 modifiés, 1 inchangés" in parvis("import_managed_areas", path)


def test_a_row_that_says_from_when_starts_that_day(cast: Cast, parvis: Run, tmp_path: Path) -> None:
    soon = today() + timedelta(days=20)
    row = ("Voirie d’Anzin", "Escaut Habitat", "", "", soon, "", "59014", "")
    path = as_csv(tmp_path / "espaces.csv", HEADER, row)
    parvis("import_managed_areas", path)
    assert ManagedArea.objects.get(replaces__name="Voirie d’Anzin").starts_on == soon
    assert "1 inchangés" in parvis("import_managed_areas", path)
    assert ManagedArea.objects.filter(name="Voirie d’Anzin").count() == 2


def test_an_area_to_come_is_corrected_in_place(cast: Cast, parvis: Run, tmp_path: Path) -> None:
    soon = today() + timedelta(days=20)
    row = [*SQUARE[:4], soon, *SQUARE[5:]]
    parvis("import_managed_areas", as_csv(tmp_path / "espaces.csv", HEADER, row))
    row[3] = "Voirie et trottoirs"
    parvis("import_managed_areas", as_csv(tmp_path / "espaces.csv", HEADER, row))
    area = ManagedArea.objects.get(name="Square Thiers")
    assert (area.theme_codes, area.starts_on) == (["voirie"], soon)


def test_an_end_is_written_on_the_area_that_runs(cast: Cast, parvis: Run, tmp_path: Path) -> None:
    last = today() + timedelta(days=30)
    row = ("Voirie d’Anzin", "Ville d’Anzin", "Ville d’Anzin", "", "", last, "59014", "")
    path = as_csv(tmp_path / "espaces.csv", HEADER, row)
    assert "1 modifiés" in parvis("import_managed_areas", path)
    assert ManagedArea.objects.get(name="Voirie d’Anzin").ends_on == last
    assert "1 inchangés" in parvis("import_managed_areas", path)


def test_an_outline_comes_from_a_cell_or_from_a_map(
    cast: Cast, parvis: Run, tmp_path: Path, geojson: Callable[..., Path]
) -> None:
    header = ("nom", "gestionnaire", "wkt")
    path = as_csv(tmp_path / "espaces.csv", header, ("Pelouse", "Escaut Habitat", WKT))
    parvis("import_managed_areas", path)
    area = ManagedArea.objects.get(name="Pelouse")
    assert (area.west, area.north) == (3.508, 50.382)
    assert "1 inchangés" in parvis("import_managed_areas", path)
    drawn = feature(square(3.508, 50.378, 0.004), nom="Pelouse", gestionnaire="Escaut Habitat")
    assert "1 inchangés" in parvis("import_managed_areas", geojson(drawn))
    moved = feature(square(3.509, 50.378, 0.004), nom="Pelouse", gestionnaire="Escaut Habitat")
    assert "Le changement doit commencer après le début" in parvis(
        "import_managed_areas", geojson(moved)
    )
    tomorrow = (today() + timedelta(days=1)).isoformat()
    assert "1 modifiés" in parvis("import_managed_areas", geojson(moved), "--from", tomorrow)


def test_lambert_in_a_cell_is_told_by_its_number(cast: Cast, parvis: Run, tmp_path: Path) -> None:
    drawn = "SRID=2154;POLYGON ((735000 7031000, 735100 7031000, 735100 7031100, 735000 7031000))"
    row = ("Pelouse", "Escaut Habitat", drawn)
    parvis("import_managed_areas", as_csv(tmp_path / "e.csv", ("nom", "gestionnaire", "geom"), row))
    area = ManagedArea.objects.get(name="Pelouse")
    assert area.west is not None
    assert 3.4 < area.west < 3.6


def test_a_dry_run_keeps_nothing(cast: Cast, parvis: Run, tmp_path: Path) -> None:
    row = ("Voirie d’Anzin", "Escaut Habitat", *[""] * 4, "59014", "")
    path = as_csv(tmp_path / "espaces.csv", HEADER, SQUARE, row)
    before = list(ManagedArea.objects.order_by("pk").values())
    assert "1 créés, 1 modifiés" in parvis("import_managed_areas", path, "--dry-run")
    assert list(ManagedArea.objects.order_by("pk").values()) == before


FAULTY = {
    "aucun nom": ("", *SQUARE[1:]),
    "aucun gestionnaire": (SQUARE[0], "", *SQUARE[2:]),
    "« Inconnus » n’est pas connue": (SQUARE[0], "Inconnus", *SQUARE[2:]),
    "le thème « Jardinage lunaire »": (*SQUARE[:3], "Propreté, Jardinage lunaire", *SQUARE[4:]),
    "« hier » n’est pas une date": (*SQUARE[:4], "hier", *SQUARE[5:]),
    "la fin précède le début": (*SQUARE[:4], "2025-02-01", "2025-01-01", *SQUARE[6:]),
    "aucun contour, et ni commune": (*SQUARE[:6], "", ""),
    "le quartier QN00000M n’est pas connu": (*SQUARE[:7], "QN00000M"),
    "déjà donné plus haut": ("Autre", *SQUARE[1:]),
}


@pytest.mark.parametrize("why", FAULTY)
def test_a_faulty_row_is_told_and_the_others_come_in(
    cast: Cast, parvis: Run, tmp_path: Path, why: str
) -> None:
    good = ("Autre", *SQUARE[1:])
    said = parvis("import_managed_areas", as_csv(tmp_path / "e.csv", HEADER, good, FAULTY[why]))
    assert why in said
    assert "Ligne 3" in said
    assert "1 créés, 0 modifiés, 0 inchangés, 1 écartés" in said
    assert not ManagedArea.objects.filter(name="Square Thiers").exists()


def test_a_closed_organisation_takes_nothing_over(cast: Cast, parvis: Run, tmp_path: Path) -> None:
    cast.landlord.closed_on = today()
    cast.landlord.save()
    with pytest.raises(CommandError, match="Aucune ligne"):
        parvis("import_managed_areas", as_csv(tmp_path / "e.csv", HEADER, SQUARE))


@pytest.mark.parametrize("missing", [0, 1])
def test_a_file_without_name_or_manager_is_refused(
    cast: Cast, parvis: Run, tmp_path: Path, missing: int
) -> None:
    header = [*HEADER]
    header[missing] = "couleur"
    with pytest.raises(CommandError, match="Aucune colonne ne donne le"):
        parvis("import_managed_areas", as_csv(tmp_path / "e.csv", header, SQUARE))
