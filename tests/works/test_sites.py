"""Worksites: their state, what contradicts itself, and writing them without losing anything."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from parvis.notices import subscribing
from parvis.notices.models import Envelope, Subscription
from parvis.notices.subscribing import Topic
from parvis.places.topics import of_address
from parvis.thread.reading import awaiting, due_for
from parvis.thread.register import Where
from parvis.works.acts import charters, sites
from parvis.works.dates import State
from parvis.works.models import TimetableChange, Worksite, WorksitePhase
from parvis.works.site_faults import faults_of
from tests.cast import IN_ANZIN, IN_ANZIN_OUTSIDE_RIVES, Cast
from tests.works.scene import a_worksite, day
from tests.works.site_scene import an_announcement


def follow(email: str, *topics: str) -> None:
    subscribing.subscribe(email, Topic(topics[0], "Un lieu", topics[1:]), pace="now")
    Subscription.objects.update(confirmed_at=timezone.now())
    Envelope.objects.all().delete()


def told(email: str = "lea@exemple.test") -> list[str]:
    rows = Envelope.objects.filter(address=email).order_by("pk")
    return list(rows.values_list("subject", flat=True))


def test_the_lists_sort_worksites_by_the_rule_of_their_dates(cast: Cast) -> None:
    days = [None, day(-5), day(), day(5)]
    for starts, ends, began, ended in itertools.product(days, repeat=4):
        if (starts and ends and ends < starts) or (began and ended and ended < began):
            continue
        a_worksite(cast, starts_on=starts, ends_on=ends, began_on=began, ended_on=ended)
    every = list(Worksite.objects.all())
    assert len(every) > 80
    for state in State:
        found = set(Worksite.objects.standing(state, day()).values_list("pk", flat=True))
        assert found == {one.pk for one in every if one.state_on(day()) == state}, state


def test_what_contradicts_itself_is_shown_to_everybody(cast: Cast, client: Client) -> None:
    site = a_worksite(cast, ends_on=day(-1))
    WorksitePhase.objects.create(worksite=site, title="Toiture", starts_on=day(2), ends_on=day(9))
    site.nuisances.create(kind="bruit")
    site.nuisances.create(kind="poussiere", measure="Arrosage.", starts_on=day(-40))
    an_announcement(site)
    found = faults_of(
        site, site.phases.all(), site.nuisances.all(), site.announcements.all(), day()
    )
    assert {one.split("\u00a0: ")[0].split("(")[0].strip() for one in found[1:]} == {
        "La phase « Toiture » finit après le chantier",
        "Aucune mesure n’est prise contre cette nuisance",
        "La nuisance « poussière » commence avant le chantier",
        "L’annonce « L’eau sera coupée mardi matin » finit après le chantier",
    }
    page = client.get(f"/chantiers/{site.pk}/").content.decode()
    assert "À éclaircir" in page
    assert "pas encore constatée" in page
    assert "Aucune mesure n’est prise pour la réduire." in page
    sound = a_worksite(cast)
    assert faults_of(sound, [], [], [], day()) == []


def test_a_change_of_dates_asks_why_is_kept_and_is_told_once(cast: Cast, client: Client) -> None:
    site = a_worksite(cast)
    follow("lea@exemple.test", f"residence:{cast.tilleuls.pk}", f"quartier:{cast.rives.pk}")
    follow("max@exemple.test", f"quartier:{cast.faubourg.pk}", f"commune:{cast.anzin.pk}")
    client.force_login(cast.luc)
    url = f"/chantiers/{site.pk}/dates/"
    given = {"version": 1, "starts_on": day(-10), "ends_on": day(60), "began_on": day(-10)}
    answer = client.post(url, given)
    assert "chacun le lira" in answer.content.decode()
    assert f'value="{day(60):%Y-%m-%d}"' in answer.content.decode()
    assert told() == []
    assert client.post(url, {**given, "reason": "Le gel."}).status_code == 302
    change = TimetableChange.objects.get()
    assert (change.ends_before, change.ends_on) == (day(30), day(60))
    assert change.reason == "Le gel."
    assert told() == ["Calendrier modifié : Chantier des Tilleuls"]
    assert told("max@exemple.test") == []
    assert told("karim@exemple.test") == ["Calendrier modifié : Chantier des Tilleuls"]
    assert told("luc@exemple.test") == []
    page = client.get(f"/chantiers/{site.pk}/").content.decode()
    assert "Le gel." in page
    # The same dates again are no change.
    assert client.post(url, {**given, "version": 2}).status_code == 302
    assert TimetableChange.objects.count() == 1


def test_a_phase_that_moves_or_goes_is_a_change_too(cast: Cast) -> None:
    site, luc = a_worksite(cast), cast.actor(cast.luc)
    phase = sites.write_phase(
        site, actor=luc, version=1, title="Toiture", starts_on=day(1), ends_on=day(5)
    )
    assert TimetableChange.objects.count() == 0
    moved = {"title": "Toiture", "starts_on": day(3), "ends_on": day(8)}
    with pytest.raises(ValidationError):
        sites.write_phase(site, actor=luc, version=2, phase=phase, **moved)
    sites.write_phase(site, actor=luc, version=2, phase=phase, reason="Le vent.", **moved)
    sites.drop_phase(site, actor=luc, version=3, phase=phase, reason="Pas nécessaire.")
    gone, before = TimetableChange.objects.order_by("-pk")
    assert (before.starts_before, before.starts_on) == (day(1), day(3))
    assert (gone.what, gone.starts_before, gone.starts_on) == ("Phase : Toiture", day(3), None)


def test_a_draft_moves_without_a_word(cast: Cast) -> None:
    site = a_worksite(cast, public=False)
    follow("lea@exemple.test", f"quartier:{cast.rives.pk}")
    sites.date_worksite(site, actor=cast.actor(cast.luc), version=1, starts_on=day(3))
    assert TimetableChange.objects.count() == 0
    assert told() == []


def test_a_worksite_taken_back_from_the_public_is_told_to_nobody(cast: Cast) -> None:
    luc = cast.actor(cast.luc)
    site = a_worksite(cast, public=False, summary="Nous isolons.")
    other = a_worksite(cast, public=False, title="Un autre", summary="Nous creusons.")
    follow("lea@exemple.test", f"quartier:{cast.rives.pk}")
    for one in (site, other):
        sites.publish_worksite(one, actor=luc)
    sites.unpublish_worksite(site, actor=luc)
    assert told() == ["Chantier : Un autre"]


def test_an_address_near_the_perimeter_hears_and_one_further_does_not(cast: Cast) -> None:
    near = of_address(50.3823, 3.510)  # 33 metres north of the perimeter
    follow("lea@exemple.test", near)
    follow("max@exemple.test", of_address(50.3827, 3.510))  # 78 metres
    follow("eve@exemple.test", of_address(*IN_ANZIN_OUTSIDE_RIVES))
    follow("ali@exemple.test", of_address(*IN_ANZIN))
    site = a_worksite(cast, public=False, summary="Nous isolons.")
    sites.publish_worksite(site, actor=cast.actor(cast.luc))
    sites.publish_worksite(site, actor=cast.actor(cast.luc))
    for email in ("lea", "ali"):
        assert told(f"{email}@exemple.test") == ["Chantier : Chantier des Tilleuls"]
    for email in ("max", "eve"):
        assert told(f"{email}@exemple.test") == []


def test_a_worksite_with_neither_residence_nor_quartier_is_told_to_its_commune(cast: Cast) -> None:
    follow("lea@exemple.test", f"commune:{cast.anzin.pk}")
    site = a_worksite(cast, public=False, summary="Nous creusons.")
    site.residences.clear()
    site.quartiers.clear()
    sites.publish_worksite(site, actor=cast.actor(cast.luc))
    assert told() == ["Chantier : Chantier des Tilleuls"]


def test_a_worksite_is_published_once_it_says_what_and_when(cast: Cast) -> None:
    luc = cast.actor(cast.luc)
    with pytest.raises(ValidationError, match="ce qui est fait"):
        sites.publish_worksite(a_worksite(cast, public=False), actor=luc)
    undated = a_worksite(cast, public=False, summary="Un parc.", starts_on=None, began_on=None)
    with pytest.raises(ValidationError, match="quand"):
        sites.publish_worksite(undated, actor=luc)


def test_what_was_announced_is_not_taken_back_in_silence(cast: Cast) -> None:
    site, luc = a_worksite(cast), cast.actor(cast.luc)
    an_announcement(site)
    with pytest.raises(ValidationError, match="annonces"):
        sites.unpublish_worksite(site, actor=luc)
    site.announcements.update(withdrawn_at=timezone.now(), reason="Finalement non.")
    sites.unpublish_worksite(site, actor=luc)
    site.refresh_from_db()
    assert site.published_at is None


def test_of_two_who_write_at_once_the_second_is_told_and_loses_nothing(
    cast: Cast, client: Client
) -> None:
    site = a_worksite(cast)
    client.force_login(cast.luc)
    url = f"/chantiers/{site.pk}/modifier/"
    base = {
        "title": site.title,
        "kind": site.kind,
        "owner": site.owner_id,
        "manager": site.manager_id,
        "commune": site.commune_id,
        "residences": [cast.tilleuls.pk],
        "quartiers": [cast.rives.pk],
    }
    assert client.post(url, {**base, "version": 1, "hours": "8 h à 17 h"}).status_code == 302
    second = client.post(url, {**base, "version": 1, "contact": "La loge"})
    words = second.content.decode()
    assert "Quelqu’un a écrit en même temps que vous." in words
    assert "8 h à 17 h" in words
    assert 'value="La loge"' in words
    site.refresh_from_db()
    assert (site.hours, site.contact) == ("8 h à 17 h", "")
    assert second.context["version"] == 2
    assert client.post(url, {**base, "version": 2, "contact": "La loge"}).status_code == 302


def test_only_who_builds_answers_or_coordinates_writes(cast: Cast, client: Client) -> None:
    site, other = a_worksite(cast), a_worksite(cast, owner=cast.town, manager=cast.town)
    client.force_login(cast.luc)
    assert client.get(f"/chantiers/{site.pk}/dates/").status_code == 200
    assert client.get(f"/chantiers/{other.pk}/dates/").status_code == 403
    answer = client.post(
        "/chantiers/nouveau/",
        {
            "title": "Chez le voisin",
            "kind": "construction",
            "owner": cast.town.pk,
            "manager": cast.town.pk,
            "commune": cast.anzin.pk,
        },
    )
    assert "Votre organisation doit être" in answer.content.decode()
    assert not Worksite.objects.filter(title="Chez le voisin").exists()


def test_an_outline_outside_of_the_commune_is_refused_and_kept_in_the_form(
    cast: Cast, client: Client
) -> None:
    site = a_worksite(cast)
    client.force_login(cast.luc)
    ring = "[[3.53,50.38],[3.535,50.38],[3.535,50.383],[3.53,50.38]]"
    far = f'{{"type":"Polygon","coordinates":[{ring}]}}'
    url = f"/chantiers/{site.pk}/perimetre/"
    sent = SimpleUploadedFile("p.geojson", far.encode())
    words = client.post(url, {"version": 1, "outline_file": sent}).content.decode()
    assert "en dehors de Anzin" in words
    assert "3.535" in words
    here = far.replace("3.53", "3.51")
    assert client.post(url, {"version": 1, "outline_text": here}).status_code == 302
    site.refresh_from_db()
    assert (site.west, site.version) == (3.51, 2)


def test_an_unkept_charter_is_due_to_the_manager_and_goes_to_the_next_meeting(cast: Cast) -> None:
    site = a_worksite(cast)
    pledge = charters.make_pledge(site, actor=cast.actor(cast.luc), text="Laver les roues")
    luc, claire, paul = (cast.actor(one) for one in (cast.luc, cast.claire, cast.paul))

    def due(actor: Any) -> list[str]:
        return [one.title for span in due_for(actor) for one in span.first]

    def on_agenda() -> list[str]:
        where = Where(communes=frozenset({cast.anzin.pk}))
        return [one.title for one in awaiting(claire, day(), where)]

    assert site.title not in due(luc)
    with pytest.raises(ValidationError):
        charters.check_pledge(
            pledge, actor=claire, result="unkept", evidence="  ", checked_on=day()
        )
    charters.check_pledge(
        pledge, actor=claire, result="unkept", evidence="Photo du jour.", checked_on=day()
    )
    assert site.title in due(luc)
    assert site.title not in due(paul)
    assert on_agenda().count(site.title) == 1
    charters.check_pledge(pledge, actor=claire, result="kept", evidence="Vu.", checked_on=day())
    assert site.title not in due(luc)
    assert site.title not in on_agenda()


def test_the_charter_s_file_is_read_with_the_same_right_as_the_page(
    cast: Cast, client: Client, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    file = SimpleUploadedFile("charte.pdf", b"%PDF-1.7 charte")
    for public, status in ((True, 200), (False, 404)):
        site = a_worksite(cast, public=public)
        charters.write_charter(
            site, actor=cast.actor(cast.luc), version=1, title="Charte", signed_on=None, file=file
        )
        url = f"/chantiers/{site.pk}/charte/fichier/"
        assert client.get(url).status_code == status
        assert client.get(f"/chantiers/{site.pk}/").status_code == status


@pytest.mark.parametrize("side", ["west", "south", "east", "north"])
def test_a_perimeter_without_a_side_of_its_box_is_refused_by_the_database(
    cast: Cast, side: str
) -> None:
    site = a_worksite(cast)
    with pytest.raises(IntegrityError):
        Worksite.objects.filter(pk=site.pk).update(**{side: None})
