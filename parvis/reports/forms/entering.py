"""Entering a report for somebody else: what is asked of them, in the order of a conversation."""

from __future__ import annotations

from typing import Any

from django import forms

from parvis.places.models import Building, Entrance, Inside
from parvis.reports.acts.entering import NOT_AGREED
from parvis.reports.forms.filing import TellForm
from parvis.reports.models import Category, Channel


class EntryForm(TellForm):
    """The words, the contact with the person's agreement, and how they reached us."""

    channel = forms.ChoiceField(
        label="Comment la personne vous a-t-elle joint ?",
        choices=[choice for choice in Channel.choices if choice[0] != Channel.WEB],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Dites comment la personne vous a joint.",
            "invalid_choice": "Choisissez une des réponses proposées.",
        },
    )
    agreed = forms.BooleanField(label="La personne accepte d’être recontactée", required=False)

    def __init__(self, *args: Any, category: Category, with_dwelling: bool, **kwargs: Any) -> None:
        super().__init__(*args, category=category, with_dwelling=with_dwelling, **kwargs)
        del self.fields["photos"]
        self.fields["text"].help_text = "Ses mots, sans nom ni numéro de téléphone."
        self.fields["phone"].help_text = "Sans adresse électronique, la personne sera rappelée."
        for name in ("email", "phone"):  # not those of whoever types
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if (data.get("email") or data.get("phone")) and not data.get("agreed"):
            self.add_error("agreed", NOT_AGREED)
        return data


class WithinForm(forms.Form):
    """Where in a residence; it is `PlaceForm` that checks it."""

    spot = forms.ChoiceField(label="Entrée", required=False)
    inside = forms.ChoiceField(label="À quel endroit", required=False)

    def __init__(self, *, spots: list[tuple[Building, list[Entrance]]], initial: Any) -> None:
        super().__init__(initial=initial)
        found: list[Any] = [("", "Toute la résidence, ou pas dit")]
        for building, entrances in spots:
            inner = [(f"entrance:{one.pk}", one.name) for one in entrances]
            inner.append((f"building:{building.pk}", f"{building.name}, sans préciser"))
            found.append((building.name, inner))
        self.fields["spot"].choices = found  # type: ignore[attr-defined]
        if not spots:
            del self.fields["spot"]
        choices = [("", "Ailleurs, ou pas dit")]
        choices += [(value, str(label).capitalize()) for value, label in Inside.choices]
        self.fields["inside"].choices = choices  # type: ignore[attr-defined]
