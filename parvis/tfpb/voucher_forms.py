"""Forms of vouchers."""

from __future__ import annotations

from django import forms

from parvis.documents.files import FileField


class AskForm(forms.Form):
    """What is asked for."""

    note = forms.CharField(
        label="Ce que vous demandez",
        max_length=300,
        help_text="Une facture, un bon d’intervention, un état de passages. Jamais un bulletin "
        "de paie.",
    )


class GiveForm(forms.Form):
    """What is given."""

    title = forms.CharField(label="Ce que c’est", max_length=160)
    file = FileField(
        label="Fichier",
        help_text="PDF, texte ou tableau, 15 Mo au plus. Aucun bulletin de paie, aucun nom de "
        "salarié ni de locataire.",
    )
