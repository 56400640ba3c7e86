"""What a perimeter covers, and what one may hand on of one's own."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from parvis.partners.actors import Actor
from parvis.places.models import Commune, Quartier
from parvis.ui.words import of

# A row of a perimeter: (commune, None), (None, quartier) or their crossing, by primary key.
Row = tuple[int | None, int | None]


def perimeter_rows(communes: Iterable[int], quartiers: Iterable[int]) -> list[Row]:
    """The rows of a perimeter made of these communes and quartiers.

    Both given, it is their crossing: only the parts of a quartier that lie in one of the communes.
    At most one query.
    """
    communes, quartiers = sorted(set(communes)), sorted(set(quartiers))
    if not quartiers:
        return [(commune, None) for commune in communes]
    if not communes:
        return [(None, quartier) for quartier in quartiers]
    return [
        (commune, quartier)
        for quartier, touched in communes_of(quartiers).items()
        for commune in communes
        if commune in touched
    ]


def communes_of(quartiers: Iterable[int]) -> dict[int, set[int]]:
    """The communes on which each of these quartiers lies, in one query."""
    found: dict[int, set[int]] = {quartier: set() for quartier in quartiers}
    through = Quartier.communes.through
    for quartier, commune in (
        through.objects.filter(quartier_id__in=list(found))
        .order_by()
        .values_list("quartier_id", "commune_id")
    ):
        found[quartier].add(commune)
    return found


def covers(actor: Actor, rows: Iterable[Row]) -> bool:
    """Whether each of these rows lies inside the actor's own perimeter. At most one query."""
    rows = list(rows)
    touched = communes_of(quartier for commune, quartier in rows if quartier and not commune)
    return all(_covers(actor, row, touched) for row in rows)


def _covers(actor: Actor, row: Row, touched: dict[int, set[int]]) -> bool:
    commune, quartier = row
    if quartier is None:
        return commune in actor.communes
    if quartier in actor.quartiers:
        return True
    if commune is not None:
        return commune in actor.communes or (commune, quartier) in actor.crossings
    held = actor.communes | {c for c, q in actor.crossings if q == quartier}
    return bool(touched[quartier]) and touched[quartier] <= held


def communes_to_give(actor: Actor) -> QuerySet[Commune]:
    """The communes that an actor may name in a perimeter it hands on."""
    own = actor.communes | {commune for commune, _ in actor.crossings}
    touched = Quartier.communes.through.objects.filter(quartier_id__in=actor.quartiers)
    return Commune.objects.filter(Q(pk__in=own) | Q(pk__in=touched.values("commune_id")))


def quartiers_to_give(actor: Actor) -> QuerySet[Quartier]:
    """The quartiers that an actor may name in a perimeter it hands on."""
    own = actor.quartiers | {quartier for _, quartier in actor.crossings}
    touching = Quartier.communes.through.objects.filter(commune_id__in=actor.communes)
    return Quartier.objects.filter(Q(pk__in=own) | Q(pk__in=touching.values("quartier_id")))


def perimeter_words(rows: Iterable[tuple[str, str]]) -> str:
    """A perimeter in words, from (commune, quartier) names; a missing one is empty."""
    parts = [
        f"{quartier} (partie {of(commune)})" if commune and quartier else commune or quartier
        for commune, quartier in rows
    ]
    return ", ".join(parts) or "toute l’organisation"
