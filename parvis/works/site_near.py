"""How near a worksite is: its perimeter, the ground around it, and the addresses found there."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q

from parvis.notices.models import Listening
from parvis.places.locate import metres_a_degree
from parvis.places.topics import ADDRESS
from parvis.works.site_models import WorksAnnouncement, Worksite
from parvis.works.sorting import settings

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_DECIMALS = 6  # of a degree: about ten centimetres


def near_outline(worksite: Worksite) -> dict[str, Any]:
    """The perimeter and the metres around it, as the fields of an outlined place."""
    from shapely import set_precision
    from shapely.geometry import mapping

    surface = set_precision(_around(worksite), 10**-_DECIMALS)
    west, south, east, north = surface.bounds
    outline = json.loads(json.dumps(mapping(surface)))
    return {"outline": outline, "west": west, "south": south, "east": east, "north": north}


def holds(worksite: Worksite, latitude: float, longitude: float) -> bool:
    """Whether this point is inside the perimeter, or within the metres around it."""
    from shapely import Point
    from shapely.geometry import shape

    if not worksite.outline:
        return False
    east, north = _scales(worksite)
    point = Point(longitude * east, latitude * north)
    metres = float(settings()["near_metres"])
    return bool(_scaled(shape(worksite.outline), east, north).dwithin(point, metres))


def addresses_near(worksite: Worksite) -> list[str]:
    """The topics of the addresses near this worksite that somebody follows."""
    from shapely import Point, prepare

    if not worksite.outline:
        return []
    surface = _around(worksite)
    prepare(surface)
    followed = Listening.objects.filter(topic__startswith=ADDRESS)
    found = []
    for topic in followed.order_by("topic").values_list("topic", flat=True).distinct():
        latitude, _, longitude = topic.removeprefix(ADDRESS).partition(",")
        try:
            point = Point(float(longitude), float(latitude))
        except ValueError:
            continue
        if surface.covers(point):
            found.append(topic)
    return found


def boxed_near(latitude: float, longitude: float) -> Q:
    """The worksites whose box, and the metres around it, hold this point: to be looked at closer
    with `holds`."""
    east, north = metres_a_degree(int(latitude))
    metres = float(settings()["near_metres"])
    wide, high = metres / east, metres / north
    return Q(
        west__lte=longitude + wide,
        east__gte=longitude - wide,
        south__lte=latitude + high,
        north__gte=latitude - high,
    )


def at_door(
    rows: Any,
    *,
    residence: int | None,
    point: tuple[float, float] | None,
    quartiers: Iterable[int] = (),
) -> list[Worksite]:
    """Which of these worksites are at a door, in one query: their residences hold this one, or the
    point is near their perimeter. Without residence nor point: those of these quartiers."""
    touched = Worksite.residences.through.objects.filter(worksite_id=OuterRef("pk"))
    if residence is None and point is None:
        lying = Worksite.quartiers.through.objects.filter(worksite_id=OuterRef("pk"))
        return list(rows.filter(Exists(lying.filter(quartier_id__in=list(quartiers)))))
    mine = Exists(touched.filter(residence_id=residence or 0))
    wanted = Q(mine)
    if point is not None:
        wanted |= boxed_near(*point)
    found = rows.filter(wanted).annotate(at_home=mine)
    return [one for one in found if one.at_home or (point is not None and holds(one, *point))]


def announced_at(rows: Any, *, residence: int | None, worksites: Iterable[Worksite]) -> Any:
    """The announcements of these worksites that are for this door: those for everybody near, and
    those for this residence."""
    chosen = WorksAnnouncement.residences.through.objects.filter(
        worksannouncement_id=OuterRef("pk")
    )
    everybody = ~Exists(chosen)
    mine = Exists(chosen.filter(residence_id=residence or 0))
    return rows.filter(Q(everybody) | Q(mine), worksite__in=[one.pk for one in worksites])


def _scales(worksite: Worksite) -> tuple[float, float]:
    return metres_a_degree(int(worksite.south or 0))


def _scaled(surface: BaseGeometry, east: float, north: float) -> Any:
    from shapely import affinity

    return affinity.scale(surface, xfact=east, yfact=north, origin=(0, 0))


def _around(worksite: Worksite) -> Any:
    from shapely.geometry import shape

    east, north = _scales(worksite)
    metres = _scaled(shape(worksite.outline or {}), east, north)
    wider = metres.buffer(float(settings()["near_metres"]), quad_segs=4)
    return _scaled(wider, 1 / east, 1 / north)
