"""From what is to be delivered to who manages it: delivery, réserves, remise en gestion."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.partners.rights import Refused
from parvis.thread.acts import record
from parvis.ui.words import counted, day_in_words
from parvis.upkeep import acts as upkeep
from parvis.upkeep.models import ManagedArea
from parvis.works.dates import months_after
from parvis.works.handover_models import Delivery, DurabilityCheck, Reserve, Survey
from parvis.works.project_models import Operation
from parvis.works.resident_models import GroundChange
from parvis.works.sorting import choices, settings

KIND = "delivery"
PLANNED = (
    *("title", "kind", "residence", "planned_on", "planned_use"),
    *("taker", "ground", "planned_cost"),
)
SETTLED = ("taker", "ground", "planned_cost")  # what no longer changes once it is handed over
GROUND = ("name", "theme_codes", "outline", "west", "south", "east", "north")
GROUND_PLACES = ("commune", "quartier", "residence")


def plan_delivery(
    operation: Operation, *, actor: Actor, now: datetime | None = None, **fields: Any
) -> Delivery:
    """Say what an operation is to deliver, and who will manage it."""
    delivery = Delivery(operation=operation, **fields)
    _check(delivery)
    with transaction.atomic():
        delivery.save()
        record(
            actor, KIND, delivery.pk, "planned", concerns=delivery.taker_id, public=False, at=now
        )
    return delivery


def write_delivery(delivery: Delivery, *, actor: Actor, **fields: Any) -> Delivery:
    """Change what is said of it; who manages it does not change once it was handed over."""
    with transaction.atomic():
        fresh = _held(delivery)
        if fresh.taken_on:
            fields = {name: value for name, value in fields.items() if name not in SETTLED}
        for name, value in fields.items():
            setattr(fresh, name, value)
        _check(fresh)
        fresh.save(update_fields=[*fields])
        record(actor, KIND, fresh.pk, "changed", public=False)
    return fresh


def deliver(
    delivery: Delivery, *, actor: Actor, delivered_on: date, now: datetime | None = None
) -> Delivery:
    """It is delivered; residents will be asked and the place checked at the ages of the settings.

    Until the remise en gestion the day may be corrected: what nobody has answered or checked yet
    follows it.
    """
    with transaction.atomic():
        fresh = _held(delivery)
        if fresh.taken_on:
            raise Refused("Ce lieu est remis en gestion : le jour de livraison ne change plus.")
        if delivered_on > timezone.localdate():
            raise ValidationError({"delivered_on": "Notez la livraison une fois qu’elle a lieu."})
        again = fresh.delivered_on is not None
        fresh.delivered_on = delivered_on
        fresh.full_clean(exclude=["kind"])
        fresh.save(update_fields=["delivered_on"])
        _plan_what_follows(fresh, delivered_on)
        code = "redated" if again else "delivered"
        record(actor, KIND, fresh.pk, code, public=not again, at=now)
    return fresh


def _plan_what_follows(delivery: Delivery, day: date) -> None:
    stays = timedelta(days=settings()["survey_days"])
    for months in settings()["survey_months"]:
        opens_on = months_after(day, months)
        dates = {"opens_on": opens_on, "closes_on": opens_on + stays}
        survey, made = Survey.objects.get_or_create(
            delivery=delivery, months=months, defaults=dates
        )
        if not made and not survey.answers.exists():
            Survey.objects.filter(pk=survey.pk).update(**dates)
    for year in settings()["check_years"]:
        due_on = months_after(day, 12 * year)
        check, made = DurabilityCheck.objects.get_or_create(
            delivery=delivery, year=year, defaults={"due_on": due_on}
        )
        if not made and check.done_on is None:
            DurabilityCheck.objects.filter(pk=check.pk).update(due_on=due_on)


# --- Réserves ---------------------------------------------------------------------------------


def note_reserve(
    delivery: Delivery, *, actor: Actor, now: datetime | None = None, **fields: Any
) -> Reserve:
    """Write down a fault, who mends it and before when."""
    reserve = Reserve(delivery=delivery, **fields)
    _refuse_future(reserve.found_on, "found_on")
    reserve.full_clean()
    with transaction.atomic():
        reserve.save()
        record(actor, KIND, delivery.pk, "reserved", public=False, at=now)
    return reserve


def lift_reserve(
    reserve: Reserve, *, actor: Actor, lifted_on: date | None, now: datetime | None = None
) -> Reserve:
    """The fault is mended; None: it is there after all."""
    with transaction.atomic():
        fresh = Reserve.objects.select_for_update(of=("self",)).get(pk=reserve.pk)
        fresh.lifted_on = lifted_on
        if lifted_on is not None:
            _refuse_future(lifted_on, "lifted_on")
        fresh.full_clean()
        fresh.save(update_fields=["lifted_on"])
        code = "lifted" if lifted_on else "reopened"
        record(actor, KIND, fresh.delivery_id, code, public=False, at=now)
    return fresh


# --- Remise en gestion ------------------------------------------------------------------------


@dataclass(frozen=True)
class Lack:
    """Something that lacks before somebody manages a place; `blocks`: nothing is done without."""

    text: str
    blocks: bool = True


def lacking(delivery: Delivery, *, minutes: Any = None) -> list[Lack]:
    """What lacks before the remise en gestion, what blocks it first. `minutes`: the file that comes
    with what is asked."""
    found = []
    if delivery.delivered_on is None:
        found.append(Lack("Le lieu n’est pas encore livré."))
    if not delivery.minutes and not minutes:
        found.append(Lack("Le procès-verbal de remise en gestion n’est pas joint."))
    ground = delivery.ground
    if ground is not None and ground.applied_at is None:
        found += _lacking_of_ground(delivery, ground)
    still = delivery.reserves.filter(lifted_on=None).count()
    if still:
        words = counted(still, "réserve n’est pas levée", "réserves ne sont pas levées")
        found.append(Lack(f"{words} : la remise reste possible, elles restent à suivre.", False))
    return sorted(found, key=lambda lack: not lack.blocks)


def _lacking_of_ground(delivery: Delivery, ground: GroundChange) -> list[Lack]:
    found = []
    after = ground.manager_after
    if after is not None and ground.manager_after_id != delivery.taker_id:
        found.append(
            Lack(
                f"Le projet de gestion confie « {ground.name} » à {after.name},"
                f" et la livraison à {delivery.taker.name} : accordez les deux."
            )
        )
    if ground.area_id is None and delivery.residence_id is None:
        found.append(
            Lack(
                f"« {ground.name} » n’est relié à aucun espace de « qui gère quoi » :"
                " choisissez-le dans le projet de gestion, ou donnez la résidence livrée."
            )
        )
    if ground.changes_charges and ground.involved_on is None:
        found.append(
            Lack(
                "Cet espace change les charges des locataires, et rien ne dit comment ils ont été"
                " associés.",
                blocks=False,
            )
        )
    return found


def hand_over(
    delivery: Delivery,
    *,
    actor: Actor,
    taken_on: date,
    minutes: Any = None,
    now: datetime | None = None,
) -> Delivery:
    """From that day its taker manages it, on the strength of the procès-verbal, and « qui gère
    quoi » says so when the projet de gestion names the ground.

    Refused with everything that lacks.
    """
    at = now or timezone.now()
    with transaction.atomic():
        fresh = _held(delivery)
        if fresh.taken_on:
            raise Refused(f"Déjà remis en gestion le {day_in_words(fresh.taken_on)}.")
        if lacks := [lack.text for lack in lacking(fresh, minutes=minutes) if lack.blocks]:
            raise Refused(lacks)
        _refuse_future(taken_on, "taken_on")
        fresh.taken_on = taken_on
        fresh.planned_cost = fresh.planned_upkeep
        if minutes:
            fresh.minutes = minutes
        _check(fresh)
        fresh.save(update_fields=["taken_on", "planned_cost", "minutes"])
        record(actor, KIND, fresh.pk, "taken", concerns=fresh.taker_id, at=at)
        if fresh.ground_id:
            ground = GroundChange.objects.select_for_update(of=("self",)).get(pk=fresh.ground_id)
            if ground.applied_at is None:
                _apply(ground, fresh, taken_on, at)
                record(actor, KIND, fresh.pk, "managed", concerns=fresh.taker_id, at=at)
    return fresh


def _apply(ground: GroundChange, delivery: Delivery, day: date, at: datetime) -> None:
    """Write in « qui gère quoi » that another manages this ground from that day."""
    before = ground.area
    after: dict[str, Any] = {"manager": delivery.taker, "owner": ground.owner_after}
    if before is None:
        place = {"name": ground.name, "residence": delivery.residence, "starts_on": day}
        made = upkeep.begin_area(**place, **after)
    else:
        after["owner"] = ground.owner_after or before.owner
        made = _follow(before, day, after)
    ground.applied_at, ground.applied_area = at, made
    ground.save(update_fields=["applied_at", "applied_area"])


def _follow(area: ManagedArea, day: date, after: dict[str, Any]) -> ManagedArea:
    same = {name: getattr(area, name) for name in (*GROUND, *GROUND_PLACES)}
    try:
        return upkeep.follow_area(area, from_day=day, **same, **after)
    except upkeep.Refused as refused:
        raise Refused(f"« Qui gère quoi », {area.name} : {refused}") from refused


def _held(delivery: Delivery) -> Delivery:
    """The delivery as it stands, held until the end of the transaction."""
    rows = Delivery.objects.select_for_update(of=("self",))
    return rows.select_related("taker", "ground__manager_after", "operation").get(pk=delivery.pk)


def _refuse_future(day: date, field: str) -> None:
    if day > timezone.localdate():
        raise ValidationError({field: "Ce jour n’est pas encore venu."})


def _check(delivery: Delivery) -> None:
    """ValidationError, by field, for what contradicts itself."""
    if delivery.kind not in choices("delivery"):
        raise ValidationError({"kind": "Choisissez une nature de la liste."})
    ground = delivery.ground
    if ground is not None and ground.project_id != delivery.operation.project_id:
        raise ValidationError({"ground": "Cet espace est d’un autre projet."})
    delivery.full_clean(exclude=["kind"])
