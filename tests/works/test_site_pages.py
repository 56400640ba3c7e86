"""Worksites' pages: a fixed number of queries, and what each reader sees."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from parvis.places import locate
from parvis.works.models import (
    CharterPledge,
    Nuisance,
    TimetableChange,
    WorksAnnouncement,
    Worksite,
    WorksitePhase,
)
from tests.cast import Cast, box
from tests.figures.counting import counted
from tests.works.scene import a_worksite, day
from tests.works.site_scene import an_announcement


def queries(client: Client, url: str) -> int:
    client.get(url)
    with counted() as found:
        assert client.get(url).status_code == 200
    return len(found)


@pytest.fixture(autouse=True)
def quiet_atlas(monkeypatch: pytest.MonkeyPatch) -> None:
    """The look at the atlas' version, every ten seconds, is no part of a page."""
    monkeypatch.setattr(locate, "CHECK_EVERY", 3600.0)


def crowd(cast: Cast, count: int) -> None:
    now = timezone.now()
    Worksite.objects.bulk_create(
        Worksite(
            title=f"Chantier {number}",
            kind="construction",
            owner=cast.landlord,
            manager=cast.landlord,
            commune=cast.anzin,
            starts_on=day(-number % 30),
            published_at=now,
            changed_at=now,
            **box(3.505, 50.378, 3.515, 50.382),
        )
        for number in range(count)
    )


@pytest.mark.parametrize("who", ["", "luc", "claire"])
def test_the_list_takes_the_same_queries_for_ten_and_a_thousand(
    cast: Cast, client: Client, who: str
) -> None:
    if who:
        client.force_login(getattr(cast, who))
    crowd(cast, 10)
    url = f"/chantiers/?quartier={cast.rives.code}"
    few = queries(client, "/chantiers/"), queries(client, url)
    crowd(cast, 990)
    assert (queries(client, "/chantiers/"), queries(client, url)) == few
    assert max(few) <= (3 if not who else 9)
    assert "?page=1" in client.get("/chantiers/").content.decode()


@pytest.mark.parametrize("who", ["", "luc"])
def test_the_page_takes_the_same_queries_for_ten_and_a_thousand_parts(
    cast: Cast, client: Client, who: str
) -> None:
    if who:
        client.force_login(getattr(cast, who))
    site, now = a_worksite(cast), timezone.now()

    def fill(count: int, start: int = 0) -> None:
        WorksitePhase.objects.bulk_create(
            WorksitePhase(worksite=site, title=f"Phase {n}", starts_on=day(n)) for n in range(count)
        )
        Nuisance.objects.bulk_create(Nuisance(worksite=site, kind="bruit") for _ in range(count))
        TimetableChange.objects.bulk_create(
            TimetableChange(worksite=site, what="Chantier", reason="Gel", at=now, by=cast.town)
            for _ in range(count)
        )
        CharterPledge.objects.bulk_create(
            CharterPledge(worksite=site, number=n, text="Laver")
            for n in range(start + 1, start + count + 1)
        )
        WorksAnnouncement.objects.bulk_create(
            WorksAnnouncement(
                worksite=site,
                title=f"Annonce {n}",
                what="Mots",
                starts_on=day(n),
                ends_on=day(n),
                changed_at=now,
                published_at=now,
            )
            for n in range(count)
        )

    fill(10)
    url = f"/chantiers/{site.pk}/"
    few = queries(client, url)
    fill(990, 10)
    assert queries(client, url) == few
    assert few <= (12 if not who else 22)


def test_the_list_separates_what_runs_comes_and_ended(cast: Cast, client: Client) -> None:
    a_worksite(cast, title="En cours")
    a_worksite(cast, title="Plus tard", starts_on=day(5), began_on=None)
    a_worksite(cast, title="Fini", began_on=day(-9), ended_on=day(-1), ends_on=day(-1))
    a_worksite(cast, title="Brouillon", public=False)
    now = client.get("/chantiers/").content.decode()
    assert "En cours" in now
    assert "Plus tard" in now
    assert "Fini" not in now
    assert "Brouillon" not in now
    ended = client.get("/chantiers/?etat=termines").content.decode()
    assert "Fini" in ended
    assert "Plus tard" not in ended
    client.force_login(cast.luc)
    assert "Brouillon" in client.get("/chantiers/").content.decode()


def test_how_the_charter_is_kept_is_for_those_who_follow_the_site(
    cast: Cast, client: Client
) -> None:
    site = a_worksite(cast, charter_title="Charte propre")
    CharterPledge.objects.create(
        worksite=site, number=1, text="Laver les roues", state="unkept", checked_on=day()
    )
    url = f"/chantiers/{site.pk}/"
    public = client.get(url).content.decode()
    assert "Laver les roues" in public
    assert "non tenu" not in public
    client.force_login(cast.karim)
    assert "non tenu" in client.get(url).content.decode()


def test_an_announcement_s_page_takes_a_fixed_number_of_queries(cast: Cast, client: Client) -> None:
    made = an_announcement(a_worksite(cast), residences=[cast.tilleuls, cast.peupliers])
    assert queries(client, f"/annonces-de-travaux/{made.pk}/") <= 5
