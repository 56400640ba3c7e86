"""What is done to doors: written, corrected, checked; who opens what is sent there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.partners.models import Mandate
from parvis.places.models import Commune
from parvis.vigilance.models import Orientation, Receiver, SupportDoor
from parvis.vigilance.orientation_telling import tell_named_herself
from parvis.vigilance.scopes import FIELD_ROLES
from parvis.vigilance.workflow import State

FIELDS = (
    *("kind", "name", "organisation", "takes", "what", "hours", "address", "phone", "email"),
    *("website", "to_bring", "conditions", "answers_within_days", "kept_for_days"),
    *("opens_on", "closes_on"),
)


@transaction.atomic
def save_door(door: SupportDoor, communes: Iterable[Commune]) -> SupportDoor:
    """Keep a door, new or corrected; who writes it has just checked it.

    ValidationError when it would pass to another organisation with what was sent to it: whoever
    answers for that one could then read what people agreed to tell this one alone.
    """
    if door.pk is not None:
        before = SupportDoor.objects.select_for_update().get(pk=door.pk)
        if before.organisation_id != door.organisation_id and has_received(door):
            raise ValidationError(
                {
                    "organisation": "Ce service a déjà reçu des orientations : elles ne passent pas"
                    " à une autre organisation. Fermez-le, et créez-en un autre."
                }
            )
    door.checked_on = timezone.localdate()
    if door.pk is None:
        door.save(force_insert=True)
    else:
        door.save(update_fields=[*FIELDS, "checked_on"])
    door.communes.set(communes)
    return door


def has_received(door: SupportDoor) -> bool:
    """Whether something was ever sent there."""
    return Orientation.objects.filter(door=door).exclude(state=State.DRAFT).exists()


@transaction.atomic
def check_door(door: SupportDoor) -> None:
    """Say that everything told of a door is right today."""
    door.checked_on = timezone.localdate()
    door.save(update_fields=["checked_on"])


def may_receive(door: SupportDoor) -> Any:
    """The mandates of the organisation that keeps a door, in force today, by which one may open
    what is sent there, and does not yet."""
    named = door.receivers.filter(ended_at=None).values("mandate_id")
    if door.organisation_id is None:
        return Mandate.objects.none()
    return (
        Mandate.objects.in_force(timezone.localdate())
        .filter(organisation_id=door.organisation_id, role__in=FIELD_ROLES, person__is_active=True)
        .exclude(pk__in=named)
        .select_related("person")
        .order_by("person__name", "pk")
    )


@transaction.atomic
def name_receiver(door: SupportDoor, mandate: Mandate, *, actor: Actor) -> Receiver:
    """This person opens from now on what is sent to a door; naming her twice changes nothing.

    ValidationError when she does not act for the organisation that keeps it.
    """
    SupportDoor.objects.select_for_update().get(pk=door.pk)
    known: Receiver | None = door.receivers.filter(mandate=mandate, ended_at=None).first()
    if known is not None:
        return known
    if not may_receive(door).filter(pk=mandate.pk).exists():
        raise ValidationError("Cette personne n’agit pas pour l’organisation qui tient ce service.")
    made = Receiver.objects.create(door=door, mandate=mandate, named_by_id=actor.user_id)
    # Naming oneself must not be the way around a reading out of turn, which is told at once.
    if mandate.person_id == actor.user_id and has_received(door):
        tell_named_herself(made)
    return made


@transaction.atomic
def end_receiver(receiver: Receiver) -> None:
    """She opens nothing any more, from this moment on."""
    receiver.ended_at = timezone.now()
    receiver.save(update_fields=["ended_at"])
