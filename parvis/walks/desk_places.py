"""What a report of a finding needs: where it is, its categories, its pictures; and the open reports
that may have told of it before."""

from __future__ import annotations

from math import cos, radians
from typing import Any

from django.db.models import Exists, OuterRef, Q

from parvis.documents.photos import MAX_PHOTOS, CleanPhoto
from parvis.partners.actors import Actor
from parvis.reports.models import Category, Report
from parvis.reports.placing import Place
from parvis.reports.similar import LOOKED_AT, NEAR, SHOWN, metres
from parvis.reports.workflow import OPEN
from parvis.walks.models import Observation, Picture


def point_of(finding: Observation) -> tuple[float, float] | None:
    """Where it was noted, or else its stop: latitude and longitude in degrees."""
    for one in (finding, finding.stop):
        if one is not None and one.latitude is not None and one.longitude is not None:
            return one.latitude, one.longitude
    return None


def place_of(finding: Observation) -> Place:
    """Its place, as a report takes it."""
    stop, point = finding.stop, point_of(finding)
    residence = finding.residence or (stop.residence if stop else None)
    return Place(
        latitude=point[0] if point else None,
        longitude=point[1] if point else None,
        label=stop.title if stop and residence is None else "",
        residence=residence,
        inside=stop.nature.inside if stop and residence else "",
        quartier=finding.quartiers.first(),
    )


def categories_for(finding: Observation) -> Any:
    """The categories of its theme that it may be reported under: what is inside a dwelling is never
    told from a walk."""
    rows = Category.objects.filter(theme_code=finding.theme_code, active=True, in_dwelling=False)
    leaves = Category.objects.filter(parent=OuterRef("pk"), active=True)
    rows = rows.exclude(Exists(leaves))  # a family is chosen by one of its leaves
    if not (finding.residence_id or (finding.stop and finding.stop.residence_id)):
        rows = rows.filter(inside_only=False)
    return rows.order_by("position", "code")


def pictures_for(finding: Observation) -> list[Picture]:
    """Its pictures and its doubles', without anybody to be recognised, the first ones."""
    mine = Q(observation=finding.pk) | Q(observation__same_as=finding.pk)
    return list(Picture.objects.filter(mine, people=False).order_by("noted_at", "pk")[:MAX_PHOTOS])


def photos_of(pictures: list[Picture]) -> list[CleanPhoto]:
    """The same pictures, as a report takes them."""
    photos = []
    for one in pictures:
        with one.file.open("rb") as whole, one.thumbnail.open("rb") as small:
            photos.append(CleanPhoto(whole.read(), small.read(), one.width, one.height))
    return photos


def hold_back(report: Report, pictures: list[Picture]) -> None:
    """What nobody read again is not public with the report, were the organisation that files it
    trusted: it did not take these pictures."""
    made = report.photos.order_by("pk").values_list("pk", flat=True)
    unread = [pk for pk, one in zip(made, pictures, strict=True) if not one.shown]
    report.photos.filter(pk__in=unread).update(shown=False, reviewed_at=None)


def near_reports(actor: Actor, finding: Observation) -> list[tuple[Report, int]]:
    """The open reports of its theme within about 150 m or in the same residence that this actor
    sees, with their distance in metres, nearest first; one query."""
    point = point_of(finding)
    residence = finding.residence_id or (finding.stop.residence_id if finding.stop else None)
    near = Q()
    if point is not None:
        north = NEAR / 111_000
        east = north / max(cos(radians(point[0])), 0.01)
        near |= Q(
            latitude__range=(point[0] - north, point[0] + north),
            longitude__range=(point[1] - east, point[1] + east),
        )
    if residence is not None:
        near |= Q(residence=residence)
    if not near:
        return []
    rows = Report.objects.visible_to(actor).filter(
        near,
        category__theme_code=finding.theme_code,
        private=False,
        withdrawn_at=None,
        merged_into=None,
        state__in=OPEN,
    )
    found = []
    for one in rows.select_related("category").order_by("-at", "-pk")[:LOOKED_AT]:
        far = 0.0
        if point and one.latitude is not None and one.longitude is not None:
            far = metres(*point, one.latitude, one.longitude)
        if far <= NEAR or (residence is not None and one.residence_id == residence):
            found.append((one, round(far)))
    return sorted(found, key=lambda pair: (pair[1], pair[0].pk))[:SHOWN]
