"""Perimeters: what they cover, and what may be handed on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from parvis.partners.actors import NOBODY, Actor
from parvis.partners.perimeters import (
    communes_to_give,
    covers,
    perimeter_rows,
    perimeter_words,
    quartiers_to_give,
)
from tests.cast import Cast


def test_communes_alone_and_quartiers_alone_stand_for_themselves(
    cast: Cast, django_assert_num_queries
):
    with django_assert_num_queries(0):
        assert perimeter_rows([cast.anzin.pk], []) == [(cast.anzin.pk, None)]
        assert perimeter_rows([], [cast.rives.pk]) == [(None, cast.rives.pk)]
        assert perimeter_rows([], []) == []


def test_both_given_are_crossed_where_they_touch(cast: Cast, django_assert_num_queries):
    with django_assert_num_queries(1):
        rows = perimeter_rows(
            [cast.anzin.pk, cast.valenciennes.pk], [cast.rives.pk, cast.faubourg.pk]
        )
    assert sorted(rows) == sorted(
        [
            (cast.anzin.pk, cast.rives.pk),
            (cast.valenciennes.pk, cast.rives.pk),
            (cast.valenciennes.pk, cast.faubourg.pk),
        ]
    )
    assert perimeter_rows([cast.anzin.pk], [cast.faubourg.pk]) == []


@pytest.fixture
def town(cast: Cast) -> Actor:
    return replace(NOBODY, communes=frozenset({cast.anzin.pk}))


@pytest.fixture
def corner(cast: Cast) -> Actor:
    return replace(NOBODY, crossings=frozenset({(cast.anzin.pk, cast.rives.pk)}))


@pytest.fixture
def quarter(cast: Cast) -> Actor:
    return replace(NOBODY, quartiers=frozenset({cast.rives.pk}))


def test_a_commune_covers_itself_and_its_part_of_a_quartier(cast: Cast, town: Actor):
    assert covers(town, [(cast.anzin.pk, None), (cast.anzin.pk, cast.rives.pk)])
    assert not covers(town, [(cast.valenciennes.pk, None)])
    assert not covers(town, [(cast.raismes.pk, cast.rives.pk)])
    assert not covers(town, [(None, cast.rives.pk)])


def test_all_the_communes_of_a_quartier_cover_it(cast: Cast, town: Actor):
    every = frozenset({cast.anzin.pk, cast.valenciennes.pk, cast.raismes.pk})
    assert covers(replace(town, communes=every), [(None, cast.rives.pk)])


def test_a_crossing_covers_itself_alone(cast: Cast, corner: Actor):
    assert covers(corner, [(cast.anzin.pk, cast.rives.pk)])
    assert not covers(corner, [(cast.anzin.pk, None)])
    assert not covers(corner, [(None, cast.rives.pk)])
    assert not covers(corner, [(cast.valenciennes.pk, cast.rives.pk)])
    cast.faubourg.communes.add(cast.anzin)  # another quartier of the same commune
    assert not covers(corner, [(cast.anzin.pk, cast.faubourg.pk)])


def test_a_quartier_covers_its_parts(cast: Cast, quarter: Actor):
    assert covers(quarter, [(None, cast.rives.pk), (cast.raismes.pk, cast.rives.pk)])
    assert not covers(quarter, [(cast.raismes.pk, None)])
    assert not covers(quarter, [(None, cast.faubourg.pk)])


def test_a_quartier_without_a_commune_is_covered_by_nobody(cast: Cast, town: Actor):
    cast.faubourg.communes.clear()
    assert not covers(town, [(None, cast.faubourg.pk)])


def test_nothing_is_inside_everything():
    assert covers(NOBODY, [])


def test_what_is_offered_touches_ones_own(cast: Cast, town: Actor, corner: Actor, quarter: Actor):
    def names(rows) -> set[str]:
        return {row.name for row in rows}

    assert names(communes_to_give(town)) == {"Anzin"}
    assert names(quartiers_to_give(town)) == {cast.rives.name}
    assert names(communes_to_give(corner)) == {"Anzin"}
    assert names(quartiers_to_give(corner)) == {cast.rives.name}
    assert names(communes_to_give(quarter)) == {"Anzin", "Raismes", "Valenciennes"}
    assert names(quartiers_to_give(quarter)) == {cast.rives.name}
    assert not communes_to_give(NOBODY).exists()


def test_a_perimeter_is_said_in_words():
    assert perimeter_words([("Anzin", ""), ("", "Rives"), ("Anzin", "Rives")]) == (
        "Anzin, Rives, Rives (partie d’Anzin)"
    )
    assert perimeter_words([]) == "toute l’organisation"
