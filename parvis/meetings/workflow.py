"""The states of a decision and what leads from one to the next."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models


class DecisionState(models.TextChoices):
    """A decision is to be done until somebody says what became of it."""

    TO_DO = "to_do", "à faire"
    DONE = "done", "faite"
    DROPPED = "dropped", "abandonnée"


@dataclass(frozen=True)
class Step:
    """One step, from which states, to which one; `explained` when it must say why."""

    code: str
    label: str
    sources: tuple[DecisionState, ...]
    target: DecisionState
    explained: bool = False


STEPS = {
    step.code: step
    for step in (
        Step("done", "C’est fait", (DecisionState.TO_DO,), DecisionState.DONE),
        Step("drop", "Abandonner", (DecisionState.TO_DO,), DecisionState.DROPPED, explained=True),
        Step(
            "reopen",
            "Reprendre",
            (DecisionState.DONE, DecisionState.DROPPED),
            DecisionState.TO_DO,
            explained=True,
        ),
    )
}


def steps_from(state: str) -> list[Step]:
    """The steps that a decision in this state may take."""
    return [step for step in STEPS.values() if state in step.sources]
