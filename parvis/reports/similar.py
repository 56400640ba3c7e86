"""Open reports near enough, and like enough, to be the same thing."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

from django.db.models import Q

from parvis.partners.actors import Actor
from parvis.places.models import Residence
from parvis.reports.models import Category, Report
from parvis.reports.workflow import OPEN

NEAR = 150  # metres
EARTH_RADIUS = 6_371_000  # metres
LOOKED_AT = 60  # rows read before the distance is measured
SHOWN = 5


def similar_open_reports(
    actor: Actor,
    category: Category,
    latitude: float | None,
    longitude: float | None,
    residence: Residence | None = None,
    *,
    action: str = "join",
) -> list[Report]:
    """The open reports of this category (or a sister of it) within about 150 m or in the same
    residence, nearest first; one query. To join: those that are reviewed and public."""
    near = Q()
    if latitude is not None and longitude is not None:
        north = NEAR / 111_000
        east = north / max(cos(radians(latitude)), 0.01)
        near |= Q(
            latitude__range=(latitude - north, latitude + north),
            longitude__range=(longitude - east, longitude + east),
        )
    if residence is not None:
        near |= Q(residence=residence)
    if not near:
        return []
    alike = Q(category=category)
    if category.parent_id:
        alike |= Q(category__parent=category.parent_id)
    if action == "join":
        alike &= Q(public=True)
    found = (
        Report.objects.allowed(actor, action)
        .filter(near, alike, private=False, withdrawn_at=None, state__in=OPEN)
        .select_related("category")
        .order_by("-at", "-pk")[:LOOKED_AT]
    )

    def rank(report: Report) -> tuple[bool, float]:
        return report.category_id != category.pk, _distance(report)

    def _distance(report: Report) -> float:
        if (
            latitude is None
            or longitude is None
            or report.latitude is None
            or report.longitude is None
        ):
            return 0.0
        return metres(latitude, longitude, report.latitude, report.longitude)

    kept = [
        report
        for report in found
        if _distance(report) <= NEAR
        or (residence is not None and report.residence_id == residence.pk)
    ]
    return sorted(kept, key=rank)[:SHOWN]


def metres(
    latitude: float, longitude: float, other_latitude: float, other_longitude: float
) -> float:
    """The distance between two points on the ground."""
    a, b = radians(latitude), radians(other_latitude)
    half = sin((b - a) / 2) ** 2
    half += cos(a) * cos(b) * sin(radians(other_longitude - longitude) / 2) ** 2
    return 2 * EARTH_RADIUS * asin(sqrt(half))
