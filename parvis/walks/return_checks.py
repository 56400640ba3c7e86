"""An earlier finding that is looked at again: who may have it checked, and what is kept of it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.thread.register import Seen
from parvis.walks.events import OBSERVATION
from parvis.walks.models import Answer, Observation, Walk
from parvis.walks.workflow import Condition

WORDS = {"seen": "toujours là", "unseen": "réglé", "worse": "pire"}
CONDITIONS = {
    "seen": Condition.STILL,
    "unseen": Condition.SETTLED,
    "worse": Condition.WORSE,
}


def to_look_at_again() -> Any:
    """The weaknesses that are not settled yet; a double is looked at through what it follows."""
    rows = Observation.objects.filter(strength=False, withdrawn_at=None, same_as=None)
    return rows.exclude(condition=Condition.SETTLED)


def findings_to_see(actor: Actor, lying: Any) -> Any:
    """Those among these findings that were noted on a walk that this actor follows."""
    followed = Walk.objects.allowed(actor, "follow").order_by().values("pk")
    return to_look_at_again().filter(walk__in=followed, pk__in=lying).order_by().values("pk")


def keep_seen(actor: Actor, finding_id: int, seen: Seen) -> None:
    """Keep how the finding was found again: the latest day counts, and on that day the latest
    answer, whenever it was received.

    ValidationError for a finding that was put aside, or united with another.
    """
    rows = Observation.objects.select_for_update(of=("self",))
    found = rows.filter(pk=finding_id).first()
    if found is None or found.withdrawn_at is not None:
        raise ValidationError("Ce constat a été écarté depuis.")
    if found.same_as_id is not None:
        raise ValidationError("Ce constat est réuni avec un autre : regardez celui-là.")
    if found.condition_on is not None and seen.on < found.condition_on:
        return
    found.condition = CONDITIONS[_latest(finding_id, seen)]
    found.condition_on = seen.on
    found.save(update_fields=["condition", "condition_on"])


def _latest(finding_id: int, seen: Seen) -> str:
    answers = Answer.objects.filter(about__thing_kind=OBSERVATION, about__thing_id=finding_id)
    moments = answers.order_by("-noted_at", "-pk").values_list("noted_at", "result")
    for noted_at, result in moments:
        if timezone.localdate(noted_at) <= seen.on:
            return str(result) if timezone.localdate(noted_at) == seen.on else seen.result
    return seen.result
