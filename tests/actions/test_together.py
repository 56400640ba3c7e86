"""Many hands on one plan at once: every writing stands, one after the other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from django.db import connection

from parvis.actions import acts
from parvis.actions.models import Action, Change
from tests.actions.scene import fiche, plan
from tests.cast import Cast

HANDS = 50


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_lose_nothing(cast: Cast) -> None:
    found = plan(cast)
    made = [fiche(cast, found) for _ in range(5)]
    claire = cast.actor(cast.claire)

    def write(number: int) -> int:
        """Write a place of one's own; told of another, read again and write over it knowingly."""
        action = Action.objects.get(pk=made[number % 5].pk)
        told = 0
        try:
            while True:
                try:
                    acts.write_action(
                        action, {"place": f"Lieu {number}"}, actor=claire, version=action.version
                    )
                    return told
                except acts.Overtaken as overtaken:
                    told += 1
                    action = overtaken.action
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(write, range(HANDS)))
    assert Change.objects.count() == HANDS
    for action in Action.objects.all():
        changes = list(action.changes.order_by("version"))
        assert [one.version for one in changes] == list(range(2, 12))
        for one, other in pairwise(changes):
            assert other.before == one.after  # each knew what it wrote over
        assert {"place": action.place} == changes[-1].after
