"""Which commune and which quartiers hold a point: answered from memory, without a query.

Outlines are kept in the process in metres, behind a grid of small cells.
A number in the database tells when to load them again; it is looked at every ten seconds at most.
Official outlines are rounded to several metres: nearer than TOLERANCE_M to an edge, the answer
says "à confirmer" and a person decides.
"""

from __future__ import annotations

import math
import threading
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from django.utils import timezone

from parvis.places import atlas_version
from parvis.places.models import Commune, Quartier

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

TOLERANCE_M = 15
CHECK_EVERY = 10.0  # seconds between two looks at the version number
_CELL = 0.02  # degrees: about 1.4 by 2.2 km in France
_WIDE = 400  # cells: an outline over more of them is looked at for every point
_METRES_A_DEGREE = 111_195.0
bump = atlas_version.bump


class CommuneRef(NamedTuple):
    """A commune that holds a point; `to_confirm` near its edge."""

    pk: int
    code: str
    name: str
    epci_siren: str
    to_confirm: bool


class QuartierRef(NamedTuple):
    """A quartier that holds a point, or whose edge is nearer than the tolerance."""

    pk: int
    code: str
    name: str
    kind: str
    to_confirm: bool
    inside: bool


class Found(NamedTuple):
    """Where a point is; `to_confirm` when one of the answers is near an edge."""

    commune: CommuneRef | None
    quartiers: tuple[QuartierRef, ...]
    to_confirm: bool


@dataclass(slots=True)
class Shape:
    """An outline in metres, in the frame of its band of latitude, with what its row says."""

    row: Any
    surface: BaseGeometry
    edge: BaseGeometry
    band: int
    west: float
    south: float
    east: float
    north: float
    schematic: bool
    display: dict[str, Any] | None = None  # simplified, made when a map first asks


class Spot:
    """A point in degrees, made into metres once for each band of latitude that asks."""

    def __init__(self, longitude: float, latitude: float) -> None:
        self.longitude, self.latitude = longitude, latitude
        self._points: dict[int, BaseGeometry] = {}

    def against(self, shape: Shape) -> tuple[bool, bool]:
        """Whether it is inside, and whether it is within the tolerance of the edge."""
        if not (
            shape.west <= self.longitude <= shape.east
            and shape.south <= self.latitude <= shape.north
        ):
            return False, False
        point = self._points.get(shape.band)
        if point is None:
            import shapely

            east, north = metres_a_degree(shape.band)
            point = shapely.Point(self.longitude * east, self.latitude * north)
            self._points[shape.band] = point
        # Methods, not functions of the module: these prepare for arrays, ten times slower here.
        inside = bool(shape.surface.intersects(point))
        return inside, bool(shape.edge.dwithin(point, TOLERANCE_M))


def metres_a_degree(band: int) -> tuple[float, float]:
    """Metres in a degree of longitude and of latitude.

    A band is one degree high: there, lengths are right within one hundredth.
    """
    return _METRES_A_DEGREE * math.cos(math.radians(band)), _METRES_A_DEGREE


class CommuneRow(NamedTuple):
    pk: int
    code: str
    name: str
    epci_siren: str


class QuartierRow(NamedTuple):
    pk: int
    code: str
    name: str
    kind: str
    valid_from: date | None
    valid_until: date | None
    only_commune: CommuneRow | None  # the official list names a single commune


Cells = dict[tuple[int, int], list[Shape]]


class Atlas:
    """All outlines of one version of the map."""

    def __init__(
        self,
        version: int,
        communes: Iterable[tuple[CommuneRow, dict[str, Any], bool]],
        quartiers: Iterable[tuple[QuartierRow, dict[str, Any], bool]],
    ) -> None:
        self.version = version
        self.communes = {row.pk: _shape(row, geo, drawn) for row, geo, drawn in communes}
        self.quartiers = {row.pk: _shape(row, geo, drawn) for row, geo, drawn in quartiers}
        self._commune_cells, self._wide_communes = _grid(self.communes.values())
        self._quartier_cells, self._wide_quartiers = _grid(self.quartiers.values())
        # Prepared geometries build their index at first use, and shapely lets other threads run.
        self._lock = threading.Lock()

    def find(self, longitude: float, latitude: float, on: date) -> Found:
        """The commune, then the quartiers in force that day."""
        if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
            return Found(None, (), False)
        cell = (math.floor(longitude / _CELL), math.floor(latitude / _CELL))
        communes = (*self._commune_cells.get(cell, ()), *self._wide_communes)
        quartiers = (*self._quartier_cells.get(cell, ()), *self._wide_quartiers)
        spot = Spot(longitude, latitude)
        with self._lock:
            commune = _commune_among(communes, spot)
            found = []
            for shape in quartiers:
                row = shape.row
                if (row.valid_from and row.valid_from > on) or (
                    row.valid_until and row.valid_until < on
                ):
                    continue
                inside, near = spot.against(shape)
                if inside or near:
                    found.append((near, not inside, row.name, row.code, row))
        found.sort()
        if commune is None:
            commune = next(
                (
                    _commune_ref(row.only_commune, near)
                    for near, outside, _, _, row in found
                    if row.only_commune and not outside
                ),
                None,
            )
        refs = tuple(
            QuartierRef(row.pk, row.code, row.name, row.kind, near, not outside)
            for near, outside, _, _, row in found
        )
        near_an_edge = any(ref.to_confirm for ref in refs)
        return Found(commune, refs, near_an_edge or bool(commune and commune.to_confirm))


def locate(latitude: float, longitude: float, on: date | None = None) -> Found:
    """Where this point is on that day (today by default), from memory."""
    return atlas().find(longitude, latitude, on or timezone.localdate())


def atlas() -> Atlas:
    """The outlines of the present version, loaded at first use and when the number rises."""
    kept = _kept.atlas
    if kept is not None and time.monotonic() < _kept.good_until:
        return kept
    # One thread loads; the others go on with the outlines they have.
    if not _kept.lock.acquire(blocking=kept is None):
        assert kept is not None  # noqa: S101 - a thread that may not wait has outlines
        return kept
    try:
        if _kept.atlas is not None and time.monotonic() < _kept.good_until:
            return _kept.atlas
        # Before the look: a change told meanwhile must be looked at again.
        _kept.good_until = time.monotonic() + CHECK_EVERY
        version = atlas_version.current()
        if _kept.atlas is None or _kept.atlas.version != version:
            _kept.atlas = _load(version)
        return _kept.atlas
    except BaseException:
        _kept.good_until = 0.0
        raise
    finally:
        _kept.lock.release()


def look_again() -> None:
    """Load the outlines again at the next question: this process has just changed them."""
    if _kept.atlas is not None:
        _kept.atlas.version = -1
    _kept.good_until = 0.0


class _Kept:
    def __init__(self) -> None:
        self.atlas: Atlas | None = None
        self.good_until = 0.0
        self.lock = threading.Lock()


_kept = _Kept()
atlas_version.on_bump.append(look_again)


def _load(version: int) -> Atlas:
    """Read all outlines in three queries."""
    rows: dict[int, CommuneRow] = {}
    communes = []
    for pk, code, name, epci, outline, schematic in Commune.objects.order_by("pk").values_list(
        "pk", "code", "name", "epci_siren", "outline", "schematic"
    ):
        rows[pk] = CommuneRow(pk, code, name, epci)
        if outline:
            communes.append((rows[pk], outline, schematic))
    links: dict[int, list[int]] = defaultdict(list)
    pairs = Quartier.communes.through.objects.values_list("quartier_id", "commune_id")
    for quartier, commune in cast("Iterable[tuple[int, int]]", pairs):
        links[quartier].append(commune)
    quartiers = []
    for pk, code, name, kind, start, end, outline, schematic in (
        Quartier.objects.order_by("pk")
        .exclude(outline=None)
        .values_list(
            "pk", "code", "name", "kind", "valid_from", "valid_until", "outline", "schematic"
        )
    ):
        linked = links[pk]
        only = rows.get(linked[0]) if len(linked) == 1 else None
        row = QuartierRow(pk, code, name, kind, start, end, only)
        quartiers.append((row, outline or {}, schematic))
    return Atlas(version, communes, quartiers)


def _shape(row: Any, outline: dict[str, Any], schematic: bool) -> Shape:
    import shapely
    from shapely.geometry import shape

    drawn = shape(outline)
    west, south, east, north = drawn.bounds
    band = round((south + north) / 2)
    scale = metres_a_degree(band)
    surface = shapely.transform(drawn, lambda points: points * scale)
    edge = shapely.boundary(surface)
    shapely.prepare([surface, edge])
    margin_x, margin_y = TOLERANCE_M / scale[0], TOLERANCE_M / scale[1]
    bounds = (west - margin_x, south - margin_y, east + margin_x, north + margin_y)
    return Shape(row, surface, edge, band, *bounds, schematic)


def _grid(shapes: Iterable[Shape]) -> tuple[Cells, list[Shape]]:
    cells: Cells = defaultdict(list)
    wide = []
    for shape in shapes:
        columns = range(math.floor(shape.west / _CELL), math.floor(shape.east / _CELL) + 1)
        rows = range(math.floor(shape.south / _CELL), math.floor(shape.north / _CELL) + 1)
        if len(columns) * len(rows) > _WIDE:
            wide.append(shape)
            continue
        for column in columns:
            for row in rows:
                cells[column, row].append(shape)
    return dict(cells), wide


def _commune_ref(row: CommuneRow, to_confirm: bool) -> CommuneRef:
    return CommuneRef(row.pk, row.code, row.name, row.epci_siren, to_confirm)


def _commune_among(shapes: Iterable[Shape], spot: Spot) -> CommuneRef | None:
    """The commune that holds the point, or the one whose edge is just beside it."""
    best: tuple[bool, bool, bool, str] | None = None
    chosen: Shape | None = None
    claims = 0
    for shape in shapes:
        inside, near = spot.against(shape)
        if not (inside or near):
            continue
        claims += inside
        # Inside before beside, an official outline before a schematic one, far from the edge.
        rank = (not inside, shape.schematic, near, shape.row.code)
        if best is None or rank < best:
            best, chosen = rank, shape
    if best is None or chosen is None:
        return None
    return _commune_ref(chosen.row, best[0] or best[2] or claims > 1)
