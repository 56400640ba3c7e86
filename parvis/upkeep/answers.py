"""Who answers for a place and a theme: one organisation, or nobody ("sans gestionnaire")."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, cast

from django.db.models import F, Q
from django.utils import timezone

from parvis.partners.models import Organisation
from parvis.places.models import Inside
from parvis.upkeep import themes
from parvis.upkeep.models import Holding, ManagedArea

NOBODY_ANSWERS = "Sans gestionnaire : aucun espace géré ne couvre ce lieu pour ce thème."


@dataclass(frozen=True)
class Answer:
    """The organisation that answers, the managed area that says so, and why in French."""

    organisation_id: int | None
    organisation_name: str
    area_id: int | None
    why: str


@dataclass(frozen=True)
class Asked:
    """A place and a theme of which one asks who answers; `inside` as `places.models.Inside`;
    `indoors` when what is asked about is a matter of buildings, whatever its theme."""

    theme_code: str
    latitude: float | None
    longitude: float | None
    commune_id: int | None
    quartier_ids: Collection[int]
    residence_id: int | None = None
    inside: str = ""
    indoors: bool = False

    @property
    def of_building(self) -> bool:
        """Inside a residence, or about what concerns its building: its holder is asked first."""
        outside = (Inside.SURROUNDINGS,) if self.indoors else ("", Inside.SURROUNDINGS)
        within = self.inside not in outside
        return self.residence_id is not None and (
            within or themes.concerns_building(self.theme_code)
        )


class _Area(NamedTuple):
    pk: int
    name: str
    organisation_id: int
    organisation: str
    organisation_kind: str
    organisation_commune: int | None
    theme_codes: list[str]
    starts_on: date | None
    commune_id: int | None
    commune: str | None
    quartier_id: int | None
    quartier: str | None
    residence_id: int | None
    residence: str | None
    outline: Any  # GeoJSON
    west: float | None
    south: float | None
    east: float | None
    north: float | None


_COLUMNS = (
    *("pk", "name", "manager_id", "manager__name", "manager__kind", "manager__commune_id"),
    *("theme_codes", "starts_on", "commune_id", "commune__name", "quartier_id", "quartier__name"),
    *("residence_id", "residence__name", "outline", "west", "south", "east", "north"),
)


def answers_for_all(places: Sequence[Asked], *, on: date | None = None) -> list[Answer]:
    """Who answers for each of these on that day (today by default), in their order: at most two
    queries, however many they are.

    Inside a residence, or for what concerns its building: the area written on that residence, else
    its holder. Elsewhere the most specific managed area: drawn outline (the smallest), residence,
    part of a quartier in a commune, quartier, commune; at one level an area written for the theme
    comes before an area for all themes, then the latest one.
    """
    day = on or timezone.localdate()
    areas, shapes = _areas(places, day), _Shapes()
    near = [[area for area in areas if _may_hold(area, place)] for place in places]
    written = [
        [area for area in those if area.residence_id and not area.outline]
        if place.of_building
        else []
        for place, those in zip(places, near, strict=True)
    ]
    unwritten = {
        place.residence_id
        for place, those in zip(places, written, strict=True)
        if place.of_building and not those and place.residence_id is not None
    }
    holders = landlords_of(unwritten, day) if unwritten else {}
    found = []
    for place, those, on_residence in zip(places, near, written, strict=True):
        holder = holders.get(place.residence_id) if place.of_building else None
        if on_residence:
            found.append(_by_area(min(on_residence, key=shapes.rank)))
        elif holder:
            found.append(holder)
        else:
            holding = [area for area in those if shapes.hold(area, place)]
            found.append(
                _by_area(min(holding, key=shapes.rank))
                if holding
                else Answer(None, "", None, NOBODY_ANSWERS)
            )
    return found


def _areas(places: Sequence[Asked], day: date) -> list[_Area]:
    """The areas in force that may hold one of these places; outlines by their box only."""
    points = [
        (place.latitude, place.longitude)
        for place in places
        if place.latitude is not None and place.longitude is not None
    ]
    inside_box = Q(outline__isnull=True)  # `outline=None` would look for a JSON null
    if points:
        norths, easts = [north for north, _ in points], [east for _, east in points]
        inside_box |= Q(
            west__lte=max(easts),
            east__gte=min(easts),
            south__lte=max(norths),
            north__gte=min(norths),
        )
    rows = (
        ManagedArea.objects.in_force(day)
        .filter(
            inside_box,
            Q(commune=None) | Q(commune_id__in={place.commune_id for place in places} - {None}),
            Q(quartier=None) | Q(quartier_id__in={pk for one in places for pk in one.quartier_ids}),
            Q(residence=None) | Q(residence_id__in={one.residence_id for one in places} - {None}),
            Q(manager__closed_on=None) | Q(manager__closed_on__gt=day),
        )
        .order_by("pk")
        .values_list(*_COLUMNS)
    )
    return list(map(_Area._make, rows))


def _may_hold(area: _Area, place: Asked) -> bool:
    """Whether an area is for that theme and its places hold this one; an outline by its box."""
    return (
        (not area.theme_codes or place.theme_code in area.theme_codes)
        and area.commune_id in (None, place.commune_id)
        and (area.quartier_id is None or area.quartier_id in place.quartier_ids)
        and area.residence_id in (None, place.residence_id)
        and _in_box(area, place)
        and not _of_a_neighbour(area, place.commune_id)
    )


def _in_box(area: _Area, place: Asked) -> bool:
    if area.outline is None:
        return True
    if place.latitude is None or place.longitude is None:
        return False
    # The database holds a box for each outline.
    return cast(float, area.west) <= place.longitude <= cast(float, area.east) and cast(
        float, area.south
    ) <= place.latitude <= cast(float, area.north)


def _of_a_neighbour(area: _Area, commune_id: int | None) -> bool:
    """A commune that keeps up a whole quartier does so on its own part of it, never next door."""
    whole_quartier = area.quartier and not (area.commune or area.residence or area.outline)
    return bool(
        whole_quartier
        and area.organisation_kind == Organisation.Kind.COMMUNE
        and area.organisation_commune != commune_id
    )


class _Shapes:
    """The outlines of areas as shapes, each made once, when first asked for."""

    def __init__(self) -> None:
        self._made: dict[int, Any] = {}

    def hold(self, area: _Area, place: Asked) -> bool:
        """Whether the outline of an area holds that place; an area without outline does."""
        from shapely import Point  # heavy: imported where it is used

        if not area.outline:
            return True
        if place.latitude is None or place.longitude is None:
            return False
        return bool(self._of(area).covers(Point(place.longitude, place.latitude)))

    def rank(self, area: _Area) -> tuple[int, bool, float, int, int]:
        """Smallest first: level, written for the theme, surface, then the latest."""
        started = area.starts_on.toordinal() if area.starts_on else 0
        surface = float(self._of(area).area) if area.outline else 0.0
        return (_level(area), not area.theme_codes, surface, -started, -area.pk)

    def _of(self, area: _Area) -> Any:
        from shapely.geometry import shape

        if area.pk not in self._made:
            self._made[area.pk] = shape(area.outline)
        return self._made[area.pk]


def _level(area: _Area) -> int:
    if area.outline:
        return 0
    if area.residence:
        return 1
    if area.quartier:
        return 2 if area.commune else 3
    return 4


def _by_area(area: _Area) -> Answer:
    if area.outline:
        where = "contour dessiné"
    elif area.residence:
        where = f"résidence {area.residence}"
    elif area.quartier:
        where = f"quartier {area.quartier}"
        if area.commune:
            where += f", partie située à {area.commune}"
    else:
        where = f"commune : {area.commune}"
    what = ", ".join(themes.labels(area.theme_codes)) if area.theme_codes else "tous les thèmes"
    why = f"Espace géré « {area.name} » : {area.organisation} ({where} ; {what})."
    return Answer(
        organisation_id=area.organisation_id,
        organisation_name=area.organisation,
        area_id=area.pk,
        why=why,
    )


def landlord_of(residence_id: int, day: date) -> Answer | None:
    """Whoever holds the residence that day; of two, the one that came last."""
    return landlords_of([residence_id], day).get(residence_id)


def landlords_of(residence_ids: Iterable[int], day: date) -> dict[int | None, Answer]:
    """The same for several residences, in one query."""
    rows = (
        Holding.objects.in_force(day)
        .filter(residence_id__in=list(residence_ids))
        .filter(Q(organisation__closed_on=None) | Q(organisation__closed_on__gt=day))
        .order_by(F("starts_on").desc(nulls_last=True), "-pk")
        .values_list("residence_id", "organisation_id", "organisation__name", "residence__name")
    )
    found: dict[int | None, Answer] = {}
    for home, pk, name, residence in rows:
        why = f"Résidence « {residence} » : {name} en est le bailleur."
        found.setdefault(home, Answer(pk, name, None, why))
    return found
