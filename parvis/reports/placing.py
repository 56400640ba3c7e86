"""Where a report lies: from what a resident gave to commune, quartiers and a label."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import ValidationError

from parvis.places.locate import locate
from parvis.places.models import Building, Entrance, Inside, Quartier, Residence


@dataclass(frozen=True)
class Place:
    """What a resident gave. Either a point, a residence (or what is inside it), or a quartier."""

    latitude: float | None = None
    longitude: float | None = None
    label: str = ""
    residence: Residence | None = None
    building: Building | None = None
    entrance: Entrance | None = None
    inside: str = ""
    quartier: Quartier | None = None


@dataclass(frozen=True)
class Placed:
    """The same place, once looked up: what the columns of a report need."""

    latitude: float | None
    longitude: float | None
    label: str
    commune_id: int | None
    quartier_ids: tuple[int, ...]
    to_confirm: bool
    residence: Residence | None = None
    building: Building | None = None
    entrance: Entrance | None = None
    inside: str = ""


def place_report(place: Place) -> Placed:
    """Look a place up, from memory: no query as long as residence, building and entrance come with
    what they stand in (`select_related("building__residence")`)."""
    entrance = place.entrance
    building = place.building or (entrance.building if entrance else None)
    residence = place.residence or (building.residence if building else None)
    if building and residence and building.residence_id != residence.pk:
        raise ValidationError(
            "Ce bâtiment n’est pas dans cette résidence : choisissez-le à nouveau."
        )
    if entrance and building and entrance.building_id != building.pk:
        raise ValidationError("Cette entrée n’est pas dans ce bâtiment : choisissez-la à nouveau.")
    if place.inside and place.inside not in Inside.values:
        raise ValidationError("Cet endroit n’existe pas : choisissez-le dans la liste.")
    latitude, longitude = _point(place, residence, entrance)
    label = place.label.strip()
    if latitude is None or longitude is None:
        if place.quartier is None and not label:
            raise ValidationError("Dites où cela se passe : une adresse, un point ou un quartier.")
        # Known by its words only: somebody looks before the place is taken for sure.
        quartiers = (place.quartier.pk,) if place.quartier else ()
        words = label or str(place.quartier)
        return Placed(None, None, words[:240], None, quartiers, to_confirm=True)
    found = locate(latitude, longitude)
    quartier_ids = tuple(quartier.pk for quartier in found.quartiers)
    commune_id = found.commune.pk if found.commune else None
    to_confirm = found.to_confirm or commune_id is None
    if residence is not None:
        # The residence's own commune is known for sure.
        commune_id, to_confirm = residence.commune_id, found.to_confirm
    return Placed(
        latitude,
        longitude,
        (label or _label(residence, building, entrance, place.inside) or _point_label(found))[:240],
        commune_id,
        quartier_ids,
        to_confirm,
        residence,
        building,
        entrance,
        place.inside,
    )


def _point(
    place: Place, residence: Residence | None, entrance: Entrance | None
) -> tuple[float | None, float | None]:
    latitude, longitude = place.latitude, place.longitude
    if latitude is not None and longitude is not None:
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            raise ValidationError("Ce point n’est pas sur la carte : choisissez-le à nouveau.")
        return latitude, longitude
    if entrance and entrance.latitude is not None and entrance.longitude is not None:
        return entrance.latitude, entrance.longitude
    if residence is not None:
        return residence.latitude, residence.longitude
    return None, None


def _label(
    residence: Residence | None, building: Building | None, entrance: Entrance | None, inside: str
) -> str:
    """ "Les Tilleuls, bâtiment A, entrée 3, cage d’escalier": each word once."""
    words = [str(part) for part in (residence, building, entrance) if part is not None]
    if inside:
        words.append(Inside(inside).label)
    return ", ".join(words)


def _point_label(found: object) -> str:
    commune = getattr(found, "commune", None)
    quartiers = getattr(found, "quartiers", ())
    words = [quartiers[0].name] if quartiers else []
    if commune:
        words.append(commune.name)
    return ", ".join(words) or "Lieu à confirmer"
