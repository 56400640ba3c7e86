"""What happens to programmes and their lines, in words.

A partner may read the events of a sheet that is published: no opinion and no reason in them.
"""

from __future__ import annotations

PROGRAMME = "tfpb_programme"
LINE = "tfpb_line"

# A thing happens to a programme or to one of its lines: the words are the same, but for a few.
_SENTENCES = {
    "line_added": "Ligne ajoutée",
    "line_changed": "Ligne modifiée",
    "line_removed": "Ligne retirée",
    "sent": "Programme transmis par {who}",
    "taken_back": "Programme repris par {who} avant d’être lu",
    "analysed": "Mis en analyse par {who}",
    "asked": "Compléments demandés par {who}",
    "arbitrated": "Arbitré en COTECH",
    "validated": "Validé en COPIL",
    "annexed": "Annexé à la convention",
    "started": "Programme démarré",
    "closed": "Programme clos",
    "opinion": "Avis donné par {concerns}",
    "remark": "Remarque de {who}",
    "consulted": "Habitants ou locataires consultés",
    "chased": "Relance envoyée par {who}",
    "spent": "Dépense enregistrée",
    "transferred": "Virement entre deux lignes",
    "voucher_asked": "Justificatif demandé par {who}",
    "voucher_given": "Justificatif fourni",
    "checked": "Constat sur place de {who}",
    "reviewed": "État de la ligne indiqué au bilan",
    "bilan_sent": "Bilan transmis par {who}",
    "bilan_questioned": "Question posée sur le bilan par {who}",
    "bilan_contested": "Bilan contesté par {who}",
    "bilan_answered": "Réponse du bailleur sur le bilan",
    "bilan_accepted": "Bilan accepté",
    "bilan_reserved": "Bilan accepté avec réserves",
    "bilan_published": "Bilan publié",
}
PROGRAMME_SENTENCES = {
    **_SENTENCES,
    "opened": "Programme ouvert par {who}",
    "written": "Fiche complétée par {who}",
    "changed": "En-tête modifié",
    "real": "Abattement réel noté",
    "rebuilt": "Lignes reprises de l’an dernier : {new}",
    "reordered": "Lignes rangées dans un autre ordre",
    "stock_taken": "Abattement repris du patrimoine : {old}, puis {new}",
}
LINE_SENTENCES = {
    **_SENTENCES,
    "written": "Ligne écrite",
    "changed": "Ligne modifiée",
    "copied": "Ligne reprise de l’an dernier",
    "shared": "Action partagée avec {concerns}",
    "taken": "Part d’action partagée reprise par {who}",
}


def title_of(year: int, landlord: str, quartier: str) -> str:
    """What people call a programme: « Programme TFPB 2026 de X, quartier Y »."""
    return f"Programme TFPB {year} de {landlord}, quartier {quartier}"
