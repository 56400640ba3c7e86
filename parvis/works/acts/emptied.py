"""Buildings that are being emptied: how many dwellings are still occupied, and whether they are
kept up until the last tenant leaves."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.thread.acts import record
from parvis.works.acts.residents import not_to_come
from parvis.works.models import EmptiedBuilding, OccupancyCount, Operation, UpkeepVisit
from parvis.works.project_events import OPERATION


def write_emptied(
    operation: Operation, emptied: EmptiedBuilding | None = None, *, actor: Actor, **fields: Any
) -> EmptiedBuilding:
    """Note a building whose tenants are rehoused, or change what is said of it."""
    fresh = emptied or EmptiedBuilding(operation=operation)
    for name, value in fields.items():
        setattr(fresh, name, value)
    building = fresh.building
    if building is not None and building.residence_id != fresh.residence_id:
        raise ValidationError({"building": "Ce bâtiment est d’une autre résidence."})
    fresh.full_clean()
    with transaction.atomic():
        fresh.save()
        record(actor, OPERATION, operation.pk, "emptied", public=False)
    return fresh


def count_dwellings(
    emptied: EmptiedBuilding, *, actor: Actor, counted_on: date, occupied: int
) -> OccupancyCount:
    """Say how many dwellings were still occupied on a day; the same day again corrects it."""
    not_to_come("counted_on", counted_on)
    if occupied > emptied.dwellings:
        raise ValidationError(
            {"occupied": f"L’immeuble compte {emptied.dwellings} logements en tout."}
        )
    with transaction.atomic():
        count, _ = OccupancyCount.objects.update_or_create(
            emptied=emptied, counted_on=counted_on, defaults={"occupied": occupied}
        )
        record(actor, OPERATION, emptied.operation_id, "counted", new=str(occupied), public=False)
    return count


def visit_emptied(
    emptied: EmptiedBuilding,
    *,
    actor: Actor,
    by: Organisation,
    visited_on: date,
    result: str,
    note: str = "",
) -> UpkeepVisit:
    """Say how the building was found on a day. Visits are added, never changed."""
    not_to_come("visited_on", visited_on)
    visit = UpkeepVisit(
        emptied=emptied, by=by, visited_on=visited_on, result=result, note=note.strip()
    )
    visit.full_clean()
    with transaction.atomic():
        visit.save()
        record(actor, OPERATION, emptied.operation_id, "visited", new=result, public=False)
    return visit
