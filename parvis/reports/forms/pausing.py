"""A pause, and what an organisation writes of its own on its part."""

from __future__ import annotations

from django import forms

from parvis.reports.acts.handling import REASON_LENGTH
from parvis.reports.acts.numbering import FIRM_LENGTH, NUMBER_LENGTH
from parvis.ui.fields import day_field


def _day(label: str, required: str) -> forms.DateField:
    return day_field(
        label,
        error_messages={
            "required": required,
            "invalid": "Cette date n’a pas été comprise. Exemple : 31/12/2026.",
        },
    )


class PauseForm(forms.Form):
    """Days that do not count, and why."""

    starts_on = _day("Du", "Dites à partir de quel jour.")
    ends_on = _day("Au", "Dites jusqu’à quel jour.")
    reason = forms.CharField(
        label="Pourquoi ?",
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Lu par tous ceux qui voient le signalement. Exemple : en attente d’une pièce.",
        error_messages={
            "required": "Dites pourquoi.",
            "max_length": f"Dites-le en {REASON_LENGTH} caractères au plus.",
        },
    )


class NumberForm(forms.Form):
    """The organisation's own number, and the firm that it called."""

    own_number = forms.CharField(
        label="Votre numéro",
        required=False,
        max_length=NUMBER_LENGTH,
        help_text="Réclamation ou ordre de service : vos collègues le retrouvent en le cherchant.",
        error_messages={"max_length": f"{NUMBER_LENGTH} caractères au plus."},
    )
    firm = forms.CharField(
        label="Entreprise appelée",
        required=False,
        max_length=FIRM_LENGTH,
        error_messages={"max_length": f"{FIRM_LENGTH} caractères au plus."},
    )
