"""Lists of this part cost the same whatever they hold."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from parvis.councils.models import (
    Body,
    BodyNote,
    DueDocument,
    NetworkTopic,
    Presence,
    TrainingOffer,
)
from parvis.gatherings.models import Gathering
from parvis.meetings.models import Sitting
from tests.cast import Cast
from tests.councils.scene import a_body, hugo_in
from tests.councils.space_scene import a_referent, instance_of


def fill(body: Body, cast: Cast, count: int) -> None:
    """So many notes, documents, subjects, trainings and sittings."""
    now, today = timezone.now(), timezone.localdate()
    BodyNote.objects.bulk_create(
        BodyNote(body=body, title="Note", text="…", by=cast.hugo, at=now, changed_at=now)
        for _ in range(count)
    )
    DueDocument.objects.bulk_create(
        DueDocument(body=body, kind="evaluation", title="Bilan", owed_by=cast.town, due_on=today)
        for _ in range(count)
    )
    NetworkTopic.objects.bulk_create(
        NetworkTopic(coordinator=body.coordinator, title="Sujet", opened_at=now, moved_at=now)
        for _ in range(count)
    )
    TrainingOffer.objects.bulk_create(
        TrainingOffer(
            coordinator=body.coordinator,
            title="Lire un plan",
            starts_on=today,
            ends_on=today,
            hours=Decimal(2),
        )
        for _ in range(count)
    )
    gatherings = Gathering.objects.bulk_create(
        Gathering(
            kind="seance",
            title="Séance",
            starts_at=now - timedelta(days=day),
            ends_at=now - timedelta(days=day) + timedelta(hours=2),
            organiser=body.organisation,
            changed_at=now,
        )
        for day in range(1, count + 1)
    )
    instance, member = instance_of(body), body.members.get()
    sittings = Sitting.objects.bulk_create(
        Sitting(instance=instance, gathering=one) for one in gatherings
    )
    Presence.objects.bulk_create(
        Presence(member=member, sitting=one, came=False) for one in sittings
    )


def test_ten_or_a_thousand_rows_cost_the_same(cast: Cast) -> None:
    body = a_body(cast)
    a_referent(hugo_in(cast, body), cast)
    client = Client(headers={"sec-fetch-site": "same-origin"})
    client.force_login(cast.yasmine)
    pages = [
        *(reverse(f"councils:{name}", args=[body.pk]) for name in ("notes", "due_documents")),
        reverse("councils:body_sittings", args=[body.pk]),
        *(reverse(f"councils:{name}") for name in ("network", "trainings", "training_figures")),
        reverse("councils:space_of", args=[body.members.get().pk]),
    ]

    def costs() -> dict[str, int]:
        found = {}
        for url in pages:
            client.get(url)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url).status_code == 200
            found[url] = len(queries)
        return found

    fill(body, cast, 10)
    few = costs()
    fill(body, cast, 990)
    assert costs() == few
    assert max(few.values()) <= 25, few


@pytest.mark.parametrize("page", ["0", "x", "99999999999", "²"])
def test_a_page_that_is_no_number_is_the_first_or_empty(cast: Cast, page: str) -> None:
    body = a_body(cast)
    client: Any = Client(headers={"sec-fetch-site": "same-origin"})
    client.force_login(cast.yasmine)
    answer = client.get(reverse("councils:notes", args=[body.pk]), {"page": page})
    assert answer.status_code == 200
