"""Several people who open the office for the first time at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from parvis.toolbox.ground import lay_ground
from parvis.toolbox.models import Desk
from parvis.toolbox.office import open_office
from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def ground(cast: Cast) -> None:
    lay_ground()  # a test before this one may have emptied every table


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    start = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        start.wait(20)
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_the_first_to_open_the_office_together_find_one_desk_each(cast: Cast) -> None:
    people = (cast.karim, cast.sofia, cast.luc, cast.ines, cast.claire)
    actors = [cast.actor(one) for one in people]
    at_once(*(lambda actor=one: open_office(actor) for one in actors))
    assert Desk.objects.count() == len({one.organisation_id for one in actors})
    assert all(one.groups.exists() for one in people)
