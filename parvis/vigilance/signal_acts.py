"""Giving and taking back what is counted without naming anybody."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.places.locate import locate
from parvis.places.models import Commune, Quartier, Residence
from parvis.upkeep.models import Holding
from parvis.vigilance.models import DwellingSignal, UnpaidCount
from parvis.vigilance.models.signals import FEWEST_DWELLINGS
from parvis.vigilance.quarters import Quarter as Trimester

Counts = Mapping[int, tuple[int, int] | None]  # residence -> (dwellings, behind), None to withdraw


@transaction.atomic
def give_signal(
    *,
    actor: Actor,
    what: str,
    month: date,
    commune: Commune | None = None,
    quartier: Quartier | None = None,
    residence: Residence | None = None,
    large: bool = False,
) -> tuple[DwellingSignal, bool]:
    """Note that dwellings of a place are cold or damp; whether it was new. The same organisation
    saying it twice of one place in one month counts once.

    Of a residence that is not said to be `large` (twenty dwellings), only commune and quartier are
    kept: a smaller one would point at households.
    """
    if residence is not None:
        commune, quartier = residence.commune, quartier_of(residence)
        residence = residence if large else None
    if commune is None or actor.organisation_id is None:
        raise ValueError("a signal lies in a commune and is given by an organisation")
    return DwellingSignal.objects.get_or_create(
        what=what,
        month=month.replace(day=1),
        commune=commune,
        quartier=quartier,
        residence=residence,
        organisation_id=actor.organisation_id,
    )


def quartier_of(residence: Residence) -> Quartier | None:
    """The quartier that holds a residence today, a QPV first."""
    inside = [
        one for one in locate(residence.latitude, residence.longitude).quartiers if one.inside
    ]
    inside.sort(key=lambda one: (one.kind != Quartier.Kind.QPV, one.pk))
    return Quartier.objects.defer("outline").get(pk=inside[0].pk) if inside else None


def places_of(actor: Actor, today: date) -> tuple[Any, Any, Any]:
    """The communes, quartiers and residences that this actor may name: its perimeter, the seat of
    its organisation, and what its organisation holds."""
    held = Holding.objects.in_force(today).filter(organisation_id=actor.organisation_id)
    at_home = Q(residences__pk__in=held.values("residence_id"))
    at_home |= Q(organisations__pk=actor.organisation_id)
    at_home |= Q(pk__in=[*actor.communes, *(commune for commune, _ in actor.crossings)])
    at_home |= Q(quartiers__pk__in=sorted(actor.quartiers))
    near = Commune.objects.filter(pk__in=Commune.objects.filter(at_home).values("pk"))
    communes = near.defer("outline").order_by("name", "code")
    touching = Quartier.communes.through.objects.filter(commune_id__in=near.values("pk"))
    quartiers = (
        Quartier.objects.in_force(today)
        .filter(pk__in=touching.values("quartier_id"))
        .defer("outline")
        .order_by("name", "code")
    )
    rows = Residence.objects.select_related("commune").defer("outline", "commune__outline")
    inside = Q(pk__in=held.values("residence_id"))
    if actor.kind != "bailleur":  # a landlord names its own residences
        inside |= Q(commune_id__in=near.values("pk"))
    return communes, quartiers, rows.filter(inside).order_by("commune__name", "name", "code")


# --- Unpaid charges -----------------------------------------------------------------------------


def held_at_the_end(actor: Actor, quarter: Trimester) -> Any:
    """The residences that the actor's organisation held on the last day of a quarter."""
    held = Holding.objects.in_force(quarter.end).filter(organisation_id=actor.organisation_id)
    return (
        Residence.objects.filter(pk__in=held.values("residence_id"))
        .select_related("commune")
        .defer("outline", "commune__outline")
        .order_by("commune__name", "name", "code")
    )


def fault_of(dwellings: int | None, behind: int | None) -> str:
    """Why these two figures cannot be kept together, in words; nothing when they can."""
    if dwellings is None or behind is None:
        return "Donnez les deux nombres, ou aucun."
    if dwellings < FEWEST_DWELLINGS:
        return (
            f"En dessous de {FEWEST_DWELLINGS} logements, un compte désignerait des ménages :"
            " laissez cette résidence vide."
        )
    return "Il y a plus de retards que de logements." if behind > dwellings else ""


@transaction.atomic
def save_counts(actor: Actor, quarter: Trimester, counts: Counts) -> tuple[int, int]:
    """Keep what a landlord counted; how many counts are new or changed, and how many were
    withdrawn. The caller has checked them (`fault_of`) and that these are its residences."""
    own = UnpaidCount.objects.allowed(actor, "edit").filter(
        quarter=quarter.start, residence_id__in=list(counts)
    )
    known = {one.residence_id: one for one in own.select_for_update()}
    gone = [one.pk for pk, one in known.items() if counts[pk] is None]
    UnpaidCount.objects.filter(pk__in=gone).delete()
    new, changed, now = [], [], timezone.now()
    for pk, count in counts.items():
        if count is None:
            continue
        row = known.get(pk)
        if row is None:
            row = UnpaidCount(residence_id=pk, quarter=quarter.start)
            row.organisation_id = actor.organisation_id  # type: ignore[assignment]
            new.append(row)
        elif (row.dwellings, row.behind) != count:
            changed.append(row)
        row.dwellings, row.behind = count
        row.given_at = now
    UnpaidCount.objects.bulk_create(new)
    UnpaidCount.objects.bulk_update(changed, ["dwellings", "behind", "given_at"], batch_size=200)
    return len(new) + len(changed), len(gone)
