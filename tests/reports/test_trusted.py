"""What members of a trusted organisation report is public at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.reports.acts import file_report
from parvis.reports.models import Photo, Report
from tests.cast import Cast
from tests.reports.pages import send, text_of
from tests.reports.scene import at_point, category, codes, in_hall, photo


def by(actor: Actor, code: str = "trou_chaussee", place: Any = None) -> Report:
    voice = file_report(
        actor=actor,
        place=place or at_point(),
        category=category(code),
        text="Un trou",
        photos=[photo()],
    )
    return Report.objects.get(pk=voice.report_id)


@pytest.fixture
def trusted(town: Cast) -> Cast:
    Organisation.objects.filter(pk=town.association.pk).update(trusted_on=timezone.localdate())
    return town


def test_report_text_and_photos_are_public_at_once(trusted: Cast, client: Client) -> None:
    report = by(trusted.actor(trusted.rose))
    assert (report.public, report.text_shown, report.reviewed_at) == (True, True, report.at)
    assert Photo.objects.get().shown
    assert codes(report) == ["filed", "published"]
    page = client.get(f"/signalements/{report.reference}/").content.decode()
    assert "Un trou" in page
    assert "/photos/" in page


def test_through_the_form_as_well(trusted: Cast, client: Client) -> None:
    client.force_login(trusted.rose)
    assert send(client, text="Un trou").status_code == 302
    assert Report.objects.get().public


def test_others_are_read_first(trusted: Cast) -> None:
    rose = trusted.actor(trusted.rose)
    for actor in (
        trusted.actor(trusted.sofia),  # of an organisation that is not trusted
        trusted.actor(trusted.odile),  # her mandate is over
        Actor(),
        # The bearer of a link of the organisation holds no mandate.
        replace(Actor(), organisation_id=rose.organisation_id, bearer=("part", 1)),
    ):
        assert not by(actor).public
    assert not Photo.objects.filter(shown=True).exists()


def test_what_may_not_be_public_never_is(trusted: Cast) -> None:
    rose = trusted.actor(trusted.rose)
    assert not by(rose, "occupation_hall", in_hall(trusted)).public
    assert not by(rose, "logement_fuite", in_hall(trusted)).public
    assert not Photo.objects.filter(shown=True).exists()


def test_trust_that_begins_tomorrow_or_a_closed_organisation_publishes_nothing(
    trusted: Cast,
) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    Organisation.objects.filter(pk=trusted.association.pk).update(trusted_on=tomorrow)
    assert not by(trusted.actor(trusted.rose)).public
    today = timezone.localdate()
    Organisation.objects.filter(pk=trusted.association.pk).update(trusted_on=today, closed_on=today)
    assert not by(trusted.actor(trusted.rose)).public


def test_the_coordination_gives_trust_and_takes_it_back(town: Cast, client: Client) -> None:
    page, act = (f"/organisations/{town.association.pk}/{end}" for end in ("", "confiance/"))
    client.force_login(town.claire)
    assert "Relus avant d’être publics" in text_of(client.get(page))
    client.post(act, {"trusted": "1"})
    town.association.refresh_from_db()
    assert town.association.trusted_on == timezone.localdate()
    assert "Publics aussitôt" in text_of(client.get(page))
    client.post(act, {"trusted": "0"})
    town.association.refresh_from_db()
    assert town.association.trusted_on is None


def test_nobody_else_does_not_even_for_their_own(town: Cast, client: Client) -> None:
    for person in (town.karim, town.luc, town.rose, town.bruno):
        client.force_login(person)
        for organisation in (town.association, town.town, town.landlord):
            answer = client.post(f"/organisations/{organisation.pk}/confiance/", {"trusted": "1"})
            assert answer.status_code in (403, 404)
    assert not Organisation.objects.exclude(trusted_on=None).exists()
