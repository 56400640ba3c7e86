"""What a line changed that one can see: pictures before and after, what was seen on the spot, and
how many reports of its themes came in that quartier, before and during its year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import ExtractQuarter, ExtractYear
from django.urls import reverse

from parvis.actions.models import Picture
from parvis.partners.actors import Actor
from parvis.reports.models import Report
from parvis.tfpb.axes import axis_of
from parvis.tfpb.bilan_models import FieldCheck
from parvis.tfpb.programme_models import Line, Programme
from parvis.tfpb.programme_things import LINE
from parvis.thread.models import Link
from parvis.ui.components import Bar, BarGroup, Chart
from parvis.ui.words import number_in_words

QUARTER_NAMES = ("Janvier à mars", "Avril à juin", "Juillet à septembre", "Octobre à décembre")
HOPS = 3  # links from a report to a line: report, decision, action, line


@dataclass(frozen=True)
class Shot:
    """A picture, and what it shows."""

    url: str
    caption: str
    moment: str  # "avant", "après", "vu sur place", "pas vu sur place"


def pictures_of(actor: Actor, lines: Iterable[Line]) -> dict[int, list[Shot]]:
    """The pictures of these lines that this actor may see, by line: those of the action that it
    pays for, then those of field checks; two queries."""
    wanted = list(lines)
    found: dict[int, list[Shot]] = {line.pk: [] for line in wanted}
    by_action: dict[int, list[Shot]] = {}
    actions = {line.action_id for line in wanted if line.action_id}
    for one in Picture.objects.visible_to(actor).filter(action__in=actions).order_by("at", "pk"):
        shot = Shot(
            reverse("actions:picture", args=[one.pk]), one.caption, one.get_moment_display()
        )
        by_action.setdefault(one.action_id, []).append(shot)
    for line in wanted:
        found[line.pk] += by_action.get(line.action_id or 0, [])
    checks = FieldCheck.objects.visible_to(actor).filter(line__in=found).exclude(file="")
    for check in checks.order_by("on", "pk"):
        words = "vu sur place" if check.seen else "pas vu sur place"
        url = reverse("tfpb:check_picture", args=[check.pk])
        found[check.line_id].append(Shot(url, check.note, words))
    return found


def counts_by_quarter(
    actor: Actor, programme: Programme, themes: Iterable[str]
) -> dict[tuple[int, int], int]:
    """How many reports of these themes came in the programme's quartier and commune, among those
    that this actor may see, by (year, quarter): its year and the one before; one query."""
    inside = Report.quartiers.through.objects.filter(quartier_id=programme.quartier_id)
    rows = (
        Report.objects.visible_to(actor)
        .filter(
            commune_id=programme.commune_id,
            pk__in=inside.values("report_id"),
            category__theme_code__in=list(themes),
            withdrawn_at=None,
            merged_into=None,
        )
        .annotate(year=ExtractYear("at"), quarter=ExtractQuarter("at"))
        .filter(year__in=(programme.year - 1, programme.year))
        .order_by()
        .values_list("year", "quarter")
        .annotate(count=Count("pk"))
    )
    return {(year, quarter): count for year, quarter, count in rows}


def reports_chart(actor: Actor, programme: Programme, axes: Iterable[str]) -> Chart | None:
    """Reports of the themes of these axes by quarter, the year before and during; nothing for axes
    without themes, or when nothing was ever reported."""
    themes = sorted({theme for axis in axes for theme in axis_of(axis).themes})
    counts = counts_by_quarter(actor, programme, themes) if themes else {}
    if not counts:
        return None
    year, largest = programme.year, max(counts.values())
    groups, rows = [], []
    for place, name in enumerate(QUARTER_NAMES, start=1):
        before, during = (counts.get((one, place), 0) for one in (year - 1, year))
        groups.append(
            BarGroup(
                name,
                (
                    Bar(str(year - 1), before * 100 / largest, number_in_words(before)),
                    Bar(str(year), during * 100 / largest, number_in_words(during), second=True),
                ),
            )
        )
        moved = during - before
        signed = f"{'+' if moved > 0 else ''}{number_in_words(moved)}"
        rows.append((name, number_in_words(before), number_in_words(during), signed))
    return Chart(
        title="Signalements sur les mêmes sujets",
        text=f"Nombre de signalements que vous pouvez lire, dans ce quartier et cette commune, en "
        f"{year - 1} (avant) et en {year} (pendant).",
        groups=tuple(groups),
        heads=("Trimestre", f"{year - 1}", f"{year}", "Écart"),
        rows=tuple(rows),
        ident="signalements",
    )


def reports_behind(actor: Actor, lines: Iterable[Line]) -> dict[int, list[Report]]:
    """The reports of residents that led to each of these lines, among those that this actor may
    see, the oldest first; a fixed number of queries."""
    behind: dict[int, set[int]] = {}
    # Each thing that was reached, and the lines that it leads to.
    reached: dict[tuple[str, int], set[int]] = {(LINE, line.pk): {line.pk} for line in lines}
    front = dict(reached)
    for _ in range(HOPS):
        following: dict[tuple[str, int], set[int]] = {}
        for source, target in _links_to(front):
            if source[0] == "report":
                behind.setdefault(source[1], set()).update(front[target])
            new = front[target] - reached.get(source, set())
            if new:
                reached.setdefault(source, set()).update(new)
                following.setdefault(source, set()).update(new)
        front = following
    found: dict[int, list[Report]] = {}
    reports = Report.objects.visible_to(actor).filter(
        pk__in=list(behind), withdrawn_at=None, merged_into=None, private=False
    )
    for report in reports.select_related("category").order_by("at", "pk"):
        for line in sorted(behind[report.pk]):
            found.setdefault(line, []).append(report)
    return found


def _links_to(
    things: dict[tuple[str, int], Any],
) -> list[tuple[tuple[str, int], tuple[str, int]]]:
    """What gave rise to these things; one query."""
    by_kind: dict[str, list[int]] = {}
    for kind, pk in things:
        by_kind.setdefault(kind, []).append(pk)
    wanted = Q(pk__in=())
    for kind, ids in sorted(by_kind.items()):
        wanted |= Q(target_kind=kind, target_id__in=ids)
    rows = Link.objects.filter(wanted, kind="gives_rise").values_list(
        "source_kind", "source_id", "target_kind", "target_id"
    )
    return [((one, two), (three, four)) for one, two, three, four in rows]
