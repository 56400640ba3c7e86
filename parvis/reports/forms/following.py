"""Following: finding one's report again, and adding to it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from parvis.reports.acts.filing import TEXT_LENGTH
from parvis.reports.forms.filing import GuardedForm
from parvis.reports.forms.photos import FormWithPhotos

_TOO_LONG = {
    "max_length": format_lazy(
        _("Ce texte dépasse {n} caractères : raccourcissez-le."), n=TEXT_LENGTH
    ),
}


class CodeForm(forms.Form):
    """A reference and its code, as given when the report was sent."""

    reference = forms.CharField(
        label=_("Référence"),
        max_length=40,
        help_text=_("Par exemple R-2026-K7PMX."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        error_messages={
            "required": _("Écrivez la référence du signalement."),
            "max_length": _("Cette référence est trop longue. Exemple : R-2026-K7PMX."),
        },
    )
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_("Huit lettres et chiffres, reçus avec la référence."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        error_messages={
            "required": _("Écrivez le code reçu avec la référence."),
            "max_length": _("Ce code est trop long. Il compte huit lettres et chiffres."),
        },
    )


class SpeakForm(GuardedForm, FormWithPhotos):
    """A word, photos, or both."""

    text = forms.CharField(
        label=_("Votre message"),
        required=False,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages=_TOO_LONG,
    )

    def clean(self) -> dict[str, Any] | None:
        """A photo says enough by itself; a form with nothing in it says nothing."""
        data = super().clean()
        nothing = not self.cleaned_data.get("text") and not self.ready
        if nothing and not {"text", "photos"} & set(self.errors):
            self.add_error("text", _("Écrivez quelques mots, ou ajoutez une photo."))
        return data


class NotYetForm(forms.Form):
    """What remains to be done; may stay empty."""

    text = forms.CharField(
        label=_("Que reste-t-il à faire ?"),
        required=False,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=_TOO_LONG,
    )
