"""What tests of the circuit build: programmes on their way, and the decisions that move them."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from parvis.meetings import acts
from parvis.meetings.models import Decision, Sitting
from parvis.notices.models import Envelope
from parvis.tfpb.circuit_acts import advance_programme
from parvis.tfpb.models import Programme
from tests.cast import Cast
from tests.meetings.scene import convened, cotech
from tests.tfpb.scene import a_convention, a_line, a_programme

NAMES = {"cotech": "Comité technique des Rives", "copil": "Comité de pilotage des Rives"}


def a_draft(cast: Cast, *, lines: int = 1, signed: bool = True, **fields: Any) -> Programme:
    """A draft of luc's, with lines, under a convention that everybody has signed."""
    fields.setdefault("convention", a_convention(cast, signed=signed))
    programme = a_programme(cast, **fields)
    for number in range(lines):
        a_line(programme, title=f"Action {number + 1}", position=number)
    return programme


def a_sent_one(cast: Cast, **fields: Any) -> Programme:
    """That draft, once luc has sent it."""
    return advance_programme(a_draft(cast, **fields), "send", actor=cast.actor(cast.luc))


def standing(programme: Programme, state: str) -> Programme:
    """The same programme, in that state whatever led there."""
    Programme.objects.filter(pk=programme.pk).update(state=state, moved_at=timezone.now())
    programme.refresh_from_db()
    return programme


def a_sitting(cast: Cast, kind: str = "cotech", **fields: Any) -> Sitting:
    """A sitting of claire's that is being held."""
    return convened(cast, cotech(cast, kind=kind, name=NAMES.get(kind, kind), **fields))


def a_decision(cast: Cast, kind: str = "cotech", **fields: Any) -> Decision:
    """What that sitting decides of the programmes."""
    sitting = a_sitting(cast, kind, **fields)
    return acts.decide(sitting, actor=cast.actor(cast.claire), text="Les programmes sont retenus")


def written_to(subject: str) -> list[str]:
    """Whom a message with these words in its subject waits for."""
    found = Envelope.objects.filter(subject__contains=subject)
    return sorted(found.values_list("address", flat=True))
