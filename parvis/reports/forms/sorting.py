"""Another category for a report."""

from __future__ import annotations

from django import forms

from parvis.reports.forms.committing import CategoryField
from parvis.reports.models import Category


class RecategoriseForm(forms.Form):
    """The category that a report should have had, and whether its part follows."""

    category = CategoryField(
        Category.objects.filter(active=True, children=None)
        .select_related("parent")
        .order_by("parent__position", "position", "code"),
        label="Nouvelle catégorie",
        empty_label="Choisir…",
        error_messages={
            "required": "Choisissez une catégorie.",
            "invalid_choice": "Choisissez une catégorie de la liste.",
        },
    )
    give = forms.BooleanField(
        label="Confier aussi la part à qui répond de ce sujet à cet endroit", required=False
    )
