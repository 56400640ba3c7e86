"""The form by which somebody follows something."""

from __future__ import annotations

from django import forms

from parvis.notices.models import Subscription


class SubscribeForm(forms.Form):
    """An address, and how often."""

    email = forms.EmailField(
        label="Votre adresse électronique",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    pace = forms.ChoiceField(
        label="Me prévenir",
        choices=[(one.value, one.label.capitalize()) for one in Subscription.Pace],
        initial=Subscription.Pace.DAILY,
        widget=forms.RadioSelect,
    )
    # A field that people do not see: who fills it in is a machine.
    website = forms.CharField(required=False, label="Ne remplissez pas ce champ")
