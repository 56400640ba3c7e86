"""Several people invite the référents of a sitting at once, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from parvis.councils import referent_acts as acts
from parvis.councils.models import Presence
from parvis.notices.models import Message
from tests.cast import Cast
from tests.councils.referent_scene import called_to, referent
from tests.councils.scene import a_body, hugo_in
from tests.meetings.scene import cotech


@pytest.mark.django_db(transaction=True)
def test_six_who_invite_at_once_call_each_référent_once(cast: Cast) -> None:
    instance = cotech(cast)
    referent(cast, hugo_in(cast, a_body(cast)), instance)
    made = called_to(cast, instance)
    before, start = Message.objects.count(), Barrier(6)
    actors = [cast.actor(cast.claire), cast.actor(cast.yasmine), None] * 2

    def invite(number: int) -> int:
        start.wait(10)
        try:
            return acts.invite(made, actor=actors[number])
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(invite, range(6))) == 1
    assert Presence.objects.count() == 1
    assert Message.objects.count() == before + 1
