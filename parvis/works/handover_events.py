"""What happens to deliveries and to their checks, in words."""

from __future__ import annotations

DELIVERY_STATES = {
    "planned": "à livrer",
    "delivered": "livré",
    "taken": "remis en gestion",
}
DELIVERY_SENTENCES = {
    "planned": "Livraison prévue",
    "changed": "Livraison complétée",
    "delivered": "Livré",
    "redated": "Date de livraison corrigée",
    "reserved": "Réserve notée",
    "lifted": "Réserve levée",
    "reopened": "Réserve rouverte",
    "taken": "Remis en gestion à {concerns}",
    "managed": "« Qui gère quoi » mis à jour",
    "gathered": "Atelier prévu",
    "visited": "Visites à domicile notées",
    "surveyed": "Résultats de l’enquête à {new} mois publiés",
    "unsurveyed": "Résultats de l’enquête à {new} mois retirés",
}
CHECK_STATES = {"due": "à faire", "done": "faite", "worsened": "s’est dégradé"}
CHECK_SENTENCES = {
    "checked": "Vérifié par {who}",
    "corrected": "Vérification corrigée par {who}",
    "acted": "Suite donnée par {who}",
}
