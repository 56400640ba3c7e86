"""A door of the town that Sofia opens, another of the association, and what Ines sends there.

Ines is a caretaker; Sofia opens what is sent to the town's door; Karim answers for the town and
opens nothing; Rose's association keeps a second door that nobody opens until she is named.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from parvis.partners.models import Organisation, User
from parvis.vigilance.models import (
    Entry,
    Orientation,
    OrientationSecret,
    Receiver,
    SpokenAgreement,
    SupportDoor,
)
from parvis.vigilance.sealing import seal
from parvis.vigilance.workflow import State
from tests.cast import Cast

SECRET = {
    "name": "Marquise Essai",
    "phone": "06 39 98 01 23",
    "reach": "le matin",
    "words": "La facture de gaz est arrivée avant la paie.",
}


def a_door(cast: Cast, organisation: Organisation | None = None, **fields: Any) -> SupportDoor:
    """A door of the town of Anzin, for Anzin, unless said otherwise."""
    kept_by = organisation or cast.town
    given = {"kind": "ccas", "name": f"Accueil social, {kept_by.name}", "takes": ["energie"]}
    door = SupportDoor.objects.create(organisation=kept_by, **{**given, **fields})
    door.communes.set([cast.raismes if kept_by == cast.other_town else cast.anzin])
    return door


def a_receiver(door: SupportDoor, person: User) -> Receiver:
    """This person opens what is sent to that door."""
    mandate = person.mandates.get(organisation=door.organisation)
    return Receiver.objects.create(door=door, mandate=mandate)


def an_orientation(
    cast: Cast,
    door: SupportDoor,
    sender: User | None = None,
    state: str = State.SENT,
    secret: dict[str, str] | None = None,
    **fields: Any,
) -> Orientation:
    """What Ines wrote for a household of Anzin, sent unless said otherwise."""
    who = sender or cast.ines
    now = timezone.now()
    given: dict[str, Any] = {"commune": cast.anzin, "need": "energie"}
    if state != State.DRAFT:
        given |= {"sent_at": now, "answer_due_on": timezone.localdate() + timedelta(days=7)}
    made = Orientation.objects.create(
        sender=who,
        sender_organisation_id=cast.actor(who).organisation_id,
        door=door,
        state=state,
        **{**given, **fields},
    )
    OrientationSecret.objects.create(orientation=made, sealed=seal(secret or SECRET))
    SpokenAgreement.objects.create(
        orientation=made, how="oral", given_on=timezone.localdate(), text_version=1
    )
    Entry.objects.create(
        orientation=made, code="written", person=who, organisation=made.sender_organisation
    )
    return made
