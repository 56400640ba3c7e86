"""The states of an action, what leads from one to the next, and which right each step asks for."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models


class ActionState(models.TextChoices):
    """From an idea to its end."""

    IDEA = "idea", "idée"
    STUDIED = "studied", "à l’étude"
    VALIDATED = "validated", "validée"
    RUNNING = "running", "en cours"
    ENDED = "ended", "terminée"
    DROPPED = "dropped", "abandonnée"


S = ActionState
OPEN = (S.IDEA, S.STUDIED, S.VALIDATED, S.RUNNING)
# States in which partners have promised something: what is late is late.
PROMISED = (S.VALIDATED, S.RUNNING)


@dataclass(frozen=True)
class Step:
    """One step: from which states, to which one, its right, and what it must be given."""

    code: str
    label: str
    sources: tuple[ActionState, ...]
    target: ActionState
    right: str  # the action of the policy that it asks for
    needs: str = ""  # "reason" or "review"


STEPS = {
    step.code: step
    for step in (
        Step("study", "Mettre à l’étude", (S.IDEA,), S.STUDIED, "edit"),
        Step("validate", "Valider", (S.IDEA, S.STUDIED), S.VALIDATED, "validate"),
        Step("start", "Démarrer", (S.VALIDATED,), S.RUNNING, "edit"),
        Step("end", "Terminer", (S.RUNNING,), S.ENDED, "edit", "review"),
        Step("drop", "Abandonner", OPEN, S.DROPPED, "validate", "reason"),
        Step("reopen", "Reprendre", (S.ENDED, S.DROPPED), S.RUNNING, "validate", "reason"),
    )
}


def steps_from(state: str) -> list[Step]:
    """The steps that an action in this state may take."""
    return [step for step in STEPS.values() if state in step.sources]
