"""What is written of a document that an institution owes to a body."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from parvis.councils import sorting
from parvis.documents.files import FileField
from parvis.partners.models import Organisation
from parvis.ui.fields import day_field


class DueDocumentForm(forms.Form):
    """A document, who owes it, and by when."""

    kind = forms.ChoiceField(label="Nature")
    title = forms.CharField(
        label="Titre", max_length=200, help_text="Par exemple : programmation 2027."
    )
    owed_by = forms.ModelChoiceField(
        queryset=Organisation.objects.none(), label="Dû par", empty_label="Choisir"
    )
    due_on = day_field("Dû le")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = list(sorting.choices("due_document").items())  # type: ignore[attr-defined]
        owing = Organisation.objects.filter(closed_on=None)
        owing = owing.exclude(kind=Organisation.Kind.PARTICIPATION).order_by("name")
        self.fields["owed_by"].queryset = owing  # type: ignore[attr-defined]


class ReceivedForm(DueDocumentForm):
    """The same, once written: it may also have come another way."""

    received_on = day_field(
        "Reçu le",
        required=False,
        help_text="S’il est arrivé autrement : sur papier, en séance. Sinon, laissez vide.",
    )

    def clean_received_on(self) -> Any:
        """What was received was received."""
        day = self.cleaned_data["received_on"]
        if day and day > timezone.localdate():
            raise ValidationError("Cette date n’est pas encore passée.")
        return day


class GiveForm(forms.Form):
    """The document itself."""

    file = FileField(label="Le document")
