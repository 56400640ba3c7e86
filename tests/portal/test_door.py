"""« À ma porte »: what happens in the next two weeks where one lives, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from parvis.gatherings import acts
from parvis.gatherings.models import Gathering
from parvis.notices import subscribing
from parvis.places.addresses import AddressFound
from parvis.reports.addresses import token_of
from tests.cast import IN_ANZIN, IN_ANZIN_OUTSIDE_RIVES, Cast
from tests.figures.counting import counted
from tests.gatherings.scene import in_days, workshop


def page(client: Client, **place: Any) -> str:
    answer = client.get("/a-ma-porte/", place)
    assert answer.status_code == 200
    return answer.content.decode()


def address(point: tuple[float, float]) -> str:
    return token_of(AddressFound("12 rue des Lilas", "59410 Anzin", *point))


def test_what_is_planned_for_the_residence_its_quartier_and_its_commune_is_shown(
    cast: Cast, client: Client
) -> None:
    workshop(cast, title="Pour la résidence", residence=cast.tilleuls, quartiers=[])
    workshop(cast, title="Pour le quartier", commune=None)
    workshop(cast, title="Pour toute la ville", quartiers=[])
    shown = page(client, residence=cast.tilleuls.pk)
    for title in ("Pour la résidence", "Pour le quartier", "Pour toute la ville"):
        assert title in shown


def test_what_is_planned_for_the_neighbours_is_not_shown(cast: Cast, client: Client) -> None:
    workshop(cast, title="Autre résidence", residence=cast.peupliers)
    workshop(cast, title="Autre quartier", quartiers=[cast.faubourg], commune=None)
    workshop(cast, title="Autre ville", quartiers=[], commune=cast.valenciennes)
    workshop(cast, title="Pas publié", public=False)
    workshop(cast, title="Séance", kind="seance", public=False)
    shown = page(client, residence=cast.tilleuls.pk)
    for title in ("Autre résidence", "Autre quartier", "Autre ville", "Pas publié", "Séance"):
        assert title not in shown


def test_two_weeks_are_shown_and_what_is_called_off_says_so(cast: Cast, client: Client) -> None:
    workshop(cast, title="Dans treize jours", starts_at=in_days(13), ends_at=in_days(13, 1))
    workshop(cast, title="Dans quinze jours", starts_at=in_days(15), ends_at=in_days(15, 1))
    workshop(cast, title="Avant-hier", starts_at=in_days(-2), ends_at=in_days(-2, 1))
    off = workshop(cast, title="Plus lieu")
    acts.cancel_gathering(off, actor=cast.actor(cast.sofia), reason="Grève.")
    shown = page(client, quartier=cast.rives.pk)
    assert "Dans treize jours" in shown
    assert "Dans quinze jours" not in shown
    assert "Avant-hier" not in shown
    assert "annulé" in shown[shown.index("Plus lieu") :]


def test_an_address_is_in_its_quartier_or_in_none(cast: Cast, client: Client) -> None:
    workshop(cast, title="Pour le quartier", commune=None)
    workshop(cast, title="Pour toute la ville", quartiers=[])
    inside = page(client, address=address(IN_ANZIN))
    assert "Pour le quartier" in inside
    assert "Pour toute la ville" in inside
    outside = page(client, address=address(IN_ANZIN_OUTSIDE_RIVES))
    assert "Pour le quartier" not in outside
    assert "Pour toute la ville" in outside


def test_a_place_is_found_by_its_name(cast: Cast, client: Client) -> None:
    assert f"/a-ma-porte/?residence={cast.tilleuls.pk}" in page(client, q="tilleul")
    assert f"/a-ma-porte/?quartier={cast.rives.pk}" in page(client, q="rives")
    assert "Choisissez votre quartier" in page(client, q="zanzibar")


@pytest.mark.parametrize("place", [{"residence": "999999"}, {"address": "inventée"}, {"q": "\x00"}])
def test_a_place_that_does_not_exist_is_asked_again(
    cast: Cast, client: Client, place: dict[str, str]
) -> None:
    assert "Ou votre quartier" in page(client, **place)


@pytest.mark.parametrize("count", [10, 60])
def test_the_page_takes_at_most_six_queries(cast: Cast, client: Client, count: int) -> None:
    made = workshop(cast)
    Gathering.objects.bulk_create(
        Gathering(
            kind="atelier",
            title=f"Atelier {number}",
            starts_at=made.starts_at,
            ends_at=made.ends_at,
            residence=cast.tilleuls,
            organiser=cast.town,
            published_at=made.published_at,
            changed_at=made.changed_at,
        )
        for number in range(count)
    )
    for place in ({"residence": cast.tilleuls.pk}, {"quartier": cast.rives.pk}):
        page(client, **place)
        with counted() as queries:
            page(client, **place)
        assert len(queries) <= 6, queries


def test_the_calendar_holds_the_same_and_no_draft(cast: Cast, client: Client) -> None:
    workshop(cast, title="Atelier public")
    workshop(cast, title="Pas publié", public=False)
    client.force_login(cast.sofia)  # who sees the draft on its own page
    answer = client.get("/a-ma-porte/agenda.ics", {"quartier": cast.rives.pk})
    assert answer["Content-Type"].startswith("text/calendar")
    assert "Atelier public" in answer.content.decode()
    assert "Pas publié" not in answer.content.decode()


def test_a_calendar_of_nowhere_leads_to_the_page(client: Client, db: None) -> None:
    assert client.get("/a-ma-porte/agenda.ics")["Location"] == "/a-ma-porte/"


def test_who_follows_the_place_hears_of_its_quartier_and_commune(
    cast: Cast, client: Client
) -> None:
    signed = (
        client.get("/a-ma-porte/", {"residence": cast.tilleuls.pk})
        .context["choices"]
        .boxes[0]
        .signed
    )
    topic = subscribing.offered(signed)
    assert topic is not None
    assert topic.key == f"residence:{cast.tilleuls.pk}"
    assert topic.label.startswith("Les Tilleuls")
    assert set(topic.hears) == {
        f"quartier:{cast.rives.pk}",
        f"commune:{cast.anzin.pk}",
        f"reports:residence:{cast.tilleuls.pk}",
    }


def test_the_page_of_a_quartier_shows_what_comes_and_leads_here(cast: Cast, client: Client) -> None:
    workshop(cast, title="Atelier de la semaine")
    shown = client.get(f"/quartiers/{cast.rives.code}/").content.decode()
    assert "Atelier de la semaine" in shown
    assert f"/a-ma-porte/?quartier={cast.rives.pk}" in shown
    assert 'href="/a-ma-porte/"' in client.get("/").content.decode()
