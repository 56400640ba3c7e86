"""Forms of the bilan."""

from __future__ import annotations

from typing import Any

from django import forms

from parvis.actions.forms import FigureField
from parvis.tfpb.bilan_models import LineReview
from parvis.tfpb.programme_models import Programme
from parvis.tfpb.spending_forms import LineField, offer_lines
from parvis.ui.fields import day_field


def words_field(label: str, longest: int, help_text: str = "") -> forms.CharField:
    """A text of some lines."""
    return forms.CharField(
        label=label,
        required=False,
        max_length=longest,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class BilanForm(forms.Form):
    """The words of a bilan, and the real abatement once it is known."""

    read = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16)
    summary = words_field(
        "Résumé pour tous", 2000, "Ce que les habitants liront : des mots simples, sans sigle."
    )
    worked = words_field("Ce qui a marché", 4000)
    difficulties = words_field("Difficultés rencontrées", 4000)
    prospects = words_field("Suites", 4000)
    real = FigureField(
        label="Abattement réel (€)",
        required=False,
        min_value=0,
        help_text="Celui de l’avis d’imposition. Tant qu’il n’est pas connu, la prévision compte.",
    )
    real_on = day_field("Avis d’imposition du", required=False)
    real_source = forms.CharField(
        label="Quel avis d’imposition", required=False, max_length=200, help_text="Son numéro."
    )


class ReviewForm(forms.Form):
    """What became of a line."""

    done = forms.ChoiceField(
        label="Cette ligne est", choices=LineReview.Done.choices, widget=forms.RadioSelect
    )
    comment = words_field("Commentaire", 2000, "Si elle est reportée ou annulée, dites pourquoi.")
    indicators = forms.CharField(
        label="Indicateurs",
        required=False,
        max_length=500,
        help_text="Par exemple : 48 passages, 31 tonnes enlevées.",
    )


class WordForm(forms.Form):
    """A question, a reservation or a contestation, on a line or on the whole."""

    line = LineField(label="Sur quelle ligne", required=False, empty_value=None)
    reason = forms.CharField(
        label="Ce que vous avez à dire",
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Le bailleur et les autres parties le liront.",
    )

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_lines(self, programme, "line")
        field: Any = self.fields["line"]
        field.choices = [("", "Le bilan dans son ensemble"), *field.choices[1:]]


class AnswerForm(forms.Form):
    """The landlord's answer."""

    answer = forms.CharField(
        label="Votre réponse", max_length=3000, widget=forms.Textarea(attrs={"rows": 5})
    )
