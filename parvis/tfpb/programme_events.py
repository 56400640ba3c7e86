"""What happens to programmes and their lines while their landlord writes them, in words."""

from __future__ import annotations

PROGRAMME_SENTENCES = {
    "opened": "Programme ouvert par {who}",
    "changed": "En-tête modifié",
    "real": "Abattement réel noté",
    "rebuilt": "Lignes reprises de l’an dernier : {new}",
    "line_removed": "Une ligne a été retirée",
    "reordered": "Lignes rangées dans un autre ordre",
}
LINE_SENTENCES = {
    "written": "Ligne écrite",
    "changed": "Ligne modifiée",
    "copied": "Ligne reprise de l’an dernier",
    "shared": "Action partagée avec {concerns}",
    "taken": "Part d’action partagée reprise par {who}",
}
