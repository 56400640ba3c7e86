"""The orders of the list: every report once, empty values last, page after page by key."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from parvis.reports.models import Report
from parvis.reports.sorting import SORTS
from parvis.reports.tallies import MOST
from parvis.reports.workflow import State
from tests.cast import Cast
from tests.reports.pages import text_of
from tests.reports.scene import filed


def forty(cast: Cast) -> None:
    """Public reports with few different values in each column, so that many are alike."""
    model = filed().report
    now, today = timezone.now(), timezone.localdate()
    Report.objects.bulk_create(
        Report(
            reference=f"R-{number:03d}",
            category=model.category,
            commune=cast.anzin,
            at=now - timedelta(days=number // 4),
            public=True,
            reviewed_at=now,
            state=State.SETTLED if number % 3 == 0 else State.NEW,
            closed_at=now - timedelta(days=number % 5) if number % 3 == 0 else None,
            due_on=None if number % 3 == 0 else today + timedelta(days=number % 4),
            voice_count=1 + number % 4,
        )
        for number in range(50)
    )


def walked(client: Client, sort: str) -> list[Report]:
    url, found = f"/signalements/?tri={sort}", []
    while url:
        page = client.get(url).context
        assert len(page["rows"]) <= 20
        found += [row["report"] for row in page["rows"]]
        url = page["next_url"]
    return found


def in_order(sort: str, report: Report) -> Any:
    """What Python would sort by."""
    late = timezone.now() + timedelta(days=9000)
    newest = (late - report.at, -report.pk)
    return {
        "recents": newest,
        "echeance": (0, report.due_on, -report.pk) if report.due_on else (1, *newest),
        "personnes": (-report.voice_count, -report.pk),
        "clos": (0, late - report.closed_at, -report.pk) if report.closed_at else (1, *newest),
    }[sort]


@pytest.mark.parametrize("sort", SORTS)
def test_each_order_shows_every_report_once_and_in_its_place(
    town: Cast, client: Client, sort: str
) -> None:
    forty(town)
    found = walked(client, sort)
    assert len(found) == 50
    assert found == sorted(found, key=lambda report: in_order(sort, report))


@pytest.mark.parametrize("sort", SORTS)
def test_an_export_has_the_order_of_the_page(town: Cast, client: Client, sort: str) -> None:
    forty(town)
    answer = client.get(f"/signalements/export.csv?tri={sort}&par=100")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()[1:]
    assert [line.split(";")[0] for line in lines] == [one.reference for one in walked(client, sort)]


def test_a_page_has_twenty_reports_or_a_hundred(town: Cast, client: Client) -> None:
    forty(town)
    assert len(client.get("/signalements/").context["rows"]) == 20
    assert len(client.get("/signalements/?par=20").context["rows"]) == 20
    page = client.get("/signalements/").context
    assert page["longer_url"] == "/signalements/?par=100"
    assert len(client.get(page["longer_url"]).context["rows"]) == 50


@pytest.mark.parametrize(
    ("query", "label"),
    [("tri=text", "Ordre"), ("tri=-pk", "Ordre"), ("par=1000000", "Signalements par page")],
)
def test_an_order_or_a_size_that_is_not_offered_is_left_aside_and_told(
    town: Cast, client: Client, query: str, label: str
) -> None:
    forty(town)
    page = client.get(f"/signalements/?{query}")
    assert len(page.context["rows"]) == 20
    assert f"laissé de côté : {label}" in text_of(page)


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("key", ["~", "~~~2026-01-01~1", "x~1", "1~x", "~2026-13-01~1", "9~" * 50])
def test_a_key_that_makes_no_sense_leads_to_the_start(
    town: Cast, client: Client, sort: str, key: str
) -> None:
    forty(town)
    page = client.get("/signalements/", {"tri": sort, "before": key}).context
    assert len(page["rows"]) == 20


def test_many_reports_are_counted_up_to_a_thousand_for_partners(town: Cast, client: Client) -> None:
    report = filed().report
    rows = [
        Report(
            reference=f"R-{number:05d}",
            category=report.category,
            commune=town.anzin,
            at=report.at,
            due_on=timezone.localdate() - timedelta(days=1),
        )
        for number in range(MOST)
    ]
    client.force_login(town.karim)
    Report.objects.bulk_create(rows[:-1])
    assert "1 000 signalements · 1 000 en cours · 999 en retard" in text_of(
        client.get("/signalements/")
    )
    rows[-1].save()
    assert "Plus de 1 000 signalements · plus de 1 000 en cours · 1 000 en retard" in text_of(
        client.get("/signalements/")
    )
