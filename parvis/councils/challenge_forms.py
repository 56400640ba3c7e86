"""Forms of the interpellation of the préfet."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from parvis.councils.answers import words_field
from parvis.councils.challenge_rules import ANSWER, steps
from parvis.councils.frame_models import ChallengeStep
from parvis.documents.files import FileField
from parvis.meetings.models import Sitting
from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.ui.fields import day_field

SITTINGS_SINCE = timedelta(days=730)


class ChallengeForm(forms.Form):
    """What the body wants to bring to the préfet."""

    title = forms.CharField(label="Objet", max_length=200)
    text = words_field(
        "Difficultés que rencontrent les habitants",
        length=12000,
        rows=14,
        help_text="Ce qui se passe, où, depuis quand, ce qui a déjà été demandé. "
        "Ne nommez personne.",
    )
    file = FileField(label="Pièce jointe", required=False, widget=forms.FileInput)
    drop_file = forms.BooleanField(label="Retirer la pièce jointe", required=False)

    def __init__(self, *args: Any, has_file: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_file:
            self.fields["file"].label = "Remplacer la pièce jointe"
        else:
            del self.fields["drop_file"]


class AdoptForm(forms.Form):
    """The day on which the body adopted it."""

    adopted_on = day_field("Adoptée par l’instance le")


class SendForm(forms.Form):
    """To which service of the State."""

    prefet = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="Service de l’État saisi",
        empty_label="Choisissez",
        help_text="La préfecture, ou le service qui suit la politique de la ville.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Organisation.objects.filter(kind=Organisation.Kind.ETAT, closed_on=None)
        self.fields["prefet"].queryset = rows.order_by("name")  # type: ignore[attr-defined]


class StepForm(forms.Form):
    """What became of a step; a new one is chosen with whose it is."""

    code = forms.ChoiceField(label="Étape")
    organisation = forms.ModelChoiceField(
        Organisation.objects.filter(closed_on=None).order_by("name", "pk"),
        label="Organisation",
        required=False,
        empty_label="Aucune",
    )
    due_on = day_field("Attendue pour le", required=False)
    done_on = day_field("Faite le", required=False, help_text="Vide tant qu’elle ne l’est pas.")
    sitting = forms.ModelChoiceField(
        Sitting.objects.none(),
        label="En séance",
        required=False,
        empty_label="Aucune",
        help_text="Une séance que vous voyez sur Parvis.",
    )
    outcome = words_field("Ce qui en est sorti", length=4000, required=False)

    def __init__(
        self, *args: Any, actor: Actor, step: ChallengeStep | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = [  # type: ignore[attr-defined]
            ("", "Choisissez"),
            *((one.code, one.label) for one in steps().values() if one.code != ANSWER),
        ]
        if step is not None:
            del self.fields["code"]
            if step.organisation_id is not None:
                del self.fields["organisation"]
        since = timezone.now() - SITTINGS_SINCE
        rows = Sitting.objects.visible_to(actor).filter(gathering__starts_at__gte=since)
        if step is not None and step.sitting_id is not None:
            rows |= Sitting.objects.visible_to(actor).filter(pk=step.sitting_id)
        self.fields["sitting"].queryset = rows.select_related(  # type: ignore[attr-defined]
            "instance", "gathering"
        ).order_by("-gathering__starts_at", "-pk")

    @staticmethod
    def of(step: ChallengeStep) -> dict[str, Any]:
        """What stands in a step, to begin with."""
        names = ("due_on", "done_on", "outcome")
        return {name: getattr(step, name) for name in names} | {"sitting": step.sitting_id}


class AnswerForm(forms.Form):
    """The préfet's answer."""

    answer = words_field("Réponse", length=12000, rows=12)
    answered_on = day_field("Répondue le")
