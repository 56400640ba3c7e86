"""Published delays."""

from __future__ import annotations

from django import forms

from parvis.reports.models import Category
from parvis.ui.fields import day_field, link_field


class CategoryField(forms.ModelChoiceField):
    """A family, or a category after the name of its family."""

    def label_from_instance(self, obj: Category) -> str:
        return f"{obj.parent.label} · {obj.label}" if obj.parent else obj.label


class CommitmentForm(forms.Form):
    """A delay that one's organisation publishes, from a day on."""

    category = CategoryField(
        Category.objects.filter(active=True).select_related("parent"),
        label="Pour",
        required=False,
        empty_label="Toutes les catégories",
        error_messages={"invalid_choice": "Choisissez une catégorie de la liste."},
    )
    days = forms.IntegerField(
        label="Délai, en jours ouvrés",
        min_value=1,
        max_value=365,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": "Dites en combien de jours ouvrés.",
            "invalid": "Écrivez un nombre de jours. Exemple : 5.",
            "min_value": "Un délai compte de 1 à 365 jours ouvrés.",
            "max_value": "Un délai compte de 1 à 365 jours ouvrés.",
        },
    )
    starts_on = day_field(
        "À partir du",
        error_messages={
            "required": "Dites à partir de quel jour.",
            "invalid": "Cette date n’a pas été comprise. Exemple : 31/12/2026.",
        },
    )
    source = link_field(
        "Où il est publié",
        required=False,
        max_length=200,
        help_text="L’adresse de la page ou de la charte, montrée avec le délai.",
        error_messages={
            "invalid": "Cette adresse n’est pas complète. Exemple : https://exemple.fr/charte."
        },
    )
