"""What happens to bodies, in words."""

from __future__ import annotations

BODY = "body"  # the kind, as the thread names it
BODY_SENTENCES = {
    "created": "Instance créée",
    "published": "Instance présentée au public",
    "seated": "Un siège pourvu",
    "vacated": "Un siège libéré",
    "replaced": "Un suppléant devenu titulaire",
    "regime": "Passée à un autre régime",
    "recognised": "Composition reconnue par un arrêté",
    "dissolved": "Instance dissoute",
}
