"""What happens to walks and findings, in words."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from parvis.walks.models import Walk

WALK = "walk"  # the kinds of this room, as the thread names them
OBSERVATION = "observation"
WALK_SENTENCES = {
    "prepared": "Diagnostic préparé par {concerns}",
    "rewritten": "Parcours ou arrêts modifiés",
    "convened": "Invitations envoyées",
    "relinked": "Nouveau lien pour les téléphones",
    "received": "Constats reçus d’un téléphone : {new}",
    "sent": "Compte rendu envoyé aux participants",
    "published": "Compte rendu rendu public",
    "unpublished": "Compte rendu retiré du public",
}
OBSERVATION_SENTENCES = {
    "sorted": "Suite donnée : {new}",
    "settled": "Vu réglé lors d’un diagnostic",
    "withdrawn": "Constat écarté",
    "restored": "Constat repris",
    "united": "Réuni avec un autre constat",
    "parted": "Séparé d’un autre constat",
    "unsorted": "Suite reprise : {old}",
    "planned": "Suivi précisé",
    "corrected_theme": "Thème corrigé",
    "corrected_strength": "Point fort ou point faible : corrigé",
    "corrected_severity": "Gravité corrigée",
    "corrected_stop": "Arrêt corrigé",
    "corrected_manager": "Gestionnaire corrigé",
    "shown": "Relu : montré au public",
    "hidden": "Relu : non montré au public",
}


def page_url(walk: Walk) -> str:
    """The absolute address of a walk's page."""
    return f"{settings.SITE_URL}{reverse('walks:walk', args=[walk.pk])}"
