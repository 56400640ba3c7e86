"""Pages of who organises; the number of queries stays the same."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from parvis.gatherings import acts
from parvis.gatherings.models import Gathering
from tests.cast import Cast
from tests.figures.counting import counted
from tests.gatherings.scene import in_days, workshop


def fields(cast: Cast, **more: Any) -> dict[str, Any]:
    return {
        "kind": "atelier",
        "title": "Atelier compost",
        "starts_at": "2030-05-06T18:00",
        "ends_at": "2030-05-06T20:00",
        "commune": cast.anzin.pk,
        "quartiers": [cast.rives.pk],
        "entry": "free",
        **more,
    }


def test_a_gathering_is_planned_then_published_then_changed(cast: Cast, client: Client) -> None:
    client.force_login(cast.sofia)
    client.post(reverse("gatherings:new"), fields(cast))
    made = Gathering.objects.get()
    assert (made.organiser, made.published_at) == (cast.town, None)
    assert made.starts_at.isoformat() == "2030-05-06T16:00:00+00:00"  # in Paris, 18 h
    client.post(reverse("gatherings:publish", args=[made.pk]))
    client.post(reverse("gatherings:edit", args=[made.pk]), fields(cast, title="Atelier tri"))
    made.refresh_from_db()
    assert made.published_at
    assert made.title == "Atelier tri"


def test_a_place_outside_the_perimeter_is_refused(cast: Cast, client: Client) -> None:
    client.force_login(cast.sofia)
    answer = client.post(reverse("gatherings:new"), fields(cast, commune=cast.raismes.pk))
    assert answer.status_code == 200
    assert not Gathering.objects.exists()


def test_calling_off_without_a_reason_is_asked_again(cast: Cast, client: Client) -> None:
    gathering = workshop(cast)
    client.force_login(cast.sofia)
    assert client.post(reverse("gatherings:cancel", args=[gathering.pk])).status_code == 200
    client.post(reverse("gatherings:cancel", args=[gathering.pk]), {"reason": "Grève."})
    gathering.refresh_from_db()
    assert gathering.cancelled_at


@pytest.mark.parametrize("who", ["", "claire"])
def test_the_list_and_the_page_ask_the_same_with_many_rows(
    cast: Cast, client: Client, who: str
) -> None:
    if who:
        client.force_login(cast.people[who])
    gathering = workshop(cast)
    urls = [reverse("gatherings:list"), reverse("gatherings:gathering", args=[gathering.pk])]

    def asked() -> list[int]:
        found = []
        for url in urls:
            client.get(url)
            with counted() as queries:
                assert client.get(url).status_code == 200
            found.append(len(queries))
        return found

    few = asked()
    for number in range(30):
        workshop(cast, title=f"Atelier {number}")
        acts.register_person(gathering, name="x", email=f"x{number}@exemple.test")
    acts.ask_organisations(gathering, [cast.landlord, cast.association], at=in_days(0))
    assert asked() == few
    assert max(few) <= 10


def test_a_gathering_of_a_room_apart_is_called_off_there_alone(cast: Cast, client: Any) -> None:
    gathering = workshop(cast)
    Gathering.objects.filter(pk=gathering.pk).update(kind="diagnostic")
    client.force_login(cast.sofia)
    for page in ("gatherings:cancel", "gatherings:edit"):
        assert client.get(reverse(page, args=[gathering.pk])).status_code == 404
