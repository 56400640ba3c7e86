"""The worksites of the demonstration: what they disturb, their charter, what is announced."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from parvis.places.models import Residence
from parvis.works.acts import sites
from parvis.works.models import (
    CharterCheck,
    CharterPledge,
    CharterSigner,
    Nuisance,
    Operation,
    TimetableChange,
    WorksAnnouncement,
    Worksite,
    WorksitePhase,
)

if TYPE_CHECKING:
    from parvis.demo.works import Ground

HALF = 0.0009  # degrees around a residence: its worksite's perimeter


def load_site(row: dict[str, Any], operation: Operation, ground: Ground) -> Worksite:
    homes = [ground.homes[name] for name in row["residences"]]
    began = row["days"][0]
    site = Worksite.objects.create(
        **{name: row[name] for name in ("title", "hours", "contact", "summary", "firms")},
        kind=operation.kind,
        operation=operation,
        owner=operation.owner,
        manager=operation.owner,
        commune=homes[0].commune,
        place_label=homes[0].name,
        charter_title=row.get("charter", ""),
        charter_signed_on=ground.day(began - 15) if "charter" in row else None,
        changed_at=ground.moment(-1),
        **ground.dates(row["days"]),
        **around(homes[0]),
    )
    site.residences.set(homes)
    site.quartiers.set(operation.project.quartiers.order_by("pk"))
    WorksitePhase.objects.bulk_create(
        WorksitePhase(worksite=site, title=title, **ground.dates(days))
        for title, days in row["phases"]
    )
    Nuisance.objects.bulk_create(
        Nuisance(
            worksite=site,
            kind=kind,
            detail=detail,
            measure=measure,
            starts_on=ground.day(starts),
            ends_on=ground.day(ends),
        )
        for kind, detail, measure, starts, ends in row["nuisances"]
    )
    _charter(site, row, ground)
    _moved(site, row, ground)
    sites.publish_worksite(site, actor=ground.actor, now=ground.moment(min(began - 20, -1)))
    _announce(site, row, ground)
    return site


def around(home: Residence) -> dict[str, Any]:
    """A square around a residence, as the fields of an outlined place."""
    north, east = float(home.latitude or 0), float(home.longitude or 0)
    box = {
        "west": round(east - 1.5 * HALF, 6),
        "south": round(north - HALF, 6),
        "east": round(east + 1.5 * HALF, 6),
        "north": round(north + HALF, 6),
    }
    west, south, east, north = box.values()
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"outline": {"type": "Polygon", "coordinates": [ring]}, **box}


def _charter(site: Worksite, row: dict[str, Any], ground: Ground) -> None:
    CharterSigner.objects.bulk_create(
        CharterSigner(worksite=site, name=name, signed_on=site.charter_signed_on)
        for name in row.get("signers", [])
    )
    for number, (chapter, text, state, evidence) in enumerate(row.get("pledges", []), 1):
        checked_on = None if state == "unchecked" else ground.day(-14)
        pledge = CharterPledge.objects.create(
            worksite=site,
            number=number,
            chapter=chapter,
            text=text,
            state=state,
            checked_on=checked_on,
            next_check_on=ground.day(16),
        )
        if checked_on is not None:
            CharterCheck.objects.create(
                pledge=pledge,
                checked_on=checked_on,
                result=state,
                evidence=evidence,
                by=ground.organisations["agglomeration"],
            )


def _moved(site: Worksite, row: dict[str, Any], ground: Ground) -> None:
    if "moved" not in row:
        return
    on, before, after, reason = row["moved"]
    TimetableChange.objects.create(
        worksite=site,
        what="Chantier",
        starts_before=site.starts_on,
        starts_on=site.starts_on,
        ends_before=ground.day(before),
        ends_on=ground.day(after),
        reason=reason,
        at=ground.moment(on),
        by=site.owner,
    )


def _announce(site: Worksite, row: dict[str, Any], ground: Ground) -> None:
    names = ("title", "what", "for_whom", "why", "changes", "easy")
    for line in row["announcements"]:
        *words, starts, ends, nuisances, published = line
        WorksAnnouncement.objects.create(
            worksite=site,
            **dict(zip(names, words, strict=True)),
            contact=site.contact,
            starts_on=ground.day(starts),
            ends_on=ground.day(ends),
            hours=site.hours,
            nuisances=nuisances,
            published_at=ground.moment(published),
            changed_at=ground.moment(published),
        )
