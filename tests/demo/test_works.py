"""The works of the demonstration: two projects, five worksites, what was delivered and lasts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.gatherings.models import Gathering
from parvis.meetings.models import Instance
from parvis.thread.models import Link
from parvis.works.dates import touching
from parvis.works.models import (
    CharterPledge,
    Delivery,
    DurabilityCheck,
    GroundChange,
    MeetingQuestion,
    Nuisance,
    OccupancyCount,
    RenewalProject,
    Reserve,
    Survey,
    TimetableChange,
    WorksAnnouncement,
    Worksite,
)
from parvis.works.surveying import results_of


def today() -> Any:
    return timezone.localdate()


def test_the_cotech_follows_the_project_of_the_rives(demo: None) -> None:
    followed = Instance.objects.get(kind="cotech").subject
    assert followed == ("project", RenewalProject.objects.get(programme="npnru").pk)
    assert Link.objects.filter(source_kind="project", target_kind="sitting").count() == 13


def test_two_projects_one_of_the_npnru_with_its_dated_phases(demo: None) -> None:
    projects = {one.programme: one for one in RenewalProject.objects.all()}
    assert len(projects) == 2
    npnru = projects["npnru"]
    dated = npnru.phases.filter(starts_on__isnull=False, ends_on__isnull=False)
    assert dated.count() >= 4
    assert npnru.amounts.exists()
    assert npnru.management.filter(done_on__isnull=False).count() == 4
    assert npnru.management.filter(done_on=None).count() == 1
    assert all("démonstration" in one.title for one in projects.values())


def test_residents_are_owed_answers_and_one_is_late(demo: None) -> None:
    late = MeetingQuestion.objects.filter(answered_on=None, due_on__lt=today())
    assert late.count() == 1
    counts = OccupancyCount.objects.order_by("counted_on").values_list("occupied", flat=True)
    assert list(counts) == sorted(counts, reverse=True)


def test_five_worksites_with_what_they_disturb_and_what_is_announced(demo: None) -> None:
    published = Worksite.objects.filter(published_at__isnull=False)
    assert published.count() == 5
    assert published.filter(areas__isnull=False).exists()  # what it answers for meanwhile
    assert Nuisance.objects.exclude(measure="").exists()
    assert Nuisance.objects.filter(measure="").exists()  # one that nothing reduces, and it shows
    soon = Worksite.objects.filter(touching(today(), today() + timedelta(days=13)))
    assert soon.count() >= 3
    coming = WorksAnnouncement.objects.filter(
        starts_on__gte=today(), starts_on__lt=today() + timedelta(days=14)
    )
    assert coming.count() >= 5
    assert WorksAnnouncement.objects.filter(ends_on__lt=today()).exists()
    assert not WorksAnnouncement.objects.filter(published_at__gt=timezone.now()).exists()
    assert CharterPledge.objects.filter(state="unkept").count() == 1
    change = TimetableChange.objects.get()
    assert change.worksite is not None
    assert change.ends_on == change.worksite.ends_on


def test_places_were_delivered_and_one_got_worse_and_became_an_action(demo: None) -> None:
    assert Delivery.objects.filter(taken_on__isnull=False).count() == 2
    worse = DurabilityCheck.objects.get(worsened=True)
    made = Link.objects.get(source_kind="durability_check", source_id=worse.pk)
    assert made.target_kind == "action"
    assert GroundChange.objects.filter(applied_area__manager=F("manager_after")).count() == 1
    waiting = Delivery.objects.get(taken_on=None)
    late = Reserve.objects.filter(delivery=waiting, lifted_on=None, due_on__lt=today())
    assert late.exists()


def test_residents_answered_and_workshops_helped_them(demo: None) -> None:
    results = results_of(Survey.objects.filter(published_at__isnull=False).order_by("pk"))
    assert [one.state for one in results] == ["shown"] * 4
    attached = Gathering.objects.filter(
        pk__in=Delivery.gatherings.through.objects.values("gathering")
    )
    assert any("double flux" in one.title for one in attached)


def test_a_resident_reads_what_was_delivered(demo: None, client: Client) -> None:
    page = client.get(reverse("works:deliveries")).content.decode()
    for one in Delivery.objects.all():
        assert one.title in page
        url = reverse("works:survey_results", args=[one.pk])
        assert client.get(url).status_code == 200
