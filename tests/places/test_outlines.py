"""Outlines drawn for the map, and schematic ones for demonstrations."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point, shape

from parvis.places.locate import bump
from parvis.places.models import Quartier
from parvis.places.outlines import quartier_outlines
from parvis.places.schematic import schematic_outline
from tests.places.conftest import quartier, square


@pytest.mark.django_db
def test_a_quartier_is_a_feature_of_the_map_with_a_link_given_by_the_page() -> None:
    made = quartier("QN05920M", "Verrerie", square(3.5, 50.3), schematic=True)
    drawn = quartier_outlines(link=lambda row: f"/quartiers/{row.code}/", tone="mine")
    (only,) = drawn["features"]
    assert only["properties"] == {
        "id": "quartier-QN05920M",
        "title": "Verrerie",
        "code": "QN05920M",
        "url": "/quartiers/QN05920M/",
        "tone": "mine",
        "kind": "outline",
        "schematic": True,
    }
    assert shape(only["geometry"]).equals(shape(made.outline))
    assert drawn["bbox"] == pytest.approx([3.5, 50.3, 3.51, 50.31], abs=0.001)


@pytest.mark.django_db
def test_only_those_asked_for_and_in_force_are_drawn() -> None:
    first = quartier("A", "A", square(3.5, 50.3), valid_until=date(2023, 12, 31))
    second = quartier("B", "B", square(3.6, 50.3))
    quartier("C", "C", square(3.7, 50.3))
    asked = [first.pk, second.pk, 999_999]
    assert [item["id"] for item in quartier_outlines(asked)["features"]] == ["quartier-B"]
    past = quartier_outlines(asked, on=date(2023, 6, 1))
    assert [item["id"] for item in past["features"]] == ["quartier-A", "quartier-B"]


@pytest.mark.django_db
def test_outlines_come_from_memory_until_the_map_changes(django_assert_num_queries: Any) -> None:
    made = quartier("A", "A", square(3.5, 50.3))
    before = quartier_outlines()
    with django_assert_num_queries(0):
        assert quartier_outlines() == before
    Quartier.objects.filter(pk=made.pk).update(outline=square(3.6, 50.3))
    bump()
    assert quartier_outlines() != before


@pytest.mark.django_db
def test_an_empty_map_is_an_empty_collection() -> None:
    assert quartier_outlines() == {"type": "FeatureCollection", "features": []}


@given(
    longitude=st.floats(-60, 60),
    latitude=st.floats(-60, 60),
    hectares=st.floats(1, 20_000),
    seed=st.text(max_size=10),
)
def test_a_schematic_outline_is_valid_of_the_right_area_and_holds_its_centre(
    longitude: float, latitude: float, hectares: float, seed: str
) -> None:
    outline = schematic_outline(longitude, latitude, hectares, seed)
    drawn = shape(outline)
    assert drawn.is_valid
    assert drawn.contains(Point(longitude, latitude))
    metre = 111_195.0
    area = drawn.area * metre * metre * math.cos(math.radians(latitude)) / 10_000
    assert area == pytest.approx(hectares, rel=0.02)
    assert outline == schematic_outline(longitude, latitude, hectares, seed)


def test_two_schematic_outlines_differ_by_their_seed() -> None:
    assert schematic_outline(3.5, 50.3, 30, "A") != schematic_outline(3.5, 50.3, 30, "B")


def test_a_schematic_outline_needs_an_area() -> None:
    with pytest.raises(ValueError, match="area"):
        schematic_outline(3.5, 50.3, 0, "A")
