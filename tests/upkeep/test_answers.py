"""Who answers for a place and a theme: the most specific wins, a neighbour never does."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.places.models import Inside
from parvis.upkeep.answers import Answer, Asked, answers_for_all
from parvis.upkeep.models import Holding, ManagedArea
from tests.cast import IN_ANZIN, IN_ANZIN_OUTSIDE_RIVES, IN_RAISMES, Cast, box, cast

__all__ = ["cast"]

pytestmark = pytest.mark.django_db
AROUND = box(3.508, 50.378, 3.512, 50.382)  # around IN_ANZIN
CLOSE = box(3.509, 50.379, 3.511, 50.381)  # smaller


def asked(cast: Cast, theme: str = "proprete", **others: Any) -> Answer:
    """The answer for Les Tilleuls' surroundings, in Anzin and Rives, unless told otherwise."""
    given = {
        "latitude": IN_ANZIN[0],
        "longitude": IN_ANZIN[1],
        "commune_id": cast.anzin.pk,
        "quartier_ids": [cast.rives.pk],
        "residence_id": cast.tilleuls.pk,
        **others,
    }
    on = given.pop("on", None)
    return answers_for_all([Asked(theme_code=theme, **given)], on=on)[0]


def area(cast: Cast, name: str, **fields: Any) -> ManagedArea:
    return ManagedArea.objects.create(name=name, manager=fields.pop("manager", cast.town), **fields)


def test_the_whole_table_of_specificity_holds(cast: Cast) -> None:
    """From the least specific to the most: each new area takes the answer over."""
    rives, anzin, proprete = cast.rives, cast.anzin, {"theme_codes": ["proprete"]}
    ManagedArea.objects.all().delete()
    levels: list[tuple[str, dict[str, Any]]] = [
        ("commune, tous thèmes", {"commune": anzin}),
        ("commune, propreté", {"commune": anzin, **proprete}),
        ("quartier, tous thèmes", {"quartier": rives}),
        ("quartier, propreté", {"quartier": rives, **proprete}),
        ("quartier × commune, tous thèmes", {"quartier": rives, "commune": anzin}),
        ("quartier × commune, propreté", {"quartier": rives, "commune": anzin, **proprete}),
        ("résidence, tous thèmes", {"residence": cast.tilleuls}),
        ("résidence, propreté", {"residence": cast.tilleuls, **proprete}),
        ("contour, tous thèmes", AROUND),
        ("petit contour, tous thèmes", CLOSE),
        ("contour, propreté", {**AROUND, **proprete}),
        ("petit contour, propreté", {**CLOSE, **proprete}),
    ]
    for name, fields in levels:
        area(cast, name, **fields)
        assert asked(cast).why.startswith(f"Espace géré « {name} » : Ville d’Anzin"), name
    # The order in which they were written plays no part.
    ManagedArea.objects.all().delete()
    for name, fields in reversed(levels):
        area(cast, name, **fields)
        assert asked(cast).why.startswith("Espace géré « petit contour, propreté »")


def test_an_area_for_another_theme_does_not_answer(cast: Cast) -> None:
    area(cast, "Parc", theme_codes=["espaces_verts"], **CLOSE)
    assert "Voirie d’Anzin" in asked(cast).why
    assert "Parc" in asked(cast, "espaces_verts").why


def test_a_point_in_the_box_of_an_outline_but_outside_it_is_not_held(cast: Cast) -> None:
    triangle = dict(AROUND)
    triangle["outline"] = {
        "type": "Polygon",
        "coordinates": [[[3.508, 50.378], [3.5085, 50.378], [3.508, 50.382], [3.508, 50.378]]],
    }
    area(cast, "Triangle", **triangle)
    assert "Triangle" not in asked(cast).why


def test_an_outline_and_a_commune_are_their_crossing(cast: Cast) -> None:
    area(cast, "Berge", commune=cast.raismes, **box(3.48, 50.37, 3.54, 50.39))
    assert "Berge" not in asked(cast).why
    raismes = asked(
        cast,
        latitude=IN_RAISMES[0],
        longitude=IN_RAISMES[1],
        commune_id=cast.raismes.pk,
        residence_id=None,
    )
    assert "Berge" in raismes.why


class TestAResidence:
    def test_inside_its_holder_answers(self, cast: Cast) -> None:
        answer = asked(cast, inside=Inside.HALL)
        assert (answer.organisation_id, answer.area_id) == (cast.landlord.pk, None)
        assert answer.why == "Résidence « Les Tilleuls » : Escaut Habitat en est le bailleur."

    def test_for_what_concerns_the_building_its_holder_answers_even_from_outside(
        self, cast: Cast
    ) -> None:
        assert asked(cast, "acces_immeuble").organisation_id == cast.landlord.pk

    def test_in_the_surroundings_the_ground_answers(self, cast: Cast) -> None:
        answer = asked(cast, inside=Inside.SURROUNDINGS)
        assert answer.organisation_id == cast.town.pk

    def test_inside_an_area_written_on_the_residence_comes_before_its_holder(
        self, cast: Cast
    ) -> None:
        lifts = area(
            cast,
            "Ascenseurs",
            manager=cast.association,
            residence=cast.tilleuls,
            theme_codes=["ascenseurs"],
        )
        assert asked(cast, "ascenseurs", inside=Inside.LIFT).area_id == lifts.pk
        assert asked(cast, "parties_communes", inside=Inside.HALL).area_id is None

    def test_inside_a_drawn_outline_on_the_ground_does_not_take_over(self, cast: Cast) -> None:
        area(cast, "Esplanade", **CLOSE)
        assert asked(cast, inside=Inside.HALL).organisation_id == cast.landlord.pk

    def test_without_a_holder_falls_to_the_ground(self, cast: Cast) -> None:
        Holding.objects.all().delete()
        assert asked(cast, inside=Inside.HALL).organisation_id == cast.town.pk

    def test_the_holder_that_day_answers(self, cast: Cast) -> None:
        sale = timezone.localdate() - timedelta(days=10)
        Holding.objects.filter(residence=cast.tilleuls).update(ends_on=sale - timedelta(days=1))
        Holding.objects.create(
            residence=cast.tilleuls, organisation=cast.other_landlord, starts_on=sale
        )
        inside = {"inside": Inside.HALL}
        before = asked(cast, on=sale - timedelta(days=1), **inside)
        assert before.organisation_id == cast.landlord.pk
        assert asked(cast, on=sale, **inside).organisation_id == cast.other_landlord.pk
        assert asked(cast, **inside).organisation_id == cast.other_landlord.pk


class TestASharedQuartier:
    def test_the_part_of_one_commune_is_never_answered_for_by_its_neighbour(
        self, cast: Cast
    ) -> None:
        """Raismes keeps up its part of Rives, written as a crossing; Anzin's is not touched."""
        ManagedArea.objects.all().delete()
        area(
            cast, "Rives à Raismes", manager=cast.other_town, quartier=cast.rives,
            commune=cast.raismes,
        )  # fmt: skip
        assert asked(cast).organisation_id is None
        there = asked(
            cast,
            latitude=IN_RAISMES[0],
            longitude=IN_RAISMES[1],
            commune_id=cast.raismes.pk,
            residence_id=None,
        )
        assert there.organisation_id == cast.other_town.pk

    def test_a_commune_written_on_the_whole_quartier_answers_on_its_own_part_alone(
        self, cast: Cast
    ) -> None:
        ManagedArea.objects.all().delete()
        area(cast, "Rives", manager=cast.other_town, quartier=cast.rives)
        assert asked(cast).organisation_id is None
        assert asked(cast, commune_id=cast.raismes.pk).organisation_id == cast.other_town.pk

    def test_an_organisation_of_the_whole_quartier_answers_on_all_its_parts(
        self, cast: Cast
    ) -> None:
        area(cast, "Rives", manager=cast.association, quartier=cast.rives)
        for commune in (cast.anzin, cast.raismes):
            assert asked(cast, commune_id=commune.pk).organisation_id == cast.association.pk


def test_where_nobody_answers_it_is_said(cast: Cast) -> None:
    place = Asked(
        theme_code="proprete",
        latitude=IN_ANZIN_OUTSIDE_RIVES[0],
        longitude=IN_ANZIN_OUTSIDE_RIVES[1],
        commune_id=cast.valenciennes.pk,
        quartier_ids=(),
    )
    (answer,) = answers_for_all([place])
    assert (answer.organisation_id, answer.organisation_name, answer.area_id) == (None, "", None)
    assert answer.why.startswith("Sans gestionnaire")


def test_without_a_point_nor_a_commune_nobody_answers(cast: Cast) -> None:
    area(cast, "Partout", **box(-180, -90, 180, 90))
    answer = asked(
        cast, latitude=None, longitude=None, commune_id=None, quartier_ids=(), residence_id=None
    )
    assert answer.organisation_id is None


def test_an_organisation_that_closed_no_longer_answers(cast: Cast) -> None:
    cast.town.closed_on = timezone.localdate()
    cast.town.save(update_fields=["closed_on"])
    assert asked(cast).organisation_id is None
    assert asked(cast, on=timezone.localdate() - timedelta(days=1)).organisation_id == cast.town.pk


def test_of_two_equal_areas_the_latest_answers(cast: Cast) -> None:
    area(cast, "Neuf", commune=cast.anzin, starts_on=date(2026, 1, 1), manager=cast.association)
    area(cast, "Ancien", commune=cast.anzin, starts_on=date(2020, 1, 1))
    assert "Neuf" in asked(cast).why


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    starts=st.none() | st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    length=st.none() | st.integers(0, 800),
    on=st.dates(date(2019, 1, 1), date(2033, 12, 31)),
)
def test_an_area_answers_from_its_first_day_to_its_last_both_included(
    cast: Cast, starts: date | None, length: int | None, on: date
) -> None:
    ManagedArea.objects.all().delete()
    ends = (starts or date(2021, 6, 1)) + timedelta(days=length) if length is not None else None
    area(cast, "Espace", commune=cast.anzin, starts_on=starts, ends_on=ends)
    expected = (starts is None or starts <= on) and (ends is None or on <= ends)
    assert (asked(cast, on=on).organisation_id is not None) is expected


@pytest.mark.parametrize("areas", [10, 300])
@pytest.mark.parametrize("inside", ["", Inside.HALL])
def test_an_answer_takes_at_most_two_queries_whatever_the_number_of_areas(
    cast: Cast, django_assert_max_num_queries: Any, areas: int, inside: str
) -> None:
    ManagedArea.objects.bulk_create(
        ManagedArea(name=f"Espace {n}", manager=cast.town, **(AROUND if n % 2 else CLOSE))
        for n in range(areas)
    )
    with django_assert_max_num_queries(2):
        asked(cast, inside=inside)


def test_many_places_are_answered_as_each_alone_in_two_queries(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    rives, anzin = cast.rives, cast.anzin
    area(cast, "Rives", quartier=rives)
    area(cast, "Rives à Anzin", quartier=rives, commune=anzin, theme_codes=["proprete"])
    area(cast, "Parc", theme_codes=["espaces_verts"], **CLOSE)
    area(cast, "Berge", manager=cast.other_town, commune=cast.raismes, **AROUND)
    area(cast, "Sols", residence=cast.peupliers, theme_codes=["proprete"])
    Holding.objects.create(
        residence=cast.tilleuls,
        organisation=cast.other_landlord,
        starts_on=timezone.localdate() + timedelta(days=1),
    )
    places = [
        Asked(theme, *point, commune, quartiers, residence, inside)
        for theme in ("proprete", "espaces_verts", "acces_immeuble")
        for point in (IN_ANZIN, IN_ANZIN_OUTSIDE_RIVES, IN_RAISMES, (None, None))
        for commune in (anzin.pk, cast.raismes.pk, None)
        for quartiers in ([rives.pk], [])
        for residence in (cast.tilleuls.pk, cast.peupliers.pk, None)
        for inside in ("", Inside.HALL, Inside.SURROUNDINGS)
    ]
    with django_assert_max_num_queries(2):
        together = answers_for_all(places)
    assert together == [answers_for_all([place])[0] for place in places]
    assert len({answer.why for answer in together}) > 8
    assert answers_for_all([]) == []
