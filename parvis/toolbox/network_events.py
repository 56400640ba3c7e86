"""What happens in the network: kinds of things, codes and their sentences."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

QUESTION = "question"
EXPERIMENT = "experiment"

QUESTION_SENTENCES = {
    "asked": "Question posée au réseau",
    "answered": "Réponse de {who}",
    "helped": "Une réponse a aidé",
    "advised": "Un conseil est en préparation à partir des réponses",
    "closed": "Question close",
    "reopened": "Question rouverte",
    "hidden": "Message masqué par la coordination",
    "shown": "Message montré de nouveau",
}
EXPERIMENT_SENTENCES = {
    "written": "Expérimentation écrite",
    "changed": "Expérimentation modifiée",
    "started": "Essai commencé",
    "measured": "Résultat écrit",
    "decided": "Décision : {new}",
    "published": "Expérimentation publiée",
    "unpublished": "Expérimentation retirée des pages publiques",
    "told": "Une fiche d’expérience est en préparation",
}


def question_url(pk: int) -> str:
    """The absolute address of a question."""
    return settings.SITE_URL + reverse("toolbox:network_question", args=[pk])
