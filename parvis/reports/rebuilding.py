"""Making again what is derived: the search index, what reports repeat of parts and voices, and the
counters of the city map."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.db.models.functions import Coalesce

from parvis.reports.cells import cell_of
from parvis.reports.counting import add, recount
from parvis.reports.models import CellCount, Part, Report, Voice
from parvis.reports.searching import KIND, index_numbers, index_reports
from parvis.search import spelling

AT_ONCE = 200


def rebuild_search() -> int:
    """Index every report that was not withdrawn, and learn again how public words are spelt; how
    many."""
    spelling.forget(KIND)
    reports = (
        Report.objects.filter(withdrawn_at=None, merged_into=None)
        .select_related("category")
        .order_by("pk")
    )
    numbered = Part.objects.exclude(own_number="").order_by("pk")
    index_numbers(numbered.iterator(chunk_size=500))
    return index_reports(reports.iterator(chunk_size=500))


def recount_all() -> int:
    """Recompute what every report repeats of its parts and voices, its cell, and the counters of
    the city map; how many reports were wrong."""
    wrong = sum(_recount_some(ids) for ids in _lots())
    recount_cells()
    return wrong


def recount_cells() -> int:
    """Make the counters of the city map what reports say; how many were wrong."""
    with transaction.atomic():
        rows = CellCount.objects.select_for_update().order_by("pk")
        held = {row.key: row.count for row in rows}
        reports = Report.objects.exclude(counted="").order_by().values_list("counted")
        true = dict(reports.annotate(count=Count("pk")))
        keys = sorted(held.keys() | true.keys())
        wrong = {key: true.get(key, 0) - held.get(key, 0) for key in keys}
        wrong = {key: by for key, by in wrong.items() if by}
        for key, by in wrong.items():
            add(key, by)
        CellCount.objects.filter(count=0).delete()
    return len(wrong)


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
        reports = (
            Report.objects.select_for_update(of=("self",))
            .filter(pk__in=ids)
            .select_related("category")
            .order_by("pk")
        )
        parts: dict[int, list[Part]] = {}
        for part in Part.objects.filter(report__in=ids).order_by("created_at", "pk"):
            parts.setdefault(part.report_id, []).append(part)
        voices: dict[int, int] = {}
        home = Coalesce("report__merged_into_id", "report_id")
        spoken = Voice.objects.annotate(home=home).filter(home__in=ids, withdrawn_at=None)
        for report_id in spoken.values_list("home", flat=True):
            voices[report_id] = voices.get(report_id, 0) + 1
        for report in reports:
            was = _derived(report)
            report.cell = cell_of(report.latitude, report.longitude)
            recount(report, parts.get(report.pk, []))
            report.voice_count = voices.get(report.pk, 0)
            if was != _derived(report):
                report.save(update_fields=["voice_count", "cell"])
                wrong += 1
    return wrong


def _derived(report: Report) -> tuple[Any, ...]:
    return (
        report.state,
        report.due_on,
        report.closed_at,
        report.voice_count,
        report.cell,
        report.counted,
    )
