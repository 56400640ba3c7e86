"""« À ma porte » shows the works that are there, and no other."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from parvis.notices import subscribing
from parvis.works.models import Nuisance, WorksAnnouncement, WorksitePhase
from tests.cast import Cast
from tests.figures.counting import counted
from tests.gatherings.scene import workshop
from tests.portal.test_door import address, page
from tests.works.scene import a_worksite, day
from tests.works.site_scene import an_announcement

NEAR, OUTSIDE = (50.3823, 3.512), (50.3835, 3.512)


def test_works_are_at_the_door_of_their_residences_near_their_perimeter_and_in_their_quartier(
    cast: Cast, client: Client
) -> None:
    a_worksite(cast, title="Façades")
    for place in (
        {"residence": cast.tilleuls.pk},
        {"residence": cast.tilleuls.pk, "spot": f"entrance:{cast.entrance.pk}"},
        {"quartier": cast.rives.pk},
        {"address": address(NEAR)},
    ):
        assert "Façades" in page(client, **place), place
    for place in (
        {"residence": cast.peupliers.pk},
        {"quartier": cast.faubourg.pk},
        {"address": address(OUTSIDE)},
    ):
        assert "Façades" not in page(client, **place), place


def test_a_residence_that_is_touched_is_at_the_door_without_a_perimeter(
    cast: Cast, client: Client
) -> None:
    nowhere: dict[str, Any] = dict.fromkeys(("outline", "west", "south", "east", "north"))
    a_worksite(cast, title="Ascenseurs", **nowhere)
    assert "Ascenseurs" in page(client, residence=cast.tilleuls.pk)


def test_announcements_stand_in_the_strip_and_in_plain_words_below(
    cast: Cast, client: Client
) -> None:
    site = a_worksite(cast)
    an_announcement(site, easy="Mardi, il n’y a pas d’eau.")
    an_announcement(site, title="Hors délai", starts_on=day(20), ends_on=day(21))
    an_announcement(site, title="Brouillon", public=False)
    an_announcement(site, title="Benne", withdrawn_at=timezone.now(), reason="Non")
    WorksitePhase.objects.create(worksite=site, title="Toiture", starts_on=day(3), ends_on=day(9))
    Nuisance.objects.create(worksite=site, kind="bruit", measure="Pas avant 9 h.")
    shown = page(client, residence=cast.tilleuls.pk)
    assert "L’eau sera coupée mardi matin" in shown
    assert "Mardi, il n’y a pas d’eau." in shown
    assert "Toiture" in shown
    assert "Pas avant 9 h." in shown
    assert "Hors délai" not in shown
    assert "Brouillon" not in shown
    assert "annulé" in shown[shown.index("Benne") :]


def test_one_for_some_residences_is_only_at_their_doors(cast: Cast, client: Client) -> None:
    site = a_worksite(cast)
    site.residences.add(cast.peupliers)
    an_announcement(site, title="Pour les Tilleuls", residences=[cast.tilleuls])
    assert "Pour les Tilleuls" in page(client, residence=cast.tilleuls.pk)
    for place in (
        {"residence": cast.peupliers.pk},
        {"quartier": cast.rives.pk},
        {"address": address(NEAR)},
    ):
        assert "Pour les Tilleuls" not in page(client, **place), place


@pytest.mark.parametrize("count", [1, 60])
def test_the_page_and_the_calendar_take_at_most_six_queries(
    cast: Cast, client: Client, count: int
) -> None:
    workshop(cast)
    now = timezone.now()
    for _ in range(min(count, 10)):
        site = a_worksite(cast)
        WorksitePhase.objects.bulk_create(
            WorksitePhase(worksite=site, title=f"P{n}", starts_on=day(n % 14)) for n in range(count)
        )
        Nuisance.objects.bulk_create(Nuisance(worksite=site, kind="bruit") for _ in range(count))
        WorksAnnouncement.objects.bulk_create(
            WorksAnnouncement(
                worksite=site,
                title=f"Annonce {n}",
                what="Mots",
                starts_on=day(n % 14),
                ends_on=day(n % 14),
                nuisances=["eau"],
                changed_at=now,
                published_at=now,
            )
            for n in range(count)
        )
    for place in (
        {"residence": cast.tilleuls.pk},
        {"quartier": cast.rives.pk},
        {"address": address(NEAR)},
    ):
        for url in ("/a-ma-porte/", "/a-ma-porte/agenda.ics"):
            client.get(url, place)
            with counted() as queries:
                assert client.get(url, place).status_code == 200
            assert len(queries) <= 6, queries


def test_the_calendar_holds_announcements_and_no_draft(cast: Cast, client: Client) -> None:
    site = a_worksite(cast)
    an_announcement(site)
    an_announcement(site, title="Brouillon", public=False)
    client.force_login(cast.luc)
    feed = client.get("/a-ma-porte/agenda.ics", {"quartier": cast.rives.pk}).content.decode()
    assert f"DTSTART;VALUE=DATE:{day(7):%Y%m%d}" in feed
    assert "Brouillon" not in feed


def test_who_follows_an_address_follows_what_works_tell_addresses(
    cast: Cast, client: Client
) -> None:
    signed = (
        client.get("/a-ma-porte/", {"address": address(NEAR)}).context["choices"].boxes[0].signed
    )
    topic = subscribing.offered(signed)
    assert topic is not None
    assert topic.key == "address:50.3823,3.5120"


def test_the_page_of_a_quartier_shows_its_worksites(cast: Cast, client: Client) -> None:
    a_worksite(cast, title="Façades")
    shown = client.get(f"/quartiers/{cast.rives.code}/").content.decode()
    assert "Façades" in shown
    assert f"/chantiers/?quartier={cast.rives.code}" in shown
