"""The forms by which the owner of an address says how to be told."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from parvis.notices.models import Channel, Preference

LANGUAGES = [
    ("", _("Celle que j’ai choisie sur le site")),
    ("fr", "Français"),
    ("en", "English"),
    ("ar", "العربية"),
]
_WAYS = {
    "": _("Par l’adresse que j’ai donnée"),
    str(Channel.SMS): _("Par SMS"),
    str(Channel.PUSH): _("Par une notification sur mes appareils"),
}


class ChoicesForm(forms.ModelForm[Preference]):
    """Channel, pace, language and quiet hours."""

    channel = forms.ChoiceField(
        label=_("Comment me prévenir"), required=False, widget=forms.RadioSelect
    )
    language = forms.ChoiceField(label=_("Langue des messages"), choices=LANGUAGES, required=False)

    class Meta:
        model = Preference
        fields = ("channel", "pace", "language", "quiet", "quiet_from", "quiet_until", "quiet_mail")
        labels = {
            "pace": _("À quel rythme"),
            "quiet": _("Pas de SMS ni de notification pendant ces heures"),
            "quiet_from": _("De"),
            "quiet_until": _("À"),
            "quiet_mail": _("Pas de courriel non plus pendant ces heures"),
        }
        widgets = {
            "pace": forms.RadioSelect,
            "quiet_from": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "quiet_until": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }

    def __init__(self, *args: Any, ways: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (code, label) for code, label in _WAYS.items() if not code or code in ways
        ]
        if not self.is_bound and self.initial.get("channel") not in ways:
            self.initial["channel"] = ""
        self.fields["pace"].choices = [  # type: ignore[attr-defined]
            (one.value, capfirst(gettext(one.label))) for one in Preference.Pace
        ]

    def clean(self) -> dict[str, Any]:
        """Hours that begin and end at one moment would say everything or nothing."""
        found = super().clean() or {}
        if found.get("quiet_from") and found.get("quiet_from") == found.get("quiet_until"):
            self.add_error(
                "quiet_until", gettext("Donnez une heure de fin différente de celle du début.")
            )
        return found
