"""A landlord's desk for what concerns one dwelling."""

from __future__ import annotations

from django import forms

from parvis.reports.models import DwellingDesk
from parvis.ui.fields import link_field


class DeskForm(forms.ModelForm):
    """Handled here, or at the landlord's own desk, which must then be reachable."""

    handled_here = forms.TypedChoiceField(
        label="Vos locataires s’adressent",
        choices=[
            ("1", "à Parvis : leurs signalements arrivent dans votre liste"),
            ("0", "à votre accueil : il leur est montré, et rien n’est enregistré ici"),
        ],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez l’un ou l’autre.",
            "invalid_choice": "Choisissez l’un ou l’autre.",
        },
    )

    url = link_field(
        "Page web",
        required=False,
        max_length=200,
        error_messages={
            "invalid": "Cette adresse n’est pas complète. Exemple : https://exemple.fr."
        },
    )

    class Meta:
        model = DwellingDesk
        fields = ("handled_here", "phone", "hours", "address", "url")
        error_messages = {
            "phone": {"max_length": "Ce numéro est trop long. Exemple : 03 20 12 34 56."},
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.initial["handled_here"] = "1" if self.instance.handled_here else "0"
