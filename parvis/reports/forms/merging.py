"""Which other report speaks of the same thing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from parvis.partners.actors import Actor
from parvis.reports.links import tidy_reference
from parvis.reports.models import Report


class OtherForm(forms.Form):
    """The other report, by its reference; `avec` is then that report."""

    avec = forms.CharField(
        label="Référence de l’autre signalement",
        max_length=40,
        help_text="Par exemple : R-2026-K7PMX.",
        error_messages={"required": "Écrivez une référence, ou choisissez dans la liste."},
    )

    def __init__(self, *args: Any, actor: Actor, report: Report, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.report = actor, report

    def clean_avec(self) -> Report:
        """A report that this actor may unite."""
        reference = tidy_reference(self.cleaned_data["avec"])
        found: Report | None = (
            Report.objects.allowed(self.actor, "merge").filter(reference=reference).first()
        )
        if found is None:
            raise ValidationError("Aucun signalement de votre périmètre ne porte cette référence.")
        if found.pk == self.report.pk:
            raise ValidationError("C’est ce signalement même : donnez la référence d’un autre.")
        return found
