"""Fields that forms of several rooms ask for."""

from __future__ import annotations

from typing import Any

from django import forms


def day_widget() -> forms.DateInput:
    """A day, chosen in the browser's own calendar."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def day_field(label: str, **more: Any) -> forms.DateField:
    """A day, which must be given unless told otherwise."""
    return forms.DateField(label=label, widget=day_widget(), **more)


def link_field(label: str, **more: Any) -> forms.URLField:
    """An address on the web, completed with https. Browsers would refuse « exemple.fr » in words of
    their own before the form has read it: to them it is a text."""
    widget = forms.TextInput(attrs={"inputmode": "url"})
    return forms.URLField(label=label, widget=widget, assume_scheme="https", **more)
