"""Rules that the database keeps, and residences with their inside."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django import forms
from django.db import IntegrityError, transaction

from parvis.places.choices import offer_quartiers
from parvis.places.models import Building, Commune, Entrance, Inside, Quartier, Residence
from tests.places.conftest import commune, quartier, square

pytestmark = pytest.mark.django_db


def test_no_place_inside_is_a_dwelling() -> None:
    assert not {"dwelling", "flat", "logement"} & set(Inside.values)


def refuses(**values: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Quartier.objects.create(**values)


def test_a_quartier_does_not_end_before_it_starts() -> None:
    dates = {"valid_from": date(2024, 1, 1), "valid_until": date(2023, 12, 31)}
    refuses(code="A", name="A", **dates)


def test_a_code_is_given_to_one_quartier_only() -> None:
    quartier("A", "A", square(3.5, 50.3))
    refuses(code="A", name="B")


def residence(code: str, place: Commune, buildings: int = 2, entrances: int = 3) -> Residence:
    made = Residence.objects.create(
        code=code, name=f"Résidence {code}", commune=place, latitude=50.3, longitude=3.5
    )
    for number in range(buildings):
        building = Building.objects.create(residence=made, name=f"Bâtiment {number}")
        for door in range(entrances):
            Entrance.objects.create(building=building, name=f"Entrée {door}")
    return made


def test_names_are_unique_inside_a_residence_only() -> None:
    anzin = commune("59014", "Anzin")
    first, second = residence("R1", anzin, 1, 1), residence("R2", anzin, 1, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Building.objects.create(residence=first, name="Bâtiment 0")
    building = second.buildings.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Entrance.objects.create(building=building, name="Entrée 0")


def test_quartiers_in_force_include_both_ends() -> None:
    dates = {"valid_from": date(2024, 1, 1), "valid_until": date(2024, 12, 31)}
    quartier("A", "A", square(3.5, 50.3), **dates)
    quartier("B", "B", square(3.5, 50.3))
    for day, expected in (
        (date(2023, 12, 31), ["B"]),
        (date(2024, 1, 1), ["A", "B"]),
        (date(2024, 12, 31), ["A", "B"]),
        (date(2025, 1, 1), ["B"]),
    ):
        found = Quartier.objects.in_force(day).order_by("code").values_list("code", flat=True)
        assert list(found) == expected


def test_a_quartier_remembers_what_it_came_from() -> None:
    old = quartier("QP059001", "Ancien", square(3.5, 50.3))
    new = quartier("QN05920M", "Nouveau", square(3.5, 50.3))
    new.came_from.add(old)
    assert [item.code for item in old.became.all()] == ["QN05920M"]
    assert not old.came_from.exists()


def test_quartiers_of_one_name_are_told_apart_by_their_communes() -> None:
    anzin, denain = commune("59014", "Anzin"), commune("59172", "Denain")
    quartier("A", "Centre Ville", square(3.5, 50.3), anzin)
    quartier("B", "Centre Ville", square(3.5, 50.3), denain)
    quartier("C", "Le Parc", square(3.5, 50.3), denain)
    Quartier.objects.create(code="D", name="Le Parc", valid_until=date(2020, 1, 1))
    told = dict(Quartier.objects.told_apart().values_list("code", "label"))
    assert told["A"] == "Centre Ville (Anzin)"
    assert told["B"] == "Centre Ville (Denain)"
    assert told["C"] == "Le Parc"  # the other one is over


def test_a_form_offers_quartiers_of_one_name_with_their_communes() -> None:
    quartier("A", "Centre Ville", square(3.5, 50.3), commune("59014", "Anzin"))
    quartier("B", "Centre Ville", square(3.5, 50.3), commune("59172", "Denain"))
    field = forms.ModelMultipleChoiceField(Quartier.objects.none())
    offer_quartiers(field, Quartier.objects.order_by("code"))
    assert [label for _, label in field.choices] == [
        "Centre Ville (Anzin)",
        "Centre Ville (Denain)",
    ]
