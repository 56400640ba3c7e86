"""The form of the account."""

from __future__ import annotations

from django import forms


class SummaryForm(forms.Form):
    """What the group says together, once back."""

    summary = forms.CharField(
        label="Synthèse du groupe",
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="Ce qui va bien d’abord, puis ce qui revient d’un arrêt à l’autre. Sans nom de"
        " personne : ce texte devient public avec le compte rendu.",
    )
