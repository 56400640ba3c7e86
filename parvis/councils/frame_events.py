"""What happens to the cadre de référence, in words."""

from __future__ import annotations

FRAME = "frame"  # the kind, as the thread names it
FRAME_SENTENCES = {
    "opened": "Ouvert aux remarques des organisations du territoire",
    "remarked": "Remarque de {concerns}",
    "answered": "Remarque de {concerns} : réponse donnée",
    "adopted": "Adopté en séance",
    "replaced": "Remplacé par la version suivante",
}
