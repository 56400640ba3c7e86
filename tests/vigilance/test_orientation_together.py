"""Two people at once, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from parvis.partners.models import Mandate, Role, User
from parvis.vigilance import orientation_acts as acts
from parvis.vigilance.models import Orientation, OrientationSecret
from parvis.vigilance.workflow import State
from tests.cast import Cast
from tests.vigilance.orienting import codes
from tests.vigilance.scene import a_door, a_receiver, an_orientation

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*todo: Any) -> list[str]:
    """Start all of these together; what each was told, "" for done."""
    start = Barrier(len(todo))

    def run(act: Any) -> str:
        start.wait(20)
        try:
            act()
        except acts.Refused as refused:
            return " ".join(refused.messages)
        finally:
            connections.close_all()
        return ""

    with ThreadPoolExecutor(len(todo)) as pool:
        return list(pool.map(run, todo))


def test_of_two_receivers_who_accept_one_is_told_kindly_who_was_first(cast: Cast) -> None:
    door = a_door(cast)
    marie = User.objects.create_user("marie@exemple.test", "Marie")
    Mandate.objects.create(
        person=marie, organisation=cast.town, role=Role.CONTRIBUTEUR, starts_on="2020-01-01"
    )
    a_receiver(door, cast.sofia)
    a_receiver(door, marie)
    one = an_orientation(cast, door)
    actors = [cast.actor(cast.sofia), cast.actor(marie)]
    told = at_once(*(lambda who=who: acts.accept(one, actor=who) for who in actors))
    assert sorted(map(bool, told)) == [False, True]
    first = actors[told.index("")].user_name
    assert f"vient d’être prise en charge par {first}" in max(told)
    assert codes(one) == ["written", "accepted"]


def test_a_withdrawal_and_an_answer_take_turns(cast: Cast) -> None:
    door = a_door(cast)
    a_receiver(door, cast.sofia)
    one = an_orientation(cast, door)
    ines, sofia = cast.actor(cast.ines), cast.actor(cast.sofia)
    at_once(
        lambda: acts.withdraw(one, actor=ines),
        lambda: acts.accept(one, actor=sofia),
    )
    assert not OrientationSecret.objects.exists()
    assert Orientation.objects.get().state == State.WITHDRAWN


def test_a_form_sent_twice_at_once_makes_one_orientation(cast: Cast) -> None:
    door = a_door(cast)
    a_receiver(door, cast.sofia)
    asked = acts.Asked(cast.anzin, "energie", door)
    ines = cast.actor(cast.ines)
    at_once(
        *(
            lambda: acts.write("K7QX-M2RT", asked, {"name": "Essai"}, None, actor=ines)
            for _ in range(4)
        )
    )
    assert Orientation.objects.count() == 1
    assert OrientationSecret.objects.count() == 1
