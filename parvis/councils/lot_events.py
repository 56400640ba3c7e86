"""What happens to draws, in words: counts and dates, never somebody."""

from __future__ import annotations

DRAW = "draw"  # the kind, as the thread names it
DRAW_SENTENCES = {
    "created": "Tirage au sort ouvert",
    "list_taken": "Une liste reçue : {new} personnes",
    "list_dropped": "Une liste retirée et effacée",
    "sealed": "Règles et empreintes publiées",
    "revealed": "La partie n° {new} a révélé sa valeur",
    "recommitted": "Une partie n’a pas révélé sa valeur : de nouveaux engagements sont pris",
    "number_told": "Le résultat public attendu est connu",
    "drawn": "Tirage fait : {new} personnes",
    "answered": "Une personne tirée au sort a répondu",
    "replaced": "La réserve prend une place",
    "seated": "Une personne tirée au sort est installée",
    "again": "La réserve est épuisée : un second tirage est ouvert",
    "destroyed": "Listes et coordonnées détruites",
    "cancelled": "Tirage annulé",
}
