"""What one action on several reports must be told."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from django import forms

from parvis.reports.forms.handling import GiveForm, StepForm
from parvis.reports.wordings import check_wording
from parvis.reports.workflow import STEPS


class BatchForm(forms.Form):
    """The fields of the step, or those of giving; none when the action asks for nothing."""

    def __init__(self, *args: Any, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if action == "give":
            self.fields |= deepcopy(GiveForm.base_fields)
        step = STEPS.get(action)
        for name in step.needs if step else ():
            self.fields[name] = deepcopy(StepForm.base_fields[name])
        if "answer" in self.fields:
            answer = self.fields["answer"]
            answer.required = True
            answer.validators.append(check_wording)
            answer.help_text = (
                "Envoyée à ceux qui ont parlé. {référence}, {sujet}, {lieu} et {jour} sont "
                "remplacés pour chaque signalement."
            )
