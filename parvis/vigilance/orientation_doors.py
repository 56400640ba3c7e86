"""To which doors a household may be oriented, and who opens what is sent there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef

from parvis.partners.models import User
from parvis.places.models import Commune
from parvis.vigilance.models import Receiver, SupportDoor
from parvis.vigilance.scopes import FIELD_ROLES


@dataclass(frozen=True)
class Offer:
    """The doors of a commune that take a need: where somebody receives, and the others, to which
    the person is given the telephone and the hours by hand."""

    receiving: tuple[SupportDoor, ...]
    by_hand: tuple[SupportDoor, ...]


def doors_taking(commune_id: int, need: str, on: date) -> Offer:
    """The open doors of this commune that take this need, that day; two queries."""
    served = SupportDoor.objects.open_on(on).serving(commune_id)
    # Needs are a list in one column, which the two databases would not search alike.
    found = [door for door in served.order_by("name", "pk") if need in door.takes]
    answered = set(served.receiving(on).values_list("pk", flat=True))
    return Offer(
        tuple(door for door in found if door.pk in answered),
        tuple(door for door in found if door.pk not in answered),
    )


def communes_served(on: date) -> Iterable[Commune]:
    """The communes for which at least one door is open that day."""
    through = SupportDoor.communes.through.objects.filter(
        commune_id=OuterRef("pk"), supportdoor_id__in=SupportDoor.objects.open_on(on).values("pk")
    )
    return Commune.objects.filter(Exists(through)).defer("outline").order_by("name", "pk")


def who_receives(door_id: int, on: date) -> list[User]:
    """The people who open what is sent to this door, by a mandate in force."""
    rows = (
        Receiver.objects.in_force(on)
        .filter(door_id=door_id, mandate__role__in=FIELD_ROLES, mandate__person__is_active=True)
        .select_related("mandate__person")
        .order_by("pk")
    )
    return list({row.mandate.person_id: row.mandate.person for row in rows}.values())
