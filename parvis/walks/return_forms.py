"""The form of a return: its date, for the rest is that of the walk before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms

from parvis.gatherings.forms import moment_field
from parvis.walks.models import Walk
from parvis.walks.returning import title_of_return


class ReturnForm(forms.Form):
    """When one goes back, and where people meet."""

    title = forms.CharField(label="Titre", max_length=160)
    starts_at = moment_field("Début")
    ends_at = moment_field("Fin", required=False, help_text="Laissez vide : même durée.")
    place_label = forms.CharField(label="Point de rendez-vous", max_length=200, required=False)

    def __init__(self, *args: Any, walk: Walk, **kwargs: Any) -> None:
        before = walk.gathering
        super().__init__(*args, **kwargs)
        self.initial = {"title": title_of_return(walk), "place_label": before.place_label}
        self.length: timedelta = before.ends_at - before.starts_at

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        starts_at, ends_at = data.get("starts_at"), data.get("ends_at")
        if starts_at and not ends_at and "ends_at" not in self.errors:
            data["ends_at"] = starts_at + self.length
        return data
