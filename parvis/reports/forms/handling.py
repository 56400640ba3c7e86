"""Handling: what partners do with a report and its parts."""

from __future__ import annotations

from typing import Any

from django import forms

from parvis.partners.models import Organisation
from parvis.reports.acts.filing import TEXT_LENGTH
from parvis.reports.acts.handling import REASON_LENGTH
from parvis.reports.acts.sharing import TITLE_LENGTH
from parvis.reports.forms.photos import FormWithPhotos
from parvis.reports.forms.picturing import BeforeField
from parvis.reports.models import Part, Report
from parvis.reports.workflow import Step
from parvis.ui.fields import day_field

_TEXT_ERRORS = {
    "required": "Écrivez quelques mots.",
    "max_length": f"Ce texte dépasse {TEXT_LENGTH} caractères : raccourcissez-le.",
}
_REASON_ERRORS = {
    "required": "Dites pourquoi.",
    "max_length": f"Dites-le en {REASON_LENGTH} caractères au plus.",
}


class StepForm(FormWithPhotos):
    """One step with a part, asking for just what the step needs."""

    due_on = day_field(
        "Pour le",
        error_messages={
            "required": "Dites pour quel jour c’est prévu.",
            "invalid": "Cette date n’a pas été comprise. Exemple : 31/12/2026.",
        },
    )
    reason = forms.CharField(
        label="Pourquoi ?",
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages=_REASON_ERRORS,
    )
    answer = forms.CharField(
        label="Réponse à envoyer",
        max_length=TEXT_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={
            **_TEXT_ERRORS,
            "required": "Dites aux personnes ce qui a été fait : elles recevront ce message.",
        },
    )

    def __init__(
        self, *args: Any, step: Step, closes: bool, photos_before: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name in ("due_on", "reason"):
            if name not in step.needs:
                del self.fields[name]
        if "answer" not in step.needs:
            del self.fields["answer"]
        elif closes:
            self.fields["answer"].required = True
            self.fields[
                "answer"
            ].help_text = "C’est la dernière part : chaque personne qui a parlé reçoit ce message."
        else:
            self.fields["answer"].help_text = "Ce message est affiché sur le signalement."
        if step.code == "settle":
            self.fields["photos"].label = "Photos après"
            self.fields["photos"].help_text = "Elles sont montrées aussitôt à tous."
            if photos_before is not None:
                self.fields["before"] = BeforeField(photos_before)
        else:
            del self.fields["photos"]


class OrganisationField(forms.ModelChoiceField):
    """An organisation that still stands."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            Organisation.objects.filter(closed_on=None).order_by("name", "pk"),
            label="Organisation",
            empty_label="Choisir…",
            error_messages={
                "required": "Choisissez une organisation.",
                "invalid_choice": "Cette organisation n’existe plus : choisissez-en une autre.",
            },
            **kwargs,
        )


class AssignForm(forms.Form):
    """Share with one more organisation."""

    organisation = OrganisationField()
    title = forms.CharField(
        label="Sa part",
        required=False,
        max_length=TITLE_LENGTH,
        help_text="Par exemple : enlever le dépôt sur le trottoir.",
        error_messages={"max_length": f"Dites-le en {TITLE_LENGTH} caractères au plus."},
    )


class GiveForm(forms.Form):
    """Give a part to the organisation that answers for it."""

    organisation = OrganisationField()
    reason = forms.CharField(
        label="Pourquoi ?",
        required=False,
        max_length=REASON_LENGTH,
        help_text="Gardé en note interne.",
        error_messages=_REASON_ERRORS,
    )


class ReturnForm(forms.Form):
    """ "Not ours": why, so that the coordination finds who answers."""

    reason = forms.CharField(
        label="Pourquoi ?",
        max_length=REASON_LENGTH,
        help_text="Par exemple : voirie départementale. Lu par les partenaires seulement.",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages=_REASON_ERRORS,
    )


class TextForm(forms.Form):
    """A public answer, or an internal note."""

    text = forms.CharField(
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages=_TEXT_ERRORS,
    )

    def __init__(self, *args: Any, label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label


class ReviewForm(forms.Form):
    """What the public will read: the report itself, its text, and each photo and message."""

    public = forms.BooleanField(label="Montrer ce signalement à tous", required=False)
    text_shown = forms.BooleanField(label="Montrer son texte", required=False)
    photos = forms.ModelMultipleChoiceField(
        Part.objects.none(), required=False, label="Photos à montrer"
    )
    messages = forms.ModelMultipleChoiceField(
        Part.objects.none(), required=False, label="Messages à montrer"
    )

    def __init__(
        self, *args: Any, report: Report, photos: Any, messages: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        stale = {
            "invalid_choice": "Un élément relu n’est plus là : la page a été remise à jour.",
            "invalid_pk_value": "Un élément relu n’est plus là : la page a été remise à jour.",
        }
        for name, rows in (("photos", photos), ("messages", messages)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101
            field.queryset = rows
            field.error_messages |= stale
