"""The states of an experiment and of a question, and what may be decided of an experiment."""

from __future__ import annotations

from django.db import models


class ExperimentState(models.TextChoices):
    PREPARED = "prepared", "en préparation"
    RUNNING = "running", "en cours"
    MEASURED = "measured", "résultat à discuter"
    SPREAD = "spread", "à diffuser"
    STOPPED = "stopped", "arrêtée"


class Decision(models.TextChoices):
    """What is decided once a result is known."""

    SPREAD = "spread", "diffuser"
    GO_ON = "go_on", "continuer l’essai"
    STOP = "stop", "arrêter"


ENDED = (ExperimentState.SPREAD, ExperimentState.STOPPED)
# Where each decision on a result leads.
LEADS_TO = {
    Decision.SPREAD: ExperimentState.SPREAD,
    Decision.GO_ON: ExperimentState.RUNNING,
    Decision.STOP: ExperimentState.STOPPED,
}


class QuestionState(models.TextChoices):
    OPEN = "open", "ouverte"
    CLOSED = "closed", "close"
    HIDDEN = "hidden", "masquée"
