"""Who answers for a place and a theme: one organisation, or nobody ("sans gestionnaire")."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

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


class _Area(NamedTuple):
    pk: int
    name: str
    organisation_id: int
    organisation: str
    organisation_kind: str
    organisation_commune: int | None
    theme_codes: list[str]
    starts_on: date | None
    commune: str | None
    quartier: str | None
    residence: str | None
    outline: dict[str, Any] | None


def answers_for(
    *,
    theme_code: str,
    latitude: float | None,
    longitude: float | None,
    commune_id: int | None,
    quartier_ids: Collection[int],
    residence_id: int | None = None,
    inside: str = "",
    on: date | None = None,
) -> Answer:
    """Who answers for this theme here on that day (today by default), in at most two queries.

    Inside a residence, or for what concerns its building: the area written on that residence, else
    its holder. Elsewhere the most specific managed area: drawn outline (the smallest), residence,
    part of a quartier in a commune, quartier, commune; at one level an area written for the theme
    comes before an area for all themes, then the latest one.
    """
    day = on or timezone.localdate()
    areas = _areas(theme_code, latitude, longitude, commune_id, quartier_ids, residence_id, day)
    within = inside not in ("", Inside.SURROUNDINGS)
    if residence_id is not None and (within or themes.concerns_building(theme_code)):
        written = [area for area in areas if area.residence and not area.outline]
        if written:
            return _by_area(min(written, key=_rank))
        if holder := landlord_of(residence_id, day):
            return holder
    holding = [
        area for area in areas if not area.outline or _holds(area.outline, latitude, longitude)
    ]
    if not holding:
        return Answer(None, "", None, NOBODY_ANSWERS)
    return _by_area(min(holding, key=_rank))


def _areas(
    theme_code: str,
    latitude: float | None,
    longitude: float | None,
    commune_id: int | None,
    quartier_ids: Collection[int],
    residence_id: int | None,
    day: date,
) -> list[_Area]:
    """The areas in force for that theme whose places hold this one; outlines by their box only."""
    inside_box = Q(outline__isnull=True)  # `outline=None` would look for a JSON null
    if latitude is not None and longitude is not None:
        inside_box |= Q(
            west__lte=longitude, east__gte=longitude, south__lte=latitude, north__gte=latitude
        )
    rows = (
        ManagedArea.objects.in_force(day)
        .filter(
            inside_box,
            Q(commune=None) | Q(commune_id=commune_id),
            Q(quartier=None) | Q(quartier_id__in=list(quartier_ids)),
            Q(residence=None) | Q(residence_id=residence_id),
            Q(manager__closed_on=None) | Q(manager__closed_on__gt=day),
        )
        .order_by("pk")
        .values_list(
            "pk",
            "name",
            "manager_id",
            "manager__name",
            "manager__kind",
            "manager__commune_id",
            "theme_codes",
            "starts_on",
            "commune__name",
            "quartier__name",
            "residence__name",
            "outline",
        )
    )
    return [
        area
        for area in map(_Area._make, rows)
        if (not area.theme_codes or theme_code in area.theme_codes)
        and not _of_a_neighbour(area, commune_id)
    ]


def _of_a_neighbour(area: _Area, commune_id: int | None) -> bool:
    """A commune that keeps up a whole quartier does so on its own part of it, never next door."""
    whole_quartier = area.quartier and not (area.commune or area.residence or area.outline)
    return bool(
        whole_quartier
        and area.organisation_kind == Organisation.Kind.COMMUNE
        and area.organisation_commune != commune_id
    )


def _holds(outline: dict[str, Any], latitude: float | None, longitude: float | None) -> bool:
    from shapely import Point  # heavy: imported where it is used
    from shapely.geometry import shape

    if latitude is None or longitude is None:
        return False
    return bool(shape(outline).covers(Point(longitude, latitude)))


def _surface(area: _Area) -> float:
    from shapely.geometry import shape

    return float(shape(area.outline).area) if area.outline else 0.0


def _level(area: _Area) -> int:
    if area.outline:
        return 0
    if area.residence:
        return 1
    if area.quartier:
        return 2 if area.commune else 3
    return 4


def _rank(area: _Area) -> tuple[int, bool, float, int, int]:
    """Smallest first: level, written for the theme, surface, then the latest."""
    started = area.starts_on.toordinal() if area.starts_on else 0
    return (_level(area), not area.theme_codes, _surface(area), -started, -area.pk)


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
    found = (
        Holding.objects.in_force(day)
        .filter(residence_id=residence_id)
        .filter(Q(organisation__closed_on=None) | Q(organisation__closed_on__gt=day))
        .order_by(F("starts_on").desc(nulls_last=True), "-pk")
        .values_list("organisation_id", "organisation__name", "residence__name")
        .first()
    )
    if found is None:
        return None
    pk, name, residence = found
    return Answer(pk, name, None, f"Résidence « {residence} » : {name} en est le bailleur.")
