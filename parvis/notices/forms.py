"""The form by which somebody follows something."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from parvis.notices.models import Subscription


class SubscribeForm(forms.Form):
    """An address, and how often."""

    email = forms.EmailField(
        label=_("Votre adresse électronique"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    pace = forms.ChoiceField(
        label=_("Me prévenir"),
        initial=Subscription.Pace.DAILY,
        widget=forms.RadioSelect,
    )
    # A field that people do not see: who fills it in is a machine.
    website = forms.CharField(required=False, label=_("Ne remplissez pas ce champ"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        paces = [(one.value, capfirst(gettext(one.label))) for one in Subscription.Pace]
        self.fields["pace"].choices = paces  # type: ignore[attr-defined]
