"""The official files, as published, come in whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from parvis.places.locate import locate
from parvis.places.models import Commune, Quartier

pytestmark = pytest.mark.django_db
Run = Callable[..., str]


def test_the_15_quartiers_of_valenciennes_metropole(parvis: Run, open_data: Path) -> None:
    said = parvis("import_quartiers", open_data / "qpv" / "qpv_2024_valenciennes_metropole.geojson")
    assert "15 créés, 0 modifiés, 0 inchangés, 0 écartés" in said
    rives = Quartier.objects.get(code="QN05921M")
    codes = rives.communes.order_by("code").values_list("code", flat=True)
    assert list(codes) == ["59014", "59079", "59112", "59491", "59606"]
    assert Quartier.objects.filter(generation=2024).count() == 15


def test_the_1584_quartiers_of_france_then_nothing_to_change(parvis: Run, open_data: Path) -> None:
    path = open_data / "qpv" / "qpv_2024_france.geojson"
    assert "1584 créés, 0 modifiés, 0 inchangés, 0 écartés" in parvis("import_quartiers", path)
    assert Quartier.objects.count() == 1584
    assert Quartier.objects.filter(name__iexact="centre ville").count() > 1
    said = parvis("import_quartiers", path)
    assert "0 créés, 0 modifiés, 1584 inchangés, 0 écartés" in said


def test_the_648_communes_of_nord_then_nothing_to_change(parvis: Run, open_data: Path) -> None:
    path = open_data / "communes" / "communes_nord_59.geojson"
    assert "648 créés, 0 modifiés, 0 inchangés, 0 écartés" in parvis("import_communes", path)
    assert "0 créés, 0 modifiés, 648 inchangés" in parvis("import_communes", path)
    assert Commune.objects.get(code="59070").epci_siren == ""


def test_a_quartier_over_two_epci_is_found_on_both_sides(parvis: Run, open_data: Path) -> None:
    parvis("import_communes", open_data / "communes" / "communes_nord_59.geojson")
    parvis("import_quartiers", open_data / "qpv" / "qpv_2024_valenciennes_metropole.geojson")
    verrerie = Quartier.objects.get(code="QN05920M")
    sides = set(verrerie.communes.values_list("epci_siren", flat=True))
    assert sides == {"245901160", "200042190"}
    seen = set()
    steps = 60
    for row in range(steps):
        for column in range(steps):
            latitude = verrerie.south + (verrerie.north - verrerie.south) * row / steps
            longitude = verrerie.west + (verrerie.east - verrerie.west) * column / steps
            found = locate(latitude, longitude)
            if any(ref.code == "QN05920M" and ref.inside for ref in found.quartiers):
                assert found.commune is not None
                seen.add(found.commune.epci_siren)
    assert seen == sides
