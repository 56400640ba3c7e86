"""Forms of orientations: where and what for, the person and her word, and a service's answers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from parvis.notices.phones import normalise
from parvis.partners.actors import Actor
from parvis.places.models import Commune, Quartier
from parvis.ui.fields import day_field
from parvis.vigilance.catalogue import labels, needs
from parvis.vigilance.models import SupportDoor
from parvis.vigilance.orientation_acts import Spoken
from parvis.vigilance.orientation_doors import communes_served

WORDS_LENGTH = 280
AGREED_WITHIN = timedelta(days=30)  # the life of a draft: an older word is asked for again
NO_FILE = "Aucune pièce jointe : une orientation tient en quelques mots. Rien n’a été enregistré."
# Thirteen figures and more, or a bank account: numbers that a service will ask for itself.
TOO_PRECISE = re.compile(r"(?:\d[ .\-]?){13,}|\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,}", re.IGNORECASE)
SECRETS = ("name", "phone", "reach", "words")


def check_phone(value: str) -> None:
    """A number that somebody can dial; ValidationError otherwise."""
    normalise(value)


class WhereForm(forms.Form):
    """The first step: in which commune, and what for. Nothing of the person."""

    commune = forms.ModelChoiceField(
        Commune.objects.none(),
        label="Où habite la personne ?",
        empty_label="Choisir la commune",
    )
    need = forms.ChoiceField(label="Pour quoi ?", widget=forms.RadioSelect)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        communes = communes_served(timezone.localdate())
        self.fields["commune"].queryset = communes  # type: ignore[attr-defined]
        self.fields["need"].choices = [  # type: ignore[attr-defined]
            (one.code, _capitalised(one.label)) for one in needs().values()
        ]
        if len(actor.communes) == 1:
            self.fields["commune"].initial = next(iter(actor.communes))


class OrientationForm(forms.Form):
    """The person and her word. Kept as it is; complete only when it is to be sent."""

    door = forms.ModelChoiceField(SupportDoor.objects.none(), label="Le service")
    name = forms.CharField(
        label="Son nom", required=False, max_length=120, help_text="Comme la personne se présente."
    )
    phone = forms.CharField(
        label="Son téléphone", required=False, max_length=25, validators=[check_phone]
    )
    reach = forms.CharField(
        label="Quand l’appeler",
        required=False,
        max_length=80,
        help_text="Par exemple : le matin, pas le mercredi.",
    )
    words = forms.CharField(
        label="Ce qui la préoccupe, en quelques mots",
        required=False,
        max_length=WORDS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=(
            f"{WORDS_LENGTH} signes au plus. Seulement ce que la personne veut faire savoir. Rien "
            "sur sa santé, ses opinions, sa religion, ses origines ; aucun jugement sur elle ni "
            "sur ses proches."
        ),
    )
    quartier = forms.ModelChoiceField(
        Quartier.objects.none(), label="Quartier", required=False, empty_label="Je ne sais pas"
    )
    agreed = forms.BooleanField(
        label="La personne a entendu ce texte et elle est d’accord", required=False
    )
    how = forms.ChoiceField(
        label="Elle a donné son accord", required=False, widget=forms.RadioSelect
    )
    given_on = day_field("Le", required=False)
    may_be_redirected = forms.BooleanField(
        label="Elle accepte aussi que ce service transmette à un autre, s’il ne peut pas l’aider",
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        doors: Sequence[SupportDoor],
        commune: Commune,
        sending: bool = False,
        files: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sending, self.given_files = sending, files
        today = timezone.localdate()
        held: Any = self.fields
        held["door"].queryset = SupportDoor.objects.filter(pk__in=[one.pk for one in doors])
        held["quartier"].queryset = (
            Quartier.objects.in_force(today)
            .filter(pk__in=Quartier.objects.filter(communes=commune).values("pk"))
            .defer("outline")
            .order_by("name", "pk")
        )
        held["how"].choices = _capital("how")
        held["given_on"].initial = today
        for name in SECRETS:  # a telephone that several people use remembers nothing of it
            held[name].widget.attrs["autocomplete"] = "off"
        held["phone"].widget.attrs.update({"inputmode": "tel"})

    def clean_words(self) -> str:
        words: str = self.cleaned_data["words"].strip()
        if TOO_PRECISE.search(words):
            raise ValidationError(
                "N’écrivez ni numéro de sécurité sociale, ni numéro de compte : le service les "
                "demandera lui-même s’il en a besoin."
            )
        return words

    def clean_given_on(self) -> Any:
        day, today = self.cleaned_data["given_on"], timezone.localdate()
        if day and day > today:
            raise ValidationError("Ce jour n’est pas encore passé.")
        if day and day < today - AGREED_WITHIN:
            raise ValidationError("Cet accord date de plus de trente jours : redemandez-le.")
        return day

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if self.given_files:
            self.add_error(None, NO_FILE)
        if self.sending:
            self._complete(found)
        return found

    def _complete(self, found: dict[str, Any]) -> None:
        wanted = {
            "name": "Il manque son nom.",
            "phone": "Il manque son téléphone : sans lui, personne ne pourra l’appeler.",
            "agreed": "Lisez le texte à la personne ; sans son accord, rien ne peut être envoyé.",
            "how": "Dites comment elle a donné son accord.",
            "given_on": "Dites quel jour elle a donné son accord.",
        }
        for name, words in wanted.items():
            if name not in self.errors and not found.get(name):
                self.add_error(name, words)

    @property
    def secret(self) -> dict[str, str]:
        """What is to be sealed."""
        return {name: self.cleaned_data[name].strip() for name in SECRETS}

    @property
    def spoken(self) -> Spoken | None:
        """The agreement, once it is whole."""
        found = self.cleaned_data
        if not (found["agreed"] and found["how"] and found["given_on"]):
            return None
        return Spoken(found["how"], found["given_on"], found["may_be_redirected"])


class AcceptForm(forms.Form):
    """Nothing to say: the button is the answer."""


class RefuseForm(forms.Form):
    refusal = forms.ChoiceField(label="Pourquoi", widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["refusal"].choices = _capital("refusal")  # type: ignore[attr-defined]


class RedirectForm(forms.Form):
    door = forms.ModelChoiceField(
        SupportDoor.objects.none(), label="À quel service", empty_label="Choisir"
    )

    def __init__(self, *args: Any, doors: Sequence[SupportDoor] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = SupportDoor.objects.filter(pk__in=[one.pk for one in doors])
        self.fields["door"].queryset = rows  # type: ignore[attr-defined]


class ContactForm(forms.Form):
    on = day_field("Jour du contact")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = timezone.localdate()


class CloseForm(forms.Form):
    outcome = forms.ChoiceField(label="Ce qu’il en est", widget=forms.RadioSelect)
    on = day_field("Jour du dernier contact, s’il n’est pas déjà noté", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = _capital("outcome")  # type: ignore[attr-defined]


class GlassForm(forms.Form):
    """Why it is read out of turn; kept in a log that others read."""

    reason = forms.CharField(
        label="Pourquoi faut-il lire maintenant ?",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=(
            "Ce motif reste dans le journal. N’y nommez pas la personne et n’y dites rien d’elle. "
            "Par exemple : la collègue qui la suivait est absente depuis lundi."
        ),
    )


def _capital(listed: str) -> list[tuple[str, str]]:
    return [(code, _capitalised(label)) for code, label in labels(listed).items()]


def _capitalised(label: str) -> str:
    return label[:1].upper() + label[1:]
