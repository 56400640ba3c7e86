"""Forms of who prepares a sitting of others, keeps the notebook of words, and tells back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from parvis.councils.answers import words_field
from parvis.councils.aside_plain import advice_on
from parvis.councils.body_models import Body
from parvis.councils.referent_models import (
    NOTE_LENGTH,
    TOLD_LENGTH,
    WORD_LENGTH,
    Preparation,
    ResidentWord,
)
from parvis.documents.files import ending_of
from parvis.gatherings.forms import moment_field
from parvis.places.choices import offer_quartiers
from parvis.places.models import Quartier
from parvis.ui.fields import day_field
from parvis.upkeep.themes import choices as theme_choices

CONSENT_LARGEST = 8 * 1024 * 1024  # bytes
CONSENT_STARTS = {
    "pdf": b"%PDF-",
    "jpg": b"\xff\xd8\xff",
    "jpeg": b"\xff\xd8\xff",
    "png": b"\x89PNG\r\n\x1a\n",
}
POSTER_COMFORT = 600  # characters of a text that the poster still shows in large letters


class MeetingForm(forms.Form):
    """The preparatory meeting."""

    starts_at = moment_field("Début")
    ends_at = moment_field("Fin")
    place_label = forms.CharField(label="Lieu", max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end = data.get("starts_at"), data.get("ends_at")
        if start and end and end <= start:
            self.add_error("ends_at", "La fin vient après le début.")
        return data


class PlainForm(forms.Form):
    """Words that residents will read: beside each field, its length and what would be plainer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field.widget, forms.Textarea) and isinstance(field, forms.CharField):
                kept = self.get_initial_for_field(field, name)
                text = str((self.data.get(name) if self.is_bound else kept) or "")
                parts = [str(field.help_text), *advice_on(text)]
                parts.append(f"{len(text)} caractères écrits, {field.max_length} au plus.")
                field.help_text = " ".join(filter(None, parts))


class NoteForm(PlainForm):
    """The note of one page, and who goes along."""

    companion = forms.CharField(
        label="Qui accompagne",
        max_length=120,
        required=False,
        help_text="Une personne que les référents connaissent, et qui reste avec eux ce jour-là.",
    )
    asked = words_field(
        "Ce qu’on nous demande",
        length=NOTE_LENGTH,
        required=False,
        help_text="Une décision, un avis, ou seulement d’écouter ?",
    )
    decided = words_field(
        "Ce qui est déjà décidé",
        length=NOTE_LENGTH,
        required=False,
        help_text="Ce qui ne changera plus, pour ne pas en débattre.",
    )
    still_open = words_field(
        "Ce qui reste ouvert",
        length=NOTE_LENGTH,
        required=False,
        help_text="Là où notre parole peut changer les choses.",
    )


class CarriedForm(forms.Form):
    """The words of the notebook that go to the sitting."""

    words = forms.ModelMultipleChoiceField(
        ResidentWord.objects.none(),
        label="Les paroles à porter",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, rows: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["words"]
        field.queryset = rows
        field.label_from_instance = lambda one: one.text


class RestitutionForm(PlainForm):
    """What came of the sitting, for the quartier."""

    said = words_field(
        "Ce que nous avons dit",
        length=TOLD_LENGTH,
        help_text="Sans nom ni adresse. "
        f"Jusqu’à {POSTER_COMFORT} caractères, l’affiche s’écrit en grand.",
        rows=7,
    )
    answered = words_field(
        "Ce qu’on nous a répondu",
        length=TOLD_LENGTH,
        help_text="Qui répond, quoi, et pour quand.",
        rows=7,
    )

    @staticmethod
    def initial_of(preparation: Preparation) -> dict[str, str]:
        """What is written already."""
        return {"said": preparation.said, "answered": preparation.answered}


class WordForm(forms.Form):
    """Words of a resident."""

    text = words_field(
        "Ce qui a été dit",
        length=WORD_LENGTH,
        help_text="Mot pour mot si possible, sans nom, téléphone ni adresse."
        f" {WORD_LENGTH} caractères au plus.",
    )
    heard_on = day_field("Entendu le")
    quartier = forms.ModelChoiceField(
        Quartier.objects.none(), label="Quartier", required=False, empty_label="Sans précision"
    )
    theme_code = forms.ChoiceField(label="Thème", required=False)

    def __init__(
        self, *args: Any, body: Body, word: ResidentWord | None = None, **kwargs: Any
    ) -> None:
        quartiers = body.quartiers.defer("outline").order_by("name")
        if word is None:
            kwargs["initial"] = {"heard_on": timezone.localdate()}
        else:
            names = ("text", "heard_on", "theme_code")
            kwargs["initial"] = {name: getattr(word, name) for name in names}
            kwargs["initial"]["quartier"] = word.quartier_id
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        offer_quartiers(fields["quartier"], quartiers)
        fields["theme_code"].choices = [("", "Sans thème"), *theme_choices()]


class NotebookFilters(forms.Form):
    """What is looked for in the notebook."""

    q = forms.CharField(label="Mots", max_length=80, required=False)
    theme = forms.ChoiceField(label="Thème", required=False)
    quartier = forms.ModelChoiceField(
        Quartier.objects.none(), label="Quartier", required=False, empty_label="Tous"
    )

    def __init__(self, *args: Any, body: Body, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["theme"].choices = [("", "Tous"), *theme_choices()]
        offer_quartiers(fields["quartier"], body.quartiers.defer("outline").order_by("name"))

    def cut(self, rows: Any) -> tuple[Any, bool]:
        """The rows that are looked for, and whether anything is."""
        self.is_valid()
        data = {name: value for name, value in self.cleaned_data.items() if value}
        for word in str(data.get("q", "")).split():
            rows = rows.filter(text__icontains=word)
        if "theme" in data:
            rows = rows.filter(theme_code=data["theme"])
        if "quartier" in data:
            rows = rows.filter(quartier=data["quartier"])
        return rows, bool(data)


class ConsentField(forms.FileField):
    """A written consent: a PDF or a picture of the paper, known by its first bytes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(help_text="PDF ou photo (JPEG, PNG), 8 Mo au plus.", **kwargs)
        self.widget.attrs["accept"] = ",".join(f".{ending}" for ending in CONSENT_STARTS)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """ValidationError with words for people when it is not such a file."""
        found = super().clean(data, initial)
        if isinstance(found, UploadedFile):
            start = CONSENT_STARTS.get(ending_of(found.name or ""))
            if start is None:
                raise ValidationError("Donnez un PDF, ou une photo JPEG ou PNG de l’accord signé.")
            if (found.size or 0) > CONSENT_LARGEST:
                raise ValidationError("Ce fichier pèse plus de 8 Mo : allégez-le.")
            first = found.read(len(start))
            found.seek(0)
            if first != start:
                raise ValidationError("Ce fichier est abîmé, ou n’est pas ce que dit son nom.")
        return found


class SpeakerForm(forms.Form):
    """The name of who spoke, with their written consent."""

    name = forms.CharField(label="Nom de la personne", max_length=80)
    consent_on = day_field("Accord écrit du")
    consent_file = ConsentField(label="Accord écrit, signé")
