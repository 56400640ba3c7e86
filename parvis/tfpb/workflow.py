"""The states of a programme and of its bilan, and which right each step asks for."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models


class ProgrammeState(models.TextChoices):
    """From the landlord's draft to the end of its year."""

    DRAFT = "draft", "brouillon"
    SENT = "sent", "transmis"
    ANALYSED = "analysed", "en analyse"
    TO_COMPLETE = "to_complete", "à compléter"
    ARBITRATED = "arbitrated", "arbitré en COTECH"
    VALIDATED = "validated", "validé en COPIL"
    ANNEXED = "annexed", "annexé à la convention"
    RUNNING = "running", "en cours"
    CLOSED = "closed", "clos"


class BilanState(models.TextChoices):
    """From an empty account to one that everybody may read."""

    TO_WRITE = "to_write", "à saisir"
    SENT = "sent", "transmis"
    QUESTIONED = "questioned", "questions posées"
    CONTESTED = "contested", "contesté"
    ACCEPTED = "accepted", "accepté"
    RESERVED = "reserved", "accepté avec réserves"
    PUBLISHED = "published", "publié"


P, B = ProgrammeState, BilanState
# States in which the landlord writes the lines; in every other, what was sent stands.
WRITTEN = (P.DRAFT, P.TO_COMPLETE)
# States in which parties read and give opinions.
READ = (P.SENT, P.ANALYSED, P.ARBITRATED)
# States in which money is spent and told.
SPENT = (P.ANNEXED, P.RUNNING)
# States of a bilan in which the landlord writes it, and in which parties judge it.
BILAN_WRITTEN = (B.TO_WRITE, B.QUESTIONED, B.CONTESTED)
BILAN_JUDGED = (B.SENT, B.QUESTIONED, B.CONTESTED)
# States of a bilan in which what proves it stands.
BILAN_SETTLED = (B.ACCEPTED, B.RESERVED, B.PUBLISHED)


@dataclass(frozen=True)
class Step:
    """One step: from which states, to which one, its right on the programme, what it needs."""

    code: str
    label: str
    sources: tuple[str, ...]
    target: str
    right: str
    needs: str = ""  # "reason", "cotech" or "copil": the recorded decision of such an instance


STEPS = {
    step.code: step
    for step in (
        Step("send", "Transmettre", WRITTEN, P.SENT, "edit"),
        # Undone by who sent it, as long as nobody has begun to read.
        Step("take_back", "Reprendre", (P.SENT,), P.DRAFT, "edit"),
        Step("analyse", "Mettre en analyse", (P.SENT,), P.ANALYSED, "steer"),
        Step(
            "ask",
            "Demander des compléments",
            (P.SENT, P.ANALYSED, P.ARBITRATED),
            P.TO_COMPLETE,
            "steer",
            "reason",
        ),
        Step("arbitrate", "Arbitrer", (P.ANALYSED,), P.ARBITRATED, "steer", "cotech"),
        Step("validate", "Valider", (P.ARBITRATED,), P.VALIDATED, "steer", "copil"),
        Step("annex", "Annexer à la convention", (P.VALIDATED,), P.ANNEXED, "steer"),
        Step("start", "Démarrer", (P.ANNEXED,), P.RUNNING, "steer"),
        Step("close", "Clore", (P.RUNNING,), P.CLOSED, "steer"),
    )
}
BILAN_STEPS = {
    step.code: step
    for step in (
        Step("send", "Transmettre le bilan", BILAN_WRITTEN, B.SENT, "spend"),
        Step("question", "Poser une question", BILAN_JUDGED, B.QUESTIONED, "judge", "reason"),
        Step("contest", "Contester", BILAN_JUDGED, B.CONTESTED, "judge", "reason"),
        Step("accept", "Accepter", (B.SENT,), B.ACCEPTED, "steer"),
        Step("reserve", "Accepter avec réserves", (B.SENT,), B.RESERVED, "steer", "reason"),
        Step("publish", "Publier", (B.ACCEPTED, B.RESERVED), B.PUBLISHED, "steer"),
    )
}


def steps_from(state: str) -> list[Step]:
    """The steps that a programme in this state may take."""
    return [step for step in STEPS.values() if state in step.sources]


def bilan_steps_from(state: str) -> list[Step]:
    """The steps that a bilan in this state may take."""
    return [step for step in BILAN_STEPS.values() if state in step.sources]
