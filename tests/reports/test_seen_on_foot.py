"""A report is looked at again by people who walk there: a note and pictures come back to it."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from parvis.partners.actors import NOBODY
from parvis.partners.models import User
from parvis.reports.models import Note, Part, Photo, Report
from parvis.thread.acts import give_back
from parvis.thread.register import Seen, Where, kind_of
from tests.cast import IN_ANZIN_OUTSIDE_RIVES, IN_RAISMES, Cast
from tests.reports.scene import at_point, codes, filed, make_public, only_part


def a_jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "JPEG")
    return out.getvalue()


def seen(cast: Cast, result: str = "seen", **fields: Any) -> Seen:
    given = {
        "on": timezone.localdate(),
        "organisation_id": cast.agglomeration.pk,
        "where": "Diagnostic en marchant du 3 mars 2026",
        "note": "Le trou s’élargit.",
        **fields,
    }
    return Seen(result, **given)


def returned(report: Report, told: Seen, actor: Any = NOBODY) -> None:
    with transaction.atomic():
        give_back(actor, ("report", report.pk), told)


def offered(cast: Cast, person: User, where: Where) -> set[int]:
    checking = kind_of("report").checking
    assert checking
    return {pk for (pk,) in checking.offered(cast.actor(person), where).values_list("pk")}


def test_a_note_and_pictures_nobody_reviewed_come_back(town: Cast) -> None:
    report = filed().report
    told = seen(town, pictures=(a_jpeg(), a_jpeg()))
    returned(report, told, town.actor(town.claire))
    note = Note.objects.get(report=report)
    words = "Diagnostic en marchant du 3 mars 2026 : toujours là. Le trou s’élargit."
    assert (note.text, note.organisation, note.by) == (words, town.agglomeration, town.claire)
    photos = list(Photo.objects.filter(report=report))
    assert {(one.shown, one.moment, one.organisation) for one in photos} == {
        (False, "before", town.agglomeration)
    }
    assert len(photos) == 2
    assert codes(report)[-1] == "seen_on_foot"


def test_who_walked_with_a_link_is_nobody_of_the_organisation(town: Cast) -> None:
    report = filed().report
    returned(report, seen(town))
    assert Note.objects.get().by is None
    returned(report, seen(town), town.actor(town.karim))
    assert Note.objects.last().by is None  # type: ignore[union-attr]


def test_what_is_gone_closes_no_part(town: Cast) -> None:
    report = filed().report
    returned(report, seen(town, "unseen", pictures=(a_jpeg(),)))
    assert only_part(report).state == "new"
    assert Photo.objects.get().moment == "after"
    assert "ne se voit plus" in Note.objects.get().text


def test_partners_read_it_on_its_page_and_nobody_else(client: Any, town: Cast) -> None:
    report = make_public(filed().report)
    returned(report, seen(town, "worse", pictures=(a_jpeg(),)))
    url = reverse("reports:report", args=[report.reference])
    page = client.get(url).content.decode()
    assert report.reference in page
    assert "Le trou s’élargit" not in page
    assert "Vu sur place" not in page
    assert "/photos/" not in page
    client.force_login(town.karim)
    page = client.get(url).content.decode()
    assert "pire. Le trou s’élargit" in page
    assert "Vu sur place pour Agglomération de l’Escaut : pire" in page
    client.force_login(town.nadia)
    assert "Le trou s’élargit" not in client.get(url).content.decode()


def test_who_may_write_a_note_may_have_it_checked(town: Cast) -> None:
    report = make_public(filed().report)  # which everybody sees
    rives = Where(quartiers=frozenset({town.rives.pk}))
    Part.objects.filter(report=report).update(organisation=town.landlord)
    for person, may in (
        (town.claire, True),
        (town.karim, True),
        (town.luc, True),  # has a part of it
        (town.paul, False),  # the other landlord
        (town.nadia, False),
        (town.bruno, False),
        (town.rose, False),  # reads, and writes nothing
    ):
        assert offered(town, person, rives) == ({report.pk} if may else set()), person.name


def test_elsewhere_closed_private_or_withdrawn_is_not_offered(town: Cast) -> None:
    rives = Where(quartiers=frozenset({town.rives.pk}))
    kept = filed().report
    filed(place=at_point(IN_ANZIN_OUTSIDE_RIVES))
    filed(place=at_point(IN_RAISMES))
    for change in (
        {"state": "settled", "closed_at": timezone.now()},
        {"private": True},
        {"withdrawn_at": timezone.now()},
        {"merged_into": kept},
    ):
        Report.objects.filter(pk=filed().report.pk).update(**change)
    assert offered(town, town.claire, rives) == {kept.pk}


def test_a_report_that_was_withdrawn_takes_nothing_more(town: Cast) -> None:
    report = filed().report
    Report.objects.filter(pk=report.pk).update(withdrawn_at=timezone.now())
    with pytest.raises(ValidationError, match="retiré"):
        returned(report, seen(town, pictures=(a_jpeg(),)))
    assert not Note.objects.exists()
    assert not Photo.objects.exists()


def test_one_query_offers_them(town: Cast, django_assert_num_queries: Any) -> None:
    for _ in range(5):
        filed()
    town.actor(town.claire)
    with django_assert_num_queries(1):
        assert len(offered(town, town.claire, Where(quartiers=frozenset({town.rives.pk})))) == 5
