"""What a worksite answers for while it lasts, written in « qui gère quoi » and kept in step.

Inside its perimeter, the themes of its nuisances; there and some metres around, what is said of the
works themselves. Without a perimeter, both on the residences that it touches. What ran is never
overwritten: a change ends an area and begins another.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from parvis.places.models import Residence
from parvis.upkeep import acts as upkeep
from parvis.upkeep.models import ManagedArea
from parvis.works.dates import State
from parvis.works.site_models import Worksite
from parvis.works.site_near import near_outline
from parvis.works.sorting import lines

WORKS_THEME = "chantiers"
_FIELDS = ("name", "manager_id", "theme_codes", "residence_id", "outline", "ends_on")
_BOX = ("outline", "west", "south", "east", "north")
Key = tuple[str, int]


def keep_areas(worksite: Worksite, today: date) -> None:
    """Begin, change or end what the worksite answers for, so that it follows its dates, its
    perimeter, its nuisances and its manager. Call it in the transaction of the change."""
    wanted = _wanted(worksite, today)
    live = {_key(area): area for area in _live(worksite, today)}
    for key in sorted(wanted.keys() | live.keys()):
        area, fields = live.get(key), wanted.get(key)
        if fields is None:
            if area is not None:
                _stop(area, today)
            continue
        made = _follow(area, fields, today) if area is not None else None
        if area is None:
            made = upkeep.begin_area(**fields)
        if made is not None:
            worksite.areas.add(made)


def _wanted(worksite: Worksite, today: date) -> dict[Key, dict[str, Any]]:
    """The areas that should run from today or later; none when the site is over, undated or not
    published."""
    state, first = worksite.state_on(today), worksite.first_day
    if worksite.published_at is None or state in (State.ENDED, State.UNDATED) or first is None:
        return {}
    # Begun and not over: it goes on until its end is noted, even beyond what was planned.
    last = worksite.ended_on if worksite.began_on else worksite.last_day
    kinds = worksite.nuisances.values_list("kind", flat=True)
    known = lines("nuisance")
    themes = {theme for kind in kinds for theme in known.get(kind, {}).get("themes", [])}
    disturbed = sorted(themes - {WORKS_THEME})
    common = {"manager_id": worksite.manager_id, "starts_on": max(first, today), "ends_on": last}
    name = f"Chantier : {worksite.title}"[:160]
    if not worksite.outline:
        both = [*disturbed, WORKS_THEME]
        return {
            ("residence", pk): {**common, "name": name, "theme_codes": both, "residence_id": pk}
            for pk in Residence.objects.filter(
                pk__in=worksite.residences.through.objects.filter(worksite_id=worksite.pk).values(
                    "residence_id"
                )
            ).values_list("pk", flat=True)
        }
    around = f"Abords du chantier : {worksite.title}"[:160]
    found: dict[Key, dict[str, Any]] = {
        ("near", 0): {
            **common,
            "name": around,
            "theme_codes": [WORKS_THEME],
            **near_outline(worksite),
        }
    }
    # An area without a theme would answer for all of them.
    if disturbed:
        box = {field: getattr(worksite, field) for field in _BOX}
        found["inside", 0] = {**common, "name": name, "theme_codes": disturbed, **box}
    return found


def _live(worksite: Worksite, today: date) -> list[ManagedArea]:
    """Its areas that are not over, those included by which somebody replaced one by hand."""
    known = set(worksite.areas.values_list("pk", flat=True))
    fresh = known
    while fresh:
        following = ManagedArea.objects.filter(replaces__in=fresh).values_list("pk", flat=True)
        fresh = set(following) - known
        known |= fresh
        worksite.areas.add(*fresh)
    rows = ManagedArea.objects.filter(pk__in=known).current_or_to_come(today)
    return list(rows.filter(replaced_by=None).order_by("pk"))


def _key(area: ManagedArea) -> Key:
    if area.residence_id and not area.outline:
        return "residence", area.residence_id
    return ("near", 0) if area.theme_codes == [WORKS_THEME] else ("inside", 0)


def _stop(area: ManagedArea, today: date) -> None:
    if area.starts_on and area.starts_on > today:
        area.delete()  # it has answered for nothing
        return
    yesterday = today - timedelta(days=1)
    begun_today = area.starts_on is not None and area.starts_on == today
    upkeep.end_area(area, last_day=today if begun_today else yesterday)


def _follow(area: ManagedArea, fields: dict[str, Any], today: date) -> ManagedArea | None:
    """Bring a running or coming area in step; the row that takes over when there is one."""
    changed = {name for name in _FIELDS if getattr(area, name) != fields.get(name)}
    first, last = fields["starts_on"], fields["ends_on"]
    if area.starts_on and area.starts_on > today:
        before = area.replaces
        if before is not None and before.ends_on is not None:
            first = fields["starts_on"] = max(first, before.ends_on + timedelta(days=1))
        if changed or area.starts_on != first:
            upkeep.follow_area(area, from_day=first, **fields)
        return None
    if first > today:  # it had begun, and is put off
        _stop(area, today)
        return upkeep.begin_area(**fields)
    if not changed:
        return None
    if changed == {"ends_on"} and last is not None:
        upkeep.end_area(area, last_day=last)
        return None
    from_day = today if not area.starts_on or area.starts_on < today else today + timedelta(days=1)
    if last is not None and last < from_day:
        upkeep.end_area(area, last_day=last)
        return None
    fields["starts_on"] = from_day
    if area.ends_on is not None and area.ends_on < from_day:
        return upkeep.begin_area(**fields)
    del fields["starts_on"]
    return upkeep.follow_area(area, from_day=from_day, **fields)
