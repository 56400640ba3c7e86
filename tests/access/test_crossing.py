"""The part of a quartier that lies in a commune: neither the rest of one nor of the other."""

from dataclasses import replace
from typing import Any

import pytest

from parvis.partners.actors import NOBODY, Actor
from parvis.partners.perimeters import covers
from parvis.reports import acts
from parvis.reports.models import Category, Part, Report
from parvis.reports.placing import Place
from tests.cast import IN_ANZIN, IN_ANZIN_OUTSIDE_RIVES, IN_RAISMES, IN_VALENCIENNES, Cast

POINTS = {
    "Anzin, in Rives": IN_ANZIN,
    "Anzin, outside Rives": IN_ANZIN_OUTSIDE_RIVES,
    "Raismes, in Rives": IN_RAISMES,
    "Valenciennes, in Rives": IN_VALENCIENNES,
}


@pytest.fixture
def reports(cast: Cast) -> dict[int, str]:
    """One unreviewed report at each point, by its key."""
    category = Category.objects.create(code="trou", label="Trou", theme_code="voirie")
    made = {}
    for name, (latitude, longitude) in POINTS.items():
        place = Place(latitude=latitude, longitude=longitude)
        voice = acts.file_report(actor=NOBODY, place=place, category=category, text="Un trou.")
        made[voice.report_id] = name
    return made


def house(cast: Cast, **perimeter: Any) -> Actor:
    """Somebody of a maison de quartier, on this perimeter."""
    return replace(
        NOBODY, mandate_id=1, role="contributeur", kind="maison_de_quartier", **perimeter
    )


def seen(actor: Actor, reports: dict[int, str]) -> set[str]:
    """Where the reports lie that this actor sees; its parts must say the same."""
    rows = Report.objects.visible_to(actor).values_list("pk", flat=True)
    parts = Part.objects.visible_to(actor).values_list("report_id", flat=True)
    assert set(rows) == set(parts)
    return {reports[pk] for pk in rows}


def test_a_crossing_opens_the_part_of_the_quartier_in_the_commune_alone(cast, reports):
    actor = house(cast, crossings=frozenset({(cast.anzin.pk, cast.rives.pk)}))
    assert seen(actor, reports) == {"Anzin, in Rives"}


def test_a_quartier_opens_all_its_communes_and_a_commune_all_its_ground(cast, reports):
    quartier = house(cast, quartiers=frozenset({cast.rives.pk}))
    assert seen(quartier, reports) == set(POINTS) - {"Anzin, outside Rives"}
    commune = house(cast, communes=frozenset({cast.anzin.pk}))
    assert seen(commune, reports) == {"Anzin, in Rives", "Anzin, outside Rives"}


def test_two_crossings_do_not_make_a_third(cast, reports):
    actor = house(
        cast,
        crossings=frozenset({(cast.anzin.pk, cast.faubourg.pk), (cast.raismes.pk, cast.rives.pk)}),
    )
    assert seen(actor, reports) == {"Raismes, in Rives"}


def test_nothing_at_all_is_no_perimeter(cast, reports):
    assert seen(house(cast), reports) == set()


def test_crossings_of_another_quartier_do_not_give_a_whole_one(cast):
    everywhere = [cast.raismes, cast.anzin, cast.valenciennes]
    rives = frozenset((commune.pk, cast.rives.pk) for commune in everywhere)
    other = frozenset((commune.pk, cast.faubourg.pk) for commune in everywhere)
    whole = [(None, cast.rives.pk)]
    assert covers(house(cast, crossings=rives), whole)
    assert not covers(house(cast, crossings=other), whole)
