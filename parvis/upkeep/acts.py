"""Writing who keeps up what. What ran is never overwritten: a change starts another row."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.places.models import Residence
from parvis.upkeep.models import Holding, ManagedArea


class Refused(Exception):  # noqa: N818
    """This cannot be written; the message says why, in French."""


@transaction.atomic
def write_area(actor: Actor, **fields: Any) -> ManagedArea:
    """Start a managed area; refused where this actor may not write."""
    area = begin_area(**fields)
    _check_right(actor, area)
    return area


@transaction.atomic
def change_area(actor: Actor, area: ManagedArea, *, from_day: date, **fields: Any) -> ManagedArea:
    """The same as `follow_area`; refused where this actor may not write."""
    area = follow_area(area, from_day=from_day, **fields)
    _check_right(actor, area)
    return area


def begin_area(**fields: Any) -> ManagedArea:
    """A new managed area, whoever writes it: the caller answers for the right to."""
    area = ManagedArea(**fields)
    area.save(force_insert=True)
    return area


@transaction.atomic
def follow_area(area: ManagedArea, *, from_day: date, **fields: Any) -> ManagedArea:
    """From that day the area is as `fields` say; until the day before it stays as it was.

    What has not started yet has answered for nothing: it is corrected in place.
    The caller answers for the right to.
    """
    area = _lock(area)
    if area.starts_on and area.starts_on > timezone.localdate():
        starts_on = fields.pop("starts_on", from_day)
        for name, value in {**fields, "starts_on": starts_on}.items():
            setattr(area, name, value)
        area.save(update_fields=[*fields, "starts_on"])
        return area
    if area.starts_on and from_day <= area.starts_on:
        raise Refused("Le changement doit commencer après le début de l’espace actuel.")
    if area.ends_on and area.ends_on < from_day:
        raise Refused("Cet espace est terminé avant ce jour. Créez-en un nouveau.")
    area.ends_on = from_day - timedelta(days=1)
    area.save(update_fields=["ends_on"])
    return begin_area(**{**fields, "starts_on": from_day, "replaces": area})


@transaction.atomic
def end_area(area: ManagedArea, *, last_day: date) -> None:
    """The area is managed until that day, included; after it, nobody answers by it."""
    area = _lock(area)
    if area.starts_on and last_day < area.starts_on:
        raise Refused("La fin précède le début.")
    if area.ends_on and area.ends_on < timezone.localdate():
        raise Refused("Cet espace est déjà terminé : ce qui a été en vigueur ne change plus.")
    area.ends_on = last_day
    area.save(update_fields=["ends_on"])


def _check_right(actor: Actor, area: ManagedArea) -> None:
    """Where the area now lies, this actor must be the one who writes; nothing is kept otherwise."""
    if not ManagedArea.objects.allowed(actor, "edit").filter(pk=area.pk).exists():
        raise Refused("Cet endroit sort de votre périmètre.")


def _lock(area: ManagedArea) -> ManagedArea:
    """The row as it stands now: of two people who change it, the second is told."""
    fresh: ManagedArea = ManagedArea.objects.select_for_update().get(pk=area.pk)
    if ManagedArea.objects.filter(replaces=fresh).exists():
        raise Refused("Cet espace a déjà été remplacé par un autre. Modifiez celui-là.")
    return fresh


@transaction.atomic
def hand_over(
    actor: Actor, residence: Residence, organisation: Organisation, *, from_day: date
) -> Holding:
    """The same as `take_over`; refused where this actor may not write."""
    holding = take_over(residence, organisation, from_day=from_day)
    if not Holding.objects.allowed(actor, "edit").filter(pk=holding.pk).exists():
        raise Refused("Cette résidence sort de votre périmètre.")
    return holding


@transaction.atomic
def take_over(residence: Residence, organisation: Organisation, *, from_day: date) -> Holding:
    """From that day this landlord holds the residence; the holder before it ends the day before.

    The caller answers for the right to.
    """
    running = list(
        Holding.objects.select_for_update()
        .filter(residence=residence)
        .current_or_to_come(from_day)
        .order_by("pk")
    )
    if any(held.starts_on and held.starts_on >= from_day for held in running):
        raise Refused("Un bailleur est déjà prévu à partir de ce jour ou après.")
    if any(held.organisation_id == organisation.pk and not held.ends_on for held in running):
        raise Refused("Ce bailleur tient déjà la résidence.")
    for held in running:
        held.ends_on = from_day - timedelta(days=1)
        held.save(update_fields=["ends_on"])
    return Holding.objects.create(
        residence=residence, organisation=organisation, starts_on=from_day
    )
