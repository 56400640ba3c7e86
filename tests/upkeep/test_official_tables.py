"""Official figures of the communes, turned into a landlord's table, come in whole."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from parvis.places.models import Residence
from tests.places.conftest import fresh_atlas, open_data, parvis
from tests.upkeep.files import as_xlsx

__all__ = ["fresh_atlas", "open_data", "parvis"]

pytestmark = pytest.mark.django_db


def test_a_residence_at_each_town_s_centre_is_placed_in_that_town(
    parvis: Callable[..., str], open_data: Path, tmp_path: Path
) -> None:
    folder = open_data / "communes"
    parvis("import_communes", folder / "communes_nord_59.geojson")
    with (folder / "communes_valenciennes_metropole.csv").open(encoding="utf-8") as file:
        towns = list(csv.DictReader(file))
    header = ("Code", "Nom", "Commune", "Lat", "Lon")
    rows = [
        (f"R{town['code_insee']}", town["nom"], town["nom"], float(town["lat"]), float(town["lon"]))
        for town in towns
    ]
    said = parvis("import_residences", as_xlsx(tmp_path / "parc.xlsx", header, *rows))
    assert f"{len(towns)} créées, 0 modifiées, 0 inchangées, 0 écartées" in said
    assert "la position est à" not in said  # the centre of each lies inside its official outline
    placed = dict(Residence.objects.values_list("code", "commune__code"))
    assert placed == {f"R{town['code_insee']}": town["code_insee"] for town in towns}
