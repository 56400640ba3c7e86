"""Works at one's door: which worksites are there, and what they announce and disturb."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import CharField, DateField, F, IntegerField, Q, Value
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse

from parvis.documents.calendars import Entry
from parvis.partners.actors import Actor
from parvis.portal.doorstep import AT_MOST, DAYS, Doorstep
from parvis.ui.components import Moment
from parvis.works.dates import touching
from parvis.works.models import Nuisance, WorksAnnouncement, Worksite, WorksitePhase
from parvis.works.site_calendars import entry_of
from parvis.works.site_events import days_in_words
from parvis.works.site_near import announced_at, at_door
from parvis.works.sorting import label_of, lines

_ICON = "traffic-cone"
_PHASE, _NUISANCE = "phase", "nuisance"


@dataclass(frozen=True)
class Part:
    """A phase or a nuisance of a worksite, with its days."""

    what: str
    worksite: int
    name: str
    detail: str
    start: date | None
    end: date | None


@dataclass
class Works:
    """The works at one door in some days."""

    sites: list[Worksite] = field(default_factory=list)
    told: list[WorksAnnouncement] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.sites)

    @property
    def standing(self) -> list[dict[str, Any]]:
        """The announcements that hold, with their days in words."""
        return [
            {"row": one, "days": days_in_words(one.starts_on, one.ends_on)}
            for one in self.told
            if one.withdrawn_at is None
        ]

    @property
    def under_way(self) -> list[dict[str, Any]]:
        """Each worksite with what it disturbs in these days, and the measure taken."""
        found = []
        for site in self.sites:
            disturbs = [
                {
                    "label": label_of("nuisance", one.name),
                    "icon": lines("nuisance").get(one.name, {}).get("icon", "info"),
                    "measure": one.detail,
                }
                for one in self.parts
                if one.what == _NUISANCE and one.worksite == site.pk
            ]
            days = days_in_words(site.first_day, site.last_day)
            found.append({"row": site, "days": days, "disturbs": disturbs})
        return found

    def entries(self) -> list[Entry]:
        """The announcements as dates for calendars."""
        return [entry_of(one) for one in self.told]


def sites_at(actor: Actor, door: Doorstep, start: date, days: int = DAYS) -> list[Worksite]:
    """The published worksites at this door that touch these days: one query."""
    rows = (
        Worksite.objects.visible_to(actor)
        .filter(touching(start, start + timedelta(days=days - 1)), published_at__isnull=False)
        .order_by("starts_on", "pk")
    )
    quartiers = door.quartiers
    return at_door(rows, residence=door.residence, point=door.point, quartiers=quartiers)[:AT_MOST]


def works_at(actor: Actor, door: Doorstep, start: date, days: int = DAYS) -> Works:
    """Worksites, their announcements, phases and nuisances at this door: three queries at most."""
    sites = sites_at(actor, door, start, days)
    if not sites:
        return Works()
    last = start + timedelta(days=days - 1)
    told = announced_at(
        WorksAnnouncement.objects.visible_to(actor), residence=door.residence, worksites=sites
    ).filter(
        Q(replaced_by=None) | Q(replaced_by__published_at=None),
        published_at__isnull=False,
        starts_on__lte=last,
        ends_on__gte=start,
    )
    told = told.select_related("replaced_by").order_by("starts_on", "pk")[:AT_MOST]
    return Works(sites, list(told), _parts([one.pk for one in sites], start, last))


def _parts(sites: list[int], start: date, last: date) -> list[Part]:
    """Phases and nuisances of these worksites that touch these days, in one query."""
    phases = WorksitePhase.objects.filter(touching(start, last), worksite__in=sites)
    nuisances = Nuisance.objects.filter(
        Q(starts_on=None) | Q(starts_on__lte=last),
        Q(ends_on=None) | Q(ends_on__gte=start),
        worksite__in=sites,
    )
    both = _columns(
        phases, _PHASE, "title", "summary", ("began_on", "starts_on"), ("ended_on", "ends_on")
    ).union(
        _columns(nuisances, _NUISANCE, "kind", "measure", ("starts_on",), ("ends_on",)), all=True
    )
    return [Part(*row) for row in both.order_by("part_start", "part_name")[: 4 * AT_MOST]]


def _columns(
    rows: Any, what: str, name: str, detail: str, first: tuple[str, ...], last: tuple[str, ...]
) -> Any:
    def day(names: tuple[str, ...]) -> Any:
        chosen = Coalesce(*names) if len(names) > 1 else F(names[0])
        return Cast(chosen, DateField(null=True))

    text = CharField(max_length=300)
    return (
        rows.order_by()
        .annotate(
            part_what=Cast(Value(what), text),
            part_site=Cast(F("worksite_id"), IntegerField()),
            part_name=Cast(F(name), text),
            part_detail=Cast(F(detail), text),
            part_start=day(first),
            part_end=day(last),
        )
        .values_list("part_what", "part_site", "part_name", "part_detail", "part_start", "part_end")
    )


def works_moments(works: Works, start: date, days: int = DAYS) -> Iterator[tuple[date, Moment]]:
    """What works bring, by the day on which it begins; what goes on already stands on the first.
    A worksite stands there by its phases, or by itself when none of them touches these days."""
    last = start + timedelta(days=days - 1)
    by_pk = {one.pk: one for one in works.sites}
    for told in works.told:
        icon = next(iter(_icons(told.nuisances)), _ICON)
        yield (
            max(told.starts_on, start),
            Moment(
                title=told.title,
                url=reverse("works:announcement", args=[told.pk]),
                icon=icon,
                soft=told.hours,
                cancelled=told.withdrawn_at is not None,
            ),
        )
    phased = set()
    for part in works.parts:
        site = by_pk[part.worksite]
        if part.what == _PHASE:
            phased.add(site.pk)
        # A nuisance without days of its own lasts as long as the worksite: it is told below.
        if part.start is None or part.start > last:
            continue
        name = part.name if part.what == _PHASE else label_of("nuisance", part.name).capitalize()
        icon = _ICON if part.what == _PHASE else next(iter(_icons([part.name])), _ICON)
        yield max(part.start, start), _of_site(site, name, icon)
    for site in works.sites:
        if site.pk not in phased:
            yield max(site.first_day or start, start), _of_site(site, site.title, _ICON)


def _of_site(site: Worksite, title: str, icon: str) -> Moment:
    url = reverse("works:worksite", args=[site.pk])
    return Moment(title=title, url=url, icon=icon, soft="" if title == site.title else site.title)


def _icons(codes: Iterable[str]) -> list[str]:
    known = lines("nuisance")
    return [known[code]["icon"] for code in codes if code in known]
