"""Where the removal of an abandoned vehicle stands."""

from __future__ import annotations

from django import forms

from parvis.reports.workflow import Ground, WreckStep
from parvis.ui.fields import day_field

_CHOICE = {"required": "Choisissez une étape.", "invalid_choice": "Choisissez dans la liste."}


class WreckForm(forms.Form):
    """Its ground, the step, and since which day."""

    ground = forms.ChoiceField(
        label="Terrain",
        required=False,
        choices=[("", "à préciser"), *Ground.choices],
        error_messages=_CHOICE,
    )
    step = forms.ChoiceField(label="Étape", choices=WreckStep.choices, error_messages=_CHOICE)
    step_on = day_field(
        "Depuis le",
        error_messages={
            "required": "Dites depuis quel jour.",
            "invalid": "Cette date n’a pas été comprise. Exemple : 31/12/2026.",
        },
    )
