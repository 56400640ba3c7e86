"""Where findings are, and who answers there: from memory and in two queries, for all of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from parvis.places.locate import Found, locate
from parvis.ui.words import local_day
from parvis.upkeep.answers import Asked, answers_for_all
from parvis.upkeep.themes import themes
from parvis.walks.models import Observation, Stop, Walk
from parvis.walks.receive_items import FindingSent

ON_THE_WAY = "en chemin"  # without a stop nor a place that has a name


@dataclass(frozen=True)
class PlacedFinding:
    """A finding with what its row says of its place."""

    sent: FindingSent
    stop: Stop | None
    asked: Asked
    where: str
    manager_id: int | None


def place_findings(walk: Walk, sent: list[FindingSent], at: datetime) -> list[PlacedFinding]:
    """Where each is, by its own point or else its stop's, and who answers there that day."""
    if not sent:
        return []
    stops = {stop.pk: stop for stop in walk.stops.select_related("residence")}
    quartiers = list(walk.gathering.quartiers.order_by("pk").values_list("pk", flat=True))
    found: dict[tuple[float, float], Found] = {}
    drafts = []
    for one in sent:
        stop = stops.get(one.stop_id) if one.stop_id else None
        point = one.point or _point_of(stop)
        if point is not None and point not in found:
            found[point] = locate(*point)
        here = found[point] if point is not None else None
        drafts.append((one, stop, here, _asked(walk, quartiers, one, stop, point, here)))
    answers = answers_for_all([asked for *_, asked in drafts], on=local_day(at))
    return [
        PlacedFinding(one, stop, asked, _words(stop, here), answer.organisation_id)
        for (one, stop, here, asked), answer in zip(drafts, answers, strict=True)
    ]


def insert_findings(
    walk: Walk, placed: list[PlacedFinding], at: datetime, **who: Any
) -> list[Observation]:
    """The rows of these findings, with their quartiers; call it in a transaction."""
    rows = Observation.objects.bulk_create([_row(walk, one, at, who) for one in placed])
    through = Observation.quartiers.through
    through.objects.bulk_create(
        [
            through(observation_id=row.pk, quartier_id=quartier)
            for row, one in zip(rows, placed, strict=True)
            for quartier in one.asked.quartier_ids
        ]
    )
    return rows


def _point_of(stop: Stop | None) -> tuple[float, float] | None:
    if stop is None:
        return None
    for place in (stop, stop.residence):
        if place is not None and place.latitude is not None and place.longitude is not None:
            return place.latitude, place.longitude
    return None


def _asked(
    walk: Walk,
    quartiers: list[int],
    one: FindingSent,
    stop: Stop | None,
    point: tuple[float, float] | None,
    here: Found | None,
) -> Asked:
    residence = stop.residence if stop else None
    commune = here.commune.pk if here and here.commune else walk.gathering.commune_id
    if here is not None:
        those = [ref.pk for ref in here.quartiers]
    else:  # of several, nothing says which
        those = quartiers if len(quartiers) == 1 else []
    return Asked(
        theme_code=one.theme,
        latitude=point[0] if point else None,
        longitude=point[1] if point else None,
        commune_id=residence.commune_id if residence else commune,
        quartier_ids=those,
        residence_id=residence.pk if residence else None,
        inside=stop.nature.inside if stop else "",
    )


def _words(stop: Stop | None, here: Found | None) -> str:
    """Where it is, in words that nobody on the walk wrote."""
    if stop is not None:
        return stop.title
    inside = [ref.name for ref in here.quartiers if ref.inside] if here else []
    if inside:
        return inside[0]
    return here.commune.name if here and here.commune else ON_THE_WAY


def _row(walk: Walk, one: PlacedFinding, at: datetime, who: dict[str, Any]) -> Observation:
    sent, asked = one.sent, one.asked
    return Observation(
        uid=sent.uid,
        walk=walk,
        stop=one.stop,
        theme_code=sent.theme,
        title=f"{themes()[sent.theme].label} · {one.where}"[:200],
        strength=sent.strength,
        severity=sent.severity,
        note=sent.note,
        latitude=asked.latitude,
        longitude=asked.longitude,
        commune_id=asked.commune_id,
        residence_id=asked.residence_id,
        manager_id=one.manager_id,
        noted_at=sent.noted_at,
        received_at=at,
        pictures_told=sent.pictures,
        **who,
    )
