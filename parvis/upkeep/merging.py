"""A landlord is merged into another one: what it held passes on that day, what it did stays.

Holdings and managed areas are dated: until the day before they stay the old landlord's. The old
organisation is closed and names its successor, which then reads what it wrote. Mandates of its
people are not touched: they count no more, and the new landlord invites whom it keeps.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.partners.models import Mandate, Organisation
from parvis.upkeep.acts import Refused, follow_area
from parvis.upkeep.models import Holding, ManagedArea


@dataclass(frozen=True)
class Merger:
    """What a merger passes on, or would: residences, managed areas; who acts until then."""

    residences: int
    areas: int
    people: int


def merger_of(old: Organisation, *, on: date) -> Merger:
    """What would pass that day; three queries."""
    return Merger(
        _holdings(old, on).values("residence_id").distinct().count(),
        _areas(old, on).count(),
        Mandate.objects.in_force(on)
        .filter(organisation=old)
        .values("person_id")
        .distinct()
        .count(),
    )


def why_not(old: Organisation, new: Organisation, *, on: date, actor: Actor | None) -> str:
    """Why this merger cannot be written, in a sentence; empty when it can.

    `actor` must be a coordination whose communes hold all that passes; None: the technical role.
    """
    landlord, today = Organisation.Kind.BAILLEUR, timezone.localdate()
    if old.pk == new.pk:
        return "Choisissez deux bailleurs différents."
    for one in (old, new):
        if one.kind != landlord:
            return f"{one} n’est pas un bailleur."
    if old.closed_on or old.successor_id:
        return f"{old} est déjà fermé : il ne peut pas être repris une seconde fois."
    if new.closed_on or new.successor_id:
        return f"{new} est fermé : choisissez un bailleur en activité."
    if on.year < 1950:
        return "Vérifiez l’année."
    if on > today:
        return "Une fusion s’écrit à partir du jour où elle a lieu : ce jour n’est pas encore venu."
    if actor is not None and not _within(old, on, actor):
        return (
            f"{old} tient aussi des résidences ou des espaces hors de votre périmètre. La personne "
            "qui administre l’installation écrit cette fusion avec « parvis merge_landlords »."
        )
    return ""


@transaction.atomic
def merge_landlords(
    old: Organisation, new: Organisation, *, on: date, actor: Actor | None
) -> Merger:
    """`old` is merged into `new` on that day. It cannot be undone. Refused says why in French.

    Landlords that were merged into `old` before name `new` as their successor from now on, so that
    it reads them too; the day on which each was closed stays.
    """
    both = Organisation.objects.select_for_update().filter(pk__in=(old.pk, new.pk))
    fresh = {one.pk: one for one in both.order_by("pk")}
    gone, heir = fresh[old.pk], fresh[new.pk]
    if words := why_not(gone, heir, on=on, actor=actor):
        raise Refused(words)
    done = merger_of(gone, on=on)
    _pass_holdings(gone, heir, on)
    for area in _areas(gone, on).order_by("pk"):
        _pass_area(area, gone, heir, on)
    gone.closed_on, gone.successor = on, heir
    gone.save(update_fields=["closed_on", "successor"])
    Organisation.objects.filter(successor=gone).update(successor=heir)
    return done


def mergeable(actor: Actor) -> Q:
    """The landlords that hold a residence where this actor writes who holds what."""
    held = Holding.objects.allowed(actor, "edit").values("organisation_id")
    return Q(kind=Organisation.Kind.BAILLEUR, closed_on=None, pk__in=held)


def _holdings(old: Organisation, on: date) -> Any:
    return Holding.objects.filter(organisation=old).current_or_to_come(on)


def _areas(old: Organisation, on: date) -> Any:
    rows = ManagedArea.objects.filter(Q(manager=old) | Q(owner=old)).current_or_to_come(on)
    return rows.filter(replaced_by=None)


def _within(old: Organisation, on: date, actor: Actor) -> bool:
    """Whether this actor may write all that passes, and something passes."""
    holdings, areas = _holdings(old, on), _areas(old, on)
    mine = Holding.objects.allowed(actor, "edit").values("pk")
    ground = ManagedArea.objects.allowed(actor, "edit").values("pk")
    everything = not (
        holdings.exclude(pk__in=mine).exists() or areas.exclude(pk__in=ground).exists()
    )
    return everything and holdings.exists()


def _pass_holdings(old: Organisation, new: Organisation, on: date) -> None:
    """Each holding of the old landlord ends the day before; the new one holds on from that day."""
    running = list(_holdings(old, on).select_for_update().order_by("pk"))
    kept = set(
        Holding.objects.in_force(on)
        .filter(organisation=new, residence_id__in=[one.residence_id for one in running])
        .values_list("residence_id", flat=True)
    )
    made = []
    for one in running:
        if one.starts_on and one.starts_on >= on:
            # It had not begun: it begins under the new name.
            one.organisation = new
            one.save(update_fields=["organisation"])
            continue
        if one.residence_id not in kept:
            made.append(
                Holding(
                    residence_id=one.residence_id,
                    organisation=new,
                    starts_on=on,
                    ends_on=one.ends_on,
                )
            )
        one.ends_on = on - timedelta(days=1)
        one.save(update_fields=["ends_on"])
    Holding.objects.bulk_create(made)


def _pass_area(area: ManagedArea, old: Organisation, new: Organisation, on: date) -> None:
    """A managed area goes on under the new name from that day."""
    changed = {name: new for name in ("manager", "owner") if getattr(area, f"{name}_id") == old.pk}
    if area.starts_on and area.starts_on >= on:
        for name, value in changed.items():
            setattr(area, name, value)
        area.save(update_fields=list(changed))
        return
    fields = (
        *("name", "owner", "manager", "theme_codes", "commune", "quartier", "residence", "ends_on"),
        *("outline", "schematic", "west", "south", "east", "north"),
    )
    as_it_is = {name: getattr(area, name) for name in fields}
    follow_area(area, from_day=on, **{**as_it_is, **changed})
