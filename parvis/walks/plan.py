"""The plan of a walk, drawn by the server: outlines of its quartiers, the route, numbered stops and
marks, as SVG for pages, for paper and for slides. It needs no tile and no script."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from math import cos, hypot, radians, sin
from typing import Any

from django.template.loader import render_to_string

from parvis.walks.models import Stop, Walk

Corner = Sequence[float]  # longitude, latitude, in degrees
NEAR, STEP = (
    22,
    14,
)  # units of the plan: from a stop to what was noted there, and between two rounds
TURN = 40  # degrees between two of them


@dataclass(frozen=True)
class Mark:
    """One point of the plan: what it is called, and whether it is a stop, good, or bad."""

    label: str  # "1", or "" for a dot
    title: str
    latitude: float
    longitude: float
    tone: str = "stop"  # "stop", "strength", "weakness"
    x: float = 0.0
    y: float = 0.0


@dataclass(frozen=True)
class Plan:
    """What the template draws, in the plan's own units; `text` says it in words."""

    width: int
    height: int
    outlines: list[str] = field(default_factory=list)  # the `d` of SVG paths
    route: str = ""
    marks: list[Mark] = field(default_factory=list)
    text: str = ""


def plan_of(
    walk: Walk, stops: Sequence[Stop], marks: Iterable[Mark] = (), *, width: int = 640
) -> Plan | None:
    """The plan of a walk; None when nothing of it has a point. One query, for the outlines.

    It is cut to the route, with a margin; longitudes are narrowed by the cosine of the latitude.
    """
    placed = [
        Mark(str(number), one.title, one.latitude, one.longitude)
        for number, one in enumerate(stops, 1)
        if one.latitude is not None and one.longitude is not None
    ]
    placed += marks
    corners: list[Corner] = [(one.longitude, one.latitude) for one in placed]
    way: list[Corner] = list((walk.route or {}).get("coordinates", []))
    if not way:
        way = [(one.longitude, one.latitude) for one in placed if one.tone == "stop"]
    corners += way
    if not corners:
        return None
    west, east = min(one[0] for one in corners), max(one[0] for one in corners)
    south, north = min(one[1] for one in corners), max(one[1] for one in corners)
    narrow = cos(radians((south + north) / 2))
    margin = max((east - west) * narrow, north - south, 0.0008) * 0.15
    west, east = west - margin / narrow, east + margin / narrow
    south, north = south - margin, north + margin
    scale = width / ((east - west) * narrow)
    height = min(max(round((north - south) * scale), width // 3), width)
    scale = min(scale, height / (north - south))
    left = (width - (east - west) * narrow * scale) / 2
    top = (height - (north - south) * scale) / 2

    def at(corner: Corner) -> tuple[float, float]:
        x = left + (corner[0] - west) * narrow * scale
        return round(x, 1), round(top + (north - corner[1]) * scale, 1)

    def line(points: Iterable[Corner]) -> str:
        return "M" + "L".join("{} {}".format(*at(one)) for one in points)

    outlines = [
        line(ring) + "Z"
        for outline in walk.gathering.quartiers.values_list("outline", flat=True)
        for ring in rings_of(outline)
    ]
    drawn = _spread([_moved(one, at((one.longitude, one.latitude))) for one in placed])
    names = ", ".join(f"{one.label} {one.title}" for one in drawn if one.tone == "stop")
    text = f"Plan du parcours. Arrêts : {names}." if names else "Plan du parcours."
    return Plan(width, height, outlines, line(way) if len(way) > 1 else "", drawn, text)


def _moved(mark: Mark, point: tuple[float, float]) -> Mark:
    return replace(mark, x=round(point[0], 1), y=round(point[1], 1))


def _spread(marks: Sequence[Mark]) -> list[Mark]:
    """Marks that would lie under a stop, round it: what was noted at a stop has its very point."""
    stops = [one for one in marks if one.tone == "stop"]
    turned: dict[str, int] = {}
    drawn = []
    for one in marks:
        under = next((stop for stop in stops if hypot(stop.x - one.x, stop.y - one.y) < NEAR), None)
        if one.tone != "stop" and under is not None:
            turn = turned[under.label] = turned.get(under.label, -1) + 1
            angle = radians(turn * TURN - 90)
            far = NEAR + STEP * (turn * TURN // 360)
            point = (under.x + far * cos(angle), under.y + far * sin(angle))
            drawn.append(_moved(one, point))
        else:
            drawn.append(one)
    return drawn


def plan_svg(plan: Plan) -> bytes:
    """The plan as an SVG file of its own, for paper: black lines, white ground."""
    return render_to_string("walks/pdf/plan.svg", {"plan": plan}).encode()


def rings_of(outline: dict[str, Any] | None) -> Iterable[Sequence[Corner]]:
    """The outer rings of an outline (GeoJSON, degrees)."""
    if not outline:
        return
    polygons = outline["coordinates"]
    for polygon in [polygons] if outline["type"] == "Polygon" else polygons:
        yield polygon[0]
