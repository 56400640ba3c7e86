"""Sheets that go with something: the themes and labels that it bears, or another sheet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.toolbox.models import Sheet
from parvis.upkeep.themes import themes as listed_themes

RELATED = 6
# A theme says more of what a sheet is about than a label; its domain alone, less.
THEME, LABEL, DOMAIN = 4, 2, 1
ROWS = Sheet.objects.select_related("author").defer("body")


def suggest(
    actor: Actor,
    *,
    themes: Iterable[str] = (),
    labels: Iterable[tuple[str, str]] = (),
    limit: int = 3,
) -> list[Sheet]:
    """The published and vouched for sheets that share most with these codes of themes and labels
    (group, code), best match first, then newest. One query, none when nothing is asked for."""
    return _sharing(actor, set(themes), set(labels), limit, without=())


def related(actor: Actor, sheet: Any, limit: int = RELATED) -> list[Sheet]:
    """The sheets that this one points to, in its order, then those that share most with it."""
    pointed = [one.other_id for one in sheet.see_also.all()]
    rows = ROWS.visible_to(actor).filter(pk__in=pointed, live=True).in_bulk() if pointed else {}
    found = [rows[pk] for pk in pointed if pk in rows][:limit]
    if len(found) < limit:
        labels = {(one.group, one.code) for one in sheet.labels.all()}
        codes = {one.code for one in sheet.themes.all()}
        without = (sheet.pk, *(one.pk for one in found))
        found += _sharing(actor, codes, labels, limit - len(found), without=without)
    return found


def _sharing(
    actor: Actor,
    themes: set[str],
    labels: set[tuple[str, str]],
    limit: int,
    *,
    without: tuple[int, ...],
) -> list[Sheet]:
    if not themes and not labels:
        return []
    listed = listed_themes()
    domains = {listed[code].domain for code in themes if code in listed}
    domains |= {code for group, code in labels if group == "domaine"}
    theme_rows = Sheet.themes.through.objects.filter(theme__code__in=sorted(themes))
    label_rows = Sheet.labels.through.objects.filter(_any_label(labels))
    domain_rows = Sheet.labels.through.objects.filter(
        label__group="domaine", label__code__in=sorted(domains)
    )
    score = _times(theme_rows, THEME) + _times(label_rows, LABEL) + _times(domain_rows, DOMAIN)
    shared = Q(pk__in=theme_rows.values("sheet_id")) | Q(pk__in=label_rows.values("sheet_id"))
    if domains:
        shared |= Q(pk__in=domain_rows.values("sheet_id"))
    rows = ROWS.visible_to(actor).current(timezone.localdate()).filter(shared)
    rows = rows.exclude(pk__in=without).annotate(score=score)
    return list(rows.order_by("-score", "-first_published_at", "-pk")[:limit])


def _any_label(labels: set[tuple[str, str]]) -> Q:
    found = Q(pk__in=())
    for group, code in sorted(labels):
        found |= Q(label__group=group, label__code=code)
    return found


def _times(rows: Any, weight: int) -> Any:
    """How many of these rows a sheet has, weighed."""
    counted = (
        rows.filter(sheet_id=OuterRef("pk"))
        .order_by()
        .values("sheet_id")
        .annotate(many=Count("pk"))
        .values("many")
    )
    number = Coalesce(Subquery(counted, output_field=IntegerField()), 0)
    return number * Value(weight, IntegerField())
