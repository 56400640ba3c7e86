"""What an agglomération writes of a training that it offers to members."""

from __future__ import annotations

from decimal import Decimal

from django import forms

from parvis.councils.answers import words_field
from parvis.ui.fields import day_field


class TrainingForm(forms.Form):
    """A training: what, by whom, when, where, for how many."""

    title = forms.CharField(label="Titre", max_length=160)
    provider = forms.CharField(label="Formateur", max_length=160, required=False)
    summary = words_field("Programme", length=3000, required=False)
    starts_on = day_field("Du")
    ends_on = day_field("Au")
    place = forms.CharField(label="Lieu", max_length=200, required=False)
    hours = forms.DecimalField(
        label="Durée, en heures",
        max_digits=5,
        decimal_places=1,
        min_value=Decimal("0.1"),
        localize=True,
    )
    seats = forms.IntegerField(
        label="Places",
        min_value=1,
        max_value=1000,
        required=False,
        help_text="Laissez vide si tout le monde peut venir.",
    )
