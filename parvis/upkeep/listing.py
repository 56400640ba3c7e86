"""Lists of areas and residences, a page at a time, by key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce

from parvis.partners.actors import Actor
from parvis.places.models import Residence
from parvis.upkeep import access, themes
from parvis.upkeep.models import Holding, ManagedArea

PAGE = 50


@dataclass(frozen=True)
class Page:
    """Some rows, and the key of the last one when there are more."""

    rows: list[Any]
    after: int | None


def areas_page(actor: Actor, *, wanted: dict[str, Any], after: int | None, today: date) -> Page:
    """Managed areas by commune and name; one query, and one more for what follows `after`."""
    rows = ManagedArea.objects.visible_to(actor)
    if not wanted.get("ended"):
        rows = rows.current_or_to_come(today)
    if commune := wanted.get("commune"):
        rows = rows.filter(Q(commune=commune) | Q(commune=None, residence__commune=commune))
    if organisation := wanted.get("organisation"):
        rows = rows.filter(Q(manager=organisation) | Q(owner=organisation))
    if theme := wanted.get("theme"):
        # SQLite has no `contains` on JSON; codes are slugs, so their quoted text is exact.
        rows = rows.annotate(codes=Cast("theme_codes", TextField())).filter(
            Q(codes__contains=f'"{theme}"') | Q(codes="[]")
        )
    place = Coalesce("commune__name", "residence__commune__name", "quartier__name", Value(""))
    rows = rows.annotate(place=place).order_by("place", "name", "pk")
    found = _after(
        rows.select_related("commune", "quartier", "residence__commune", "manager", "owner").defer(
            "commune__outline",
            "quartier__outline",
            "residence__outline",
            "residence__commune__outline",
        ),
        ("place", "name"),
        after,
    )
    for area in found.rows:
        area.themes_shown = themes.labels(area.theme_codes)
    return found


def holdings_page(actor: Actor, *, after: int | None, today: date) -> Page:
    """Residences and who holds them, or will, by commune and name."""
    rows = (
        Holding.objects.visible_to(actor)
        .current_or_to_come(today)
        .select_related("residence__commune", "organisation")
        .defer("residence__outline", "residence__commune__outline")
        .order_by("residence__commune__name", "residence__name", "pk")
    )
    return _after(rows, ("residence__commune__name", "residence__name"), after)


def without_holder(actor: Actor, today: date) -> list[Residence]:
    """Residences of my communes that nobody holds today, at most a page of them."""
    held = Holding.objects.in_force(today).filter(residence_id=OuterRef("pk"))
    return list(
        Residence.objects.filter(access.residences_to_write(actor))
        .filter(~Exists(held))
        .select_related("commune")
        .defer("outline", "commune__outline")
        .order_by("commune__name", "name", "pk")[:PAGE]
    )


def _after(rows: QuerySet[Any], columns: tuple[str, str], after: int | None) -> Page:
    """The page that follows a row, by the values of two columns and the primary key."""
    first, second = columns
    if after is not None:
        key = rows.filter(pk=after).values_list(first, second).first()
        if key is not None:
            rows = rows.filter(
                Q(**{f"{first}__gt": key[0]})
                | Q(**{first: key[0], f"{second}__gt": key[1]})
                | Q(**{first: key[0], second: key[1], "pk__gt": after})
            )
    found = list(rows[: PAGE + 1])
    return Page(found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None)
