"""What a report repeats of its parts and voices, and what the city map counts of reports: kept in
the same transaction as they change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from parvis.places.workdays import add_working_days
from parvis.reports.models import CellCount, Part, Report, Voice
from parvis.reports.workflow import CLOSED, OPEN, Forbidden, overall

# Acts told later than this are accounts of the past: nobody is written to about them.
NEWS = timedelta(days=1)


def is_news(moment: datetime) -> bool:
    """Whether what happened then is recent enough to tell people."""
    return timezone.now() - moment < NEWS


def local_day(moment: datetime) -> date:
    """The day it was here (Europe/Paris) at that moment."""
    return timezone.localtime(moment).date()


def due_day(moment: datetime, working_days: int) -> date:
    """The day by which something is expected, counted in working days."""
    return add_working_days(local_day(moment), working_days)


def united_with(report_id: int) -> Any:
    """A report and those that were united with it."""
    return Report.objects.filter(Q(pk=report_id) | Q(merged_into=report_id))


def hold(report_id: int | Subquery) -> tuple[Report, list[Part]]:
    """A report and its parts, held until the transaction ends; always in this order."""
    report = (
        Report.objects.select_for_update(of=("self",)).select_related("category").get(pk=report_id)
    )
    parts = list(
        Part.objects.select_for_update(of=("self",))
        .filter(report=report)
        .select_related("organisation")
        .order_by("created_at", "pk")
    )
    return report, parts


def lock(report_id: int) -> tuple[Report, list[Part]]:
    """A report on which something is done, and its parts, held. Forbidden once it was withdrawn,
    or united with another: what is done is done there, by who has the right to."""
    report, parts = hold(report_id)
    _refuse_withdrawn(report)
    if report.merged_into is not None:
        raise Forbidden(
            f"Ce signalement est réuni avec {report.merged_into.reference} : ouvrez celui-là."
        )
    return report, parts


def lock_home(report_id: int) -> tuple[Report, list[Part]]:
    """The same for who spoke through a report: if it was united with another, that one."""
    home = Report.objects.filter(pk=report_id).values(home=Coalesce("merged_into_id", "pk"))
    while True:
        report, parts = hold(Subquery(home))
        if report.merged_into_id is None:  # else it was united with another while we waited
            _refuse_withdrawn(report)
            return report, parts


def _refuse_withdrawn(report: Report) -> None:
    if report.withdrawn_at is not None:
        raise Forbidden("Ce signalement a été retiré par la personne qui l’avait fait.")


def lock_many(report_ids: Iterable[int]) -> list[Part]:
    """The parts of several reports, held with their reports; always in the order of ids, so that
    two who hold several never wait for each other. Reports that were withdrawn, or united with
    another, are left out."""
    held = Report.objects.select_for_update(of=("self",)).filter(
        pk__in=set(report_ids), withdrawn_at=None, merged_into=None
    )
    ids = list(held.order_by("pk").values_list("pk", flat=True))
    return list(
        Part.objects.select_for_update(of=("self",))
        .filter(report__in=ids)
        .select_related("report__category", "organisation")
        .order_by("report_id", "created_at", "pk")
    )


def recount(report: Report, parts: Iterable[Part]) -> None:
    """Bring state, due day and closing of a report in line with its parts, and save them. One that
    was united with another stays closed as that left it."""
    if report.merged_into_id is not None:
        keep(report)
        return
    parts = list(parts)
    report.state = overall([part.state for part in parts])
    report.due_on = min((part.due_on for part in parts if part.state in OPEN), default=None)
    report.closed_at = None
    if report.state in CLOSED:
        report.closed_at = max(part.closed_at for part in parts if part.closed_at)
    report.save(update_fields=["state", "due_on", "closed_at"])
    keep(report)


def recount_voices(report: Report) -> int:
    """Count again those who speak through a report and those united with it; saves the figure."""
    voices = Voice.objects.filter(report__in=united_with(report.pk), withdrawn_at=None)
    report.voice_count = voices.count()
    report.save(update_fields=["voice_count"])
    return report.voice_count


# --- the counters of the city map
NOWHERE = 0  # stands for the cell of a report without a point, and for no commune


def keep(report: Report) -> None:
    """Count a report on the city map where it now stands, and no longer where it stood.

    To be called in the transaction that holds the report, after anything that changes whether it
    is public, withdrawn or merged, its place, its category or its state. Three queries at most,
    none when nothing moved.
    """
    key = counted_under(report)
    if key == report.counted:
        return
    # Always in the same order: two reports that cross each other never wait for one another.
    for one, by in sorted([(report.counted, -1), (key, 1)]):
        if one:
            add(one, by)
    report.counted = key
    report.save(update_fields=["counted"])


def counted_under(report: Report) -> str:
    """The key of the counter that holds this report; empty when the public does not see it."""
    if not report.public or report.withdrawn_at is not None or report.merged_into_id is not None:
        return ""
    family = report.category.parent_id or report.category_id
    return f"{report.cell or NOWHERE}/{report.commune_id or NOWHERE}/{family}/{report.state}"


def add(key: str, by: int) -> None:
    """Raise (or lower) one counter, made when it is not there yet."""
    cell, commune, family, state = key.split("/")
    where = {
        "cell": int(cell),
        "commune_id": int(commune) or None,
        "family_id": int(family),
        "state": state,
    }
    rows = CellCount.objects.filter(**where)
    if rows.update(count=F("count") + by):
        return
    try:
        with transaction.atomic():
            CellCount.objects.create(**where, count=by)
    except IntegrityError:  # somebody else made it meanwhile
        rows.update(count=F("count") + by)
