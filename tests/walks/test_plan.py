"""The plan of a walk: what was noted at a stop stands round it, never under it."""

from __future__ import annotations

from math import hypot

import pytest

from parvis.walks.plan import NEAR, Mark, plan_of, plan_svg
from tests.cast import IN_ANZIN, Cast
from tests.walks.scene import a_walk

pytestmark = pytest.mark.django_db


def marks(number: int) -> list[Mark]:
    tones = ("weakness", "strength")
    return [Mark("", f"Constat {one}", *IN_ANZIN, tones[one % 2]) for one in range(number)]


def test_findings_of_a_stop_stand_round_it_and_apart(cast: Cast) -> None:
    walk = a_walk(cast)
    plan = plan_of(walk, list(walk.stops.all()), marks(12))
    assert plan
    stop = next(one for one in plan.marks if one.label == "1")
    others = [one for one in plan.marks if one.tone != "stop"]
    assert len(others) == 12
    assert min(hypot(one.x - stop.x, one.y - stop.y) for one in others) >= NEAR - 0.2
    assert len({(one.x, one.y) for one in others}) == 12


def test_a_strength_and_a_weakness_have_two_shapes(cast: Cast) -> None:
    walk = a_walk(cast)
    plan = plan_of(walk, list(walk.stops.all()), marks(2))
    assert plan
    drawn = plan_svg(plan).decode()
    assert drawn.count("#2c6e49") == 1
    assert drawn.count("#a4262c") == 1
    assert 'r="5.5"' in drawn


def test_a_walk_without_a_point_has_no_plan(cast: Cast) -> None:
    walk = a_walk(cast, stops=False)
    assert plan_of(walk, []) is None
