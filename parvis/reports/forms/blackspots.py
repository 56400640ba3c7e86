"""Deciding about a point noir, and writing its plan."""

from __future__ import annotations

from typing import Any

from django import forms

from parvis.partners.models import Organisation
from parvis.reports.acts.handling import REASON_LENGTH
from parvis.reports.workflow import BlackspotState, BlackspotStep
from parvis.ui.fields import day_field

STATES = [("", "À décider et retenus"), *BlackspotState.choices]


class BlackspotFilter(forms.Form):
    state = forms.ChoiceField(label="État", choices=STATES, required=False)
    group = forms.BooleanField(label="À l’ordre du prochain groupe technique", required=False)


class DecideForm(forms.Form):
    """What a step asks for, and nothing else."""

    owner = forms.ModelChoiceField(
        Organisation.objects.filter(closed_on=None).order_by("name", "pk"),
        label="Organisation qui porte ce sujet",
        empty_label="Choisissez une organisation",
    )
    reason = forms.CharField(
        label="Raison",
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, step: BlackspotStep, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("owner", "reason"):
            if name not in step.needs:
                del self.fields[name]
        if step.code == "close":
            self.fields["reason"].label = "Ce qui a changé sur place"


class PlanForm(forms.Form):
    plan = forms.CharField(
        label="Ce qui sera fait",
        help_text="Une étape par ligne, et qui la fait.",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    due_on = day_field("Pour le", required=False)
    for_group = forms.BooleanField(label="En parler au prochain groupe technique", required=False)
