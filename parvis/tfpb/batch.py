"""Moving several programmes at once on one recorded decision: those that may not move say why, the
others move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from parvis.meetings.models import Decision
from parvis.partners.actors import Actor
from parvis.tfpb import circuit_events as events
from parvis.tfpb.circuit_acts import obstacles, pass_programme
from parvis.tfpb.circuit_waiting import unsigned_of
from parvis.tfpb.dialogue_models import Passage
from parvis.tfpb.programme_models import Programme
from parvis.tfpb.workflow import STEPS, Step
from parvis.thread.models import Event

AT_MOST = 100  # sheets moved in one go
# What moves several sheets: the steps of who coordinates that need no words of their own.
BATCH_STEPS = tuple(
    step for step in STEPS.values() if step.right == "steer" and step.needs != "reason"
)


@dataclass
class Moved:
    """What a batch did: the programmes that moved, and those that did not, with the reason."""

    moved: list[Programme] = field(default_factory=list)
    left: list[tuple[Programme, str]] = field(default_factory=list)


def foreseen(programmes: Sequence[Programme], step: Step) -> Moved:
    """What would happen, before anything does; one query for any number of programmes."""
    unsigned = unsigned_of(programmes)
    seen = Moved()
    for one in programmes:
        if why := obstacles(one, step, unsigned):
            seen.left.append((one, " ".join(why)))
        else:
            seen.moved.append(one)
    return seen


def move_programmes(
    programmes: Sequence[Programme],
    step: str,
    *,
    actor: Actor,
    decision: Decision | None = None,
    due_on: date | None = None,
    now: datetime | None = None,
) -> Moved:
    """Take each of these programmes to its next state, on the same decision, which is its proof.
    Each moves alone; people are told once of all that they follow.

    The caller has asked for the right to lead each of them.
    """
    at = now or timezone.now()
    done = Moved()
    passages: list[Passage] = []
    first: Event | None = None
    with transaction.atomic():
        for one in sorted(programmes, key=lambda one: one.pk)[:AT_MOST]:
            try:
                passage, event = pass_programme(
                    one, step, actor=actor, decision=decision, due_on=due_on, now=at
                )
            except ValidationError as refused:
                done.left.append((one, " ".join(refused.messages)))
            else:
                passages.append(passage)
                done.moved.append(passage.programme)
                first = first or event
        if first is not None:
            events.tell_passages(passages, first, actor)
    return done
