"""Fifty people at once for twenty seats, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from parvis.gatherings import acts
from tests.cast import Cast
from tests.gatherings.scene import workshop

PEOPLE, SEATS = 50, 20


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_get_twenty_seats_and_an_ordered_waiting_list(cast: Cast) -> None:
    gathering = workshop(cast, seats=SEATS)
    start = Barrier(PEOPLE)

    def register(number: int) -> None:
        start.wait(20)
        try:
            acts.register_person(
                gathering, name=f"Personne {number}", email=f"p{number}@exemple.test"
            )
        finally:
            connections.close_all()

    with ThreadPoolExecutor(PEOPLE) as pool:
        list(pool.map(register, range(PEOPLE)))
    made = list(gathering.registrations.order_by("rank").values_list("rank", "state"))
    assert [rank for rank, _ in made] == list(range(1, PEOPLE + 1))
    assert [state for _, state in made] == ["seated"] * SEATS + ["waiting"] * (PEOPLE - SEATS)
    first_waiting = gathering.registrations.get(rank=SEATS + 1)
    acts.withdraw_registration(gathering.registrations.get(rank=3))
    first_waiting.refresh_from_db()
    assert first_waiting.state == "seated"
