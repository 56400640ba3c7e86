"""Forms after a course: who came, who came unannounced, an opinion, a code."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from parvis.gatherings.evaluating import answers
from parvis.partners.models import Organisation
from parvis.toolbox.after_questions import questions, words_of
from parvis.toolbox.models import CourseDate


class MarksForm(forms.Form):
    """One box for each person who has a seat: ticked, they came."""

    came = forms.MultipleChoiceField(
        label="Cochez les personnes présentes", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, date: CourseDate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = date.course.enrolments.seated().select_related("contact", "person", "organisation")
        self.people = sorted(rows, key=lambda one: (one.name.casefold(), one.rank))
        noted = list(date.presences.values_list("enrolment_id", "came", "by"))
        self.noted = len(noted)
        self.confirmed = {pk for pk, _, by in noted if by == "self"}
        self.initial["came"] = [str(pk) for pk, came, _ in noted if came]
        self.fields["came"].choices = [  # type: ignore[attr-defined]
            (str(one.pk), self._label(one)) for one in self.people
        ]

    def _label(self, enrolment: Any) -> str:
        of = f" · {enrolment.organisation.name}" if enrolment.organisation else ""
        said = " · a confirmé" if enrolment.pk in self.confirmed else ""
        return f"{enrolment.name}{of}{said}"

    def there(self, *, everybody: bool) -> list[int]:
        """The ids of the enrolments of those who came."""
        if everybody:
            return [one.pk for one in self.people]
        return [int(pk) for pk in self.cleaned_data["came"]]


class WalkInForm(forms.Form):
    """Somebody who came without being enrolled."""

    name = forms.CharField(label="Nom ou prénom", max_length=80)
    email = forms.EmailField(label="Adresse électronique", required=False)
    phone = forms.RegexField(
        r"^\+?[\d .-]{9,20}$",
        label="Ou téléphone",
        required=False,
        error_messages={"invalid": "Donnez un numéro de téléphone."},
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="Vient pour",
        required=False,
        empty_label="Personne : c’est un habitant",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        rows = Organisation.objects.exclude(closed_on__lte=today).order_by("name", "pk")
        self.fields["organisation"].queryset = rows  # type: ignore[attr-defined]


class CourseOpinionForm(forms.Form):
    """A few questions with four answers each, and words of one's own; none is compulsory."""

    def __init__(self, *args: Any, moment: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(value), label) for value, label in answers().items()]
        self.codes = [one.code for one in questions(moment)]
        for one in questions(moment):
            self.fields[one.code] = forms.ChoiceField(
                label=one.label, choices=choices, required=False, widget=forms.RadioSelect
            )
        words = words_of(moment)
        self.fields["words"] = forms.CharField(
            label=words.label,
            required=False,
            max_length=1000,
            help_text=words.help,
            widget=forms.Textarea(attrs={"rows": 4}),
        )

    def said(self) -> dict[str, int]:
        """The answers that were given, by the code of the question."""
        given = {code: self.cleaned_data[code] for code in self.codes}
        return {code: int(value) for code, value in given.items() if value}


class AddressForm(forms.Form):
    """The address with which one enrolled: one's own link is sent there, and nowhere else."""

    email = forms.EmailField(
        label="L’adresse de votre inscription",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class RoomCodeForm(forms.Form):
    """The six figures shown in the room."""

    code = forms.CharField(
        label="Les six chiffres affichés dans la salle",
        max_length=9,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class CheckForm(forms.Form):
    """The code that stands on a certificate."""

    code = forms.CharField(
        label="Code de vérification",
        max_length=20,
        help_text="Dix lettres et chiffres, au bas de l’attestation.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
