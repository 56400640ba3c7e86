"""Preparing a walk: its route, its stops, what is checked, who does what."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from parvis.walks import planning
from parvis.walks.models import Walk
from parvis.walks.practice import checklist, roles, severities, stop_kinds
from tests.cast import Cast
from tests.walks.scene import a_walk, called, first_stop, found


def test_grids_map_to_the_one_list_of_themes() -> None:
    from parvis.upkeep.themes import themes

    for kind in stop_kinds().values():
        assert kind.looks, kind.code
        assert {line["theme"] for line in kind.looks} <= set(themes()), kind.code


def test_every_place_inside_that_a_grid_names_exists() -> None:
    from parvis.places.models import Inside

    assert {kind.inside for kind in stop_kinds().values()} <= {"", *Inside.values}


def test_what_is_practice_is_read_from_data() -> None:
    assert len(roles()) > 3
    assert len(checklist()) > 5
    assert list(severities()) == [1, 2, 3]
    assert planning.STOPS_AT_MOST > 10


def test_a_stop_has_the_grid_of_its_type(cast: Cast) -> None:
    walk = a_walk(cast)
    stop = first_stop(walk)
    assert stop.looks[0]["theme"] == "encombrants"
    changed = planning.write_stop(stop, actor=cast.actor(cast.claire), kind="hall")
    assert changed.looks[0]["theme"] == "acces_immeuble"


def test_stops_move_along_the_route(cast: Cast) -> None:
    walk = a_walk(cast)
    planning.move_stop(walk.stops.get(title="Rue des Lilas"), up=True)
    assert first_stop(walk).title == "Rue des Lilas"


def test_a_stop_where_something_was_noted_stays(cast: Cast) -> None:
    walk = called(cast)
    found(cast, walk)
    with pytest.raises(ValidationError, match="noté"):
        planning.remove_stop(first_stop(walk), actor=cast.actor(cast.claire))
    assert walk.stops.count() == 3


@pytest.mark.parametrize(
    "route",
    [
        {"type": "Polygon", "coordinates": []},
        {"type": "LineString", "coordinates": [[3.5, 50.3]]},
        {"type": "LineString", "coordinates": [[3.5, 50.3], ["x", 50.3]]},
        {"type": "LineString", "coordinates": [[3.5, 50.3], [200, 50.3]]},
        {"type": "LineString", "coordinates": [[3.5, 50.3], [True, 50.3]]},
        {"type": "LineString", "coordinates": [[3.5, 50.3]] * 501},
        {"type": "LineString"},
    ],
)
def test_a_route_is_a_line_on_the_map_or_nothing(route: Any) -> None:
    with pytest.raises(ValidationError):
        planning.clean_route(route)


def test_a_route_is_kept_to_the_decimetre(cast: Cast) -> None:
    walk = a_walk(cast)
    drawn = {"type": "LineString", "coordinates": [[3.51, 50.38], [3.5123456789, 50.381, 12]]}
    planning.draw_route(walk, actor=cast.actor(cast.claire), route=drawn)
    kept = Walk.objects.get(pk=walk.pk).route
    assert kept == {"type": "LineString", "coordinates": [[3.51, 50.38], [3.512346, 50.381]]}


def test_a_role_is_for_who_comes(cast: Cast) -> None:
    walk, other = called(cast), called(cast)
    mine = walk.gathering.guests.get(organisation=cast.town)
    planning.give_role(walk, "photo", guest=mine)
    planning.give_role(walk, "photo", guest=mine)
    assert walk.roles.count() == 1
    with pytest.raises(ValidationError):
        planning.give_role(other, "photo", guest=mine)


def test_the_checklist_keeps_known_lines_only(cast: Cast) -> None:
    walk = planning.tick(a_walk(cast), ["route", "inventé", "paper"])
    assert walk.ready == ["route", "paper"]
