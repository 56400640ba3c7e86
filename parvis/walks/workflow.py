"""What a finding becomes, how it is found again, and what a check on the spot says."""

from __future__ import annotations

from django.db import models


class Outcome(models.TextChoices):
    """What a finding becomes, back at the desk."""

    TO_SORT = "to_sort", "à trier"
    REPORT = "report", "signalement confié"
    LINKED = "linked", "déjà signalé"
    ACTION = "action", "action du plan"
    TO_DECIDE = "to_decide", "décision à prendre"
    NOTED = "noted", "pris en note"


# Something was made of it elsewhere: it is not sorted again, so that nothing is made twice.
MADE = (Outcome.REPORT, Outcome.LINKED, Outcome.ACTION)


class Condition(models.TextChoices):
    """How a finding was found again, on a later walk."""

    SETTLED = "settled", "réglé"
    STILL = "still", "toujours là"
    WORSE = "worse", "pire"


class Result(models.TextChoices):
    """What a check on the spot says; what it means is told by the kind of thing checked."""

    SEEN = "seen", "vu"
    UNSEEN = "unseen", "non vu"
    WORSE = "worse", "pire"


WALK_LABELS = {
    "prepared": "en préparation",
    "convened": "convoqué",
    "walked": "compte rendu à écrire",
    "sent": "compte rendu envoyé",
    "published": "compte rendu public",
    "cancelled": "annulé",
}
