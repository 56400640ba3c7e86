"""Making again what is derived: the search index, and what reports repeat of parts and voices."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction

from parvis.reports.counting import recount
from parvis.reports.models import Part, Report, Voice
from parvis.reports.searching import index_reports

AT_ONCE = 200


def rebuild_search() -> int:
    """Index every report that was not withdrawn; how many."""
    reports = Report.objects.filter(withdrawn_at=None).select_related("category").order_by("pk")
    return index_reports(reports.iterator(chunk_size=500))


def recount_all() -> int:
    """Recompute what every report repeats of its parts and voices; how many were wrong."""
    return sum(_recount_some(ids) for ids in _lots())


def _lots() -> Iterator[list[int]]:
    last = 0
    while True:
        ids = list(
            Report.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]
        )
        if not ids:
            return
        yield ids
        last = ids[-1]


def _recount_some(ids: list[int]) -> int:
    wrong = 0
    with transaction.atomic():
        reports = Report.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
        parts: dict[int, list[Part]] = {}
        for part in Part.objects.filter(report__in=ids).order_by("created_at", "pk"):
            parts.setdefault(part.report_id, []).append(part)
        voices: dict[int, int] = {}
        for report_id in Voice.objects.filter(report__in=ids, withdrawn_at=None).values_list(
            "report_id", flat=True
        ):
            voices[report_id] = voices.get(report_id, 0) + 1
        for report in reports:
            was = (report.state, report.due_on, report.closed_at, report.voice_count)
            recount(report, parts.get(report.pk, []))
            report.voice_count = voices.get(report.pk, 0)
            if was != (report.state, report.due_on, report.closed_at, report.voice_count):
                report.save(update_fields=["voice_count"])
                wrong += 1
    return wrong
