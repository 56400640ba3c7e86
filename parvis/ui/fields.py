"""Fields that forms of several rooms ask for."""

from __future__ import annotations

from typing import Any

from django import forms


def day_field(label: str, **more: Any) -> forms.DateField:
    """A day, chosen in the browser's own calendar; must be given unless told otherwise."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **more)
