"""Telling: where (in the address of the page), what, and the form that is sent."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from parvis.notices.phones import normalise
from parvis.places.models import Building, Entrance, Inside, Quartier, Residence
from parvis.reports.acts.filing import DWELLING_LENGTH, TEXT_LENGTH
from parvis.reports.addresses import read_token
from parvis.reports.forms.photos import FormWithPhotos
from parvis.reports.models import Category
from parvis.reports.placing import Place
from parvis.reports.questions import ANSWER_LENGTH
from parvis.reports.workflow import Ground
from parvis.reports.wrecks import PLATE_LENGTH

NOWHERE = _(
    "Dites d’abord où cela se passe : une résidence, une adresse, un point sur la carte ou un "
    "quartier."
)
GONE = _("Ce lieu n’est plus dans la liste. Choisissez-le à nouveau.")
BAD_POINT = _("Ce point n’a pas été compris. Montrez-le à nouveau sur la carte.")
HONEYPOT = _(
    "Votre envoi a été pris pour celui d’un robot. Rien n’est perdu : pressez de nouveau le bouton."
)
LABEL_LENGTH = 200  # characters
_POINT = {"invalid": BAD_POINT, "min_value": BAD_POINT, "max_value": BAD_POINT}
_GONE = {"invalid_choice": GONE}


class PlaceForm(forms.Form):
    """Where, read from the address of the page. `spot` is "building:3" or "entrance:12"."""

    residence = forms.CharField(required=False)
    spot = forms.CharField(required=False)
    inside = forms.ChoiceField(
        choices=[("", ""), *Inside.choices], required=False, error_messages=_GONE
    )
    latitude = forms.FloatField(required=False, min_value=-90, max_value=90, error_messages=_POINT)
    longitude = forms.FloatField(
        required=False, min_value=-180, max_value=180, error_messages=_POINT
    )
    quartier = forms.ModelChoiceField(
        Quartier.objects.defer("outline"), required=False, error_messages=_GONE
    )
    address = forms.CharField(required=False)  # chosen in the search; see addresses.py
    # What a person without a network writes beside a point or a quartier.
    label = forms.CharField(
        required=False,
        max_length=LABEL_LENGTH,
        error_messages={
            "max_length": format_lazy(
                _("L’endroit se dit en {n} caractères au plus : raccourcissez."), n=LABEL_LENGTH
            )
        },
    )

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if self.errors:
            return data
        if (data["latitude"] is None) != (data["longitude"] is None):
            raise ValidationError(BAD_POINT)
        residence, building, entrance = _standing(data["residence"], data["spot"])
        if data["address"] and not residence:
            self.place = _addressed(data["address"])
            return data
        if not residence and data["latitude"] is None and not data["quartier"]:
            raise ValidationError(NOWHERE)
        self.place = Place(
            latitude=data["latitude"],
            longitude=data["longitude"],
            label="" if residence else data["label"],
            residence=residence,
            building=building,
            entrance=entrance,
            inside=data["inside"] if residence else "",
            quartier=data["quartier"],
        )
        return data

    def query(self) -> str:
        """The same place for the address of the next page."""
        kept = {
            name: self.data[name] for name in self.fields if str(self.data.get(name, "")).strip()
        }
        return urlencode(kept)


def _addressed(token: str) -> Place:
    told = read_token(token)
    if told is None:
        raise ValidationError(GONE)
    label, latitude, longitude = told
    return Place(latitude=latitude, longitude=longitude, label=label)


def _standing(
    residence: str, spot: str
) -> tuple[Residence | None, Building | None, Entrance | None]:
    """The residence, and the building or the entrance inside it, in one query."""
    if not residence:
        return None, None, None
    kind, _, number = spot.partition(":")
    if kind == "entrance":
        rows = Entrance.objects.select_related("building__residence__commune").defer(
            "building__residence__outline", "building__residence__commune__outline"
        )
        entrance = rows.filter(pk=_number(number), building__residence=_number(residence)).first()
        if entrance:
            return entrance.building.residence, entrance.building, entrance
    elif kind == "building":
        buildings = Building.objects.select_related("residence__commune").defer(
            "residence__outline", "residence__commune__outline"
        )
        building = buildings.filter(pk=_number(number), residence=_number(residence)).first()
        if building:
            return building.residence, building, None
    elif not spot:
        whole = Residence.objects.select_related("commune").defer("outline", "commune__outline")
        found = whole.filter(pk=_number(residence)).first()
        if found:
            return found, None, None
    raise ValidationError(GONE)


def _number(words: str) -> int:
    """A primary key as an address gives it."""
    if not (words.isascii() and words.isdigit() and len(words) < 19):
        raise ValidationError(GONE)
    return int(words)


class GuardedForm(forms.Form):
    """A public form: a number that makes it count once, and a field that people never see."""

    form_id = forms.CharField(widget=forms.HiddenInput, required=False)
    website = forms.CharField(required=False)

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            # The field comes back empty, so that a person whose browser filled it in loses nothing.
            raise ValidationError(HONEYPOT)
        return ""


class ContactForm(GuardedForm):
    """How to be told; both may stay empty."""

    email = forms.EmailField(
        label=_("Adresse électronique"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        error_messages={
            "invalid": _("Cette adresse électronique n’est pas complète. Exemple : nom@exemple.fr.")
        },
    )
    phone = forms.CharField(
        label=_("Téléphone"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
        help_text=_("Sans adresse électronique, nous vous écrivons un texto ou vous appelons."),
        error_messages={"max_length": _("Ce numéro est trop long. Exemple : 06 12 34 56 78.")},
    )

    def clean_phone(self) -> str:
        return normalise(self.cleaned_data["phone"])


class TellForm(ContactForm, FormWithPhotos):
    """The last step: the category's questions, words, photos, dwelling and contact."""

    text = forms.CharField(
        label=_("Que se passe-t-il ?"),
        required=False,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Quelques mots suffisent. N’écrivez ni nom ni numéro de téléphone ici."),
        error_messages={
            "max_length": format_lazy(
                _("Ce texte dépasse {n} caractères : raccourcissez-le."), n=TEXT_LENGTH
            )
        },
    )
    dwelling = forms.CharField(
        label=_("Numéro de logement"),
        required=False,
        max_length=DWELLING_LENGTH,
        help_text=_("Jamais public : seuls ceux qui interviennent le lisent."),
        error_messages={"max_length": _("Ce numéro de logement est trop long.")},
    )

    ground = forms.ChoiceField(
        label=_("Où est le véhicule ?"),
        required=False,
        choices=[
            (Ground.PUBLIC, _("Dans la rue ou sur un parking public")),
            (Ground.LANDLORD, _("Sur le parking ou le terrain d’une résidence")),
            (Ground.PRIVATE, _("Sur un autre terrain privé")),
            ("", _("Je ne sais pas")),
        ],
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choisissez une des réponses proposées.")},
    )
    plate = forms.CharField(
        label=_("Immatriculation"),
        required=False,
        max_length=PLATE_LENGTH,
        help_text=_("Jamais publique : elle sert à retrouver le propriétaire."),
        error_messages={"max_length": _("Cette immatriculation est trop longue.")},
    )

    def __init__(self, *args: Any, category: Category, with_dwelling: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.category = category
        if not with_dwelling:
            del self.fields["dwelling"]
        if not category.wreck:
            del self.fields["ground"], self.fields["plate"]
        for question in category.questions:
            self.fields[f"q_{question['code']}"] = _question_field(question)

    @property
    def questions(self) -> list[forms.BoundField]:
        """The bound fields of the category's questions."""
        return [self[f"q_{question['code']}"] for question in self.category.questions]

    @property
    def answers(self) -> dict[str, str]:
        """What was answered, by code."""
        return {
            question["code"]: self.cleaned_data.get(f"q_{question['code']}", "")
            for question in self.category.questions
        }


def _question_field(question: dict[str, Any]) -> forms.Field:
    label, required = gettext(question["label"]), bool(question.get("required"))
    if choices := question.get("choices"):
        return forms.ChoiceField(
            label=label,
            required=required,
            choices=[(choice, gettext(choice)) for choice in choices],
            widget=forms.RadioSelect,
            error_messages={
                "required": _("Choisissez une réponse."),
                "invalid_choice": _("Choisissez une des réponses proposées."),
            },
        )
    return forms.CharField(
        label=label,
        required=required,
        max_length=ANSWER_LENGTH,
        error_messages={
            "required": _("Répondez en quelques mots."),
            "max_length": format_lazy(_("Répondez en {n} caractères au plus."), n=ANSWER_LENGTH),
        },
    )


class JoinForm(ContactForm):
    """ "Moi aussi": nothing but how to be told."""
