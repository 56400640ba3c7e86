"""What happens to what a body brings to the préfet, in words. Nothing is said before it is sent."""

from __future__ import annotations

CHALLENGE = "challenge"  # the kind, as the thread names it
CHALLENGE_SENTENCES = {
    "sent": "Envoyée à {concerns}",
    "planned": "Date d’une étape fixée",
    "done": "Une étape franchie",
    "answered": "Réponse de {concerns}",
    "published": "Rendue publique par l’instance",
    "unpublished": "Retirée du public par l’instance",
}
