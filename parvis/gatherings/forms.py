"""Forms of gatherings and of registrations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from parvis.gatherings.evaluating import answers, questions_for
from parvis.gatherings.kinds import kinds
from parvis.gatherings.models import Gathering, Guest
from parvis.partners.actors import Actor
from parvis.places.choices import offer_quartiers
from parvis.places.models import Commune, Quartier, Residence
from parvis.ui.fields import link_field

MOMENT = "%Y-%m-%dT%H:%M"


def moment_field(label: str, *, required: bool = True, help_text: str = "") -> forms.DateTimeField:
    """A day and an hour, in local time."""
    return forms.DateTimeField(
        label=label,
        required=required,
        help_text=help_text,
        input_formats=[MOMENT, "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
    )


class GatheringForm(forms.Form):
    """A gathering that people of the quartier may come to."""

    kind = forms.ChoiceField(label="Nature")
    title = forms.CharField(
        label="Titre",
        max_length=160,
        help_text="Par exemple : bien vivre avec sa ventilation double flux.",
    )
    summary = forms.CharField(
        label="Présentation",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Pour qui, pourquoi, ce qu’il faut apporter.",
    )
    starts_at = moment_field("Début")
    ends_at = moment_field("Fin")
    place_label = forms.CharField(label="Lieu", max_length=200, required=False)
    commune = forms.ModelChoiceField(
        Commune.objects.none(), label="Commune", required=False, empty_label="Aucune"
    )
    quartiers = forms.ModelMultipleChoiceField(
        Quartier.objects.none(),
        label="Quartiers",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    residence = forms.ModelChoiceField(
        Residence.objects.none(), label="Résidence", required=False, empty_label="Aucune"
    )
    online_url = link_field("Adresse en ligne", required=False)
    contact = forms.CharField(
        label="Renseignements",
        max_length=160,
        required=False,
        help_text="Le téléphone ou l’adresse d’un service, jamais d’une personne.",
    )
    entry = forms.ChoiceField(label="Entrée", choices=Gathering.Entry.choices)
    seats = forms.IntegerField(
        label="Places",
        required=False,
        min_value=1,
        max_value=2000,
        help_text="Laissez vide s’il n’y a pas de limite.",
    )
    closes_at = moment_field(
        "Inscriptions jusqu’au", required=False, help_text="Laissez vide : jusqu’au début."
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.code, one.label.capitalize()) for one in kinds().values() if not one.apart]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]
        today = timezone.localdate()
        mine = Q(pk__in=actor.communes) | Q(pk__in=[pk for pk, _ in actor.crossings])
        communes = Commune.objects.defer("outline").filter(mine)
        self.fields["commune"].queryset = communes  # type: ignore[attr-defined]
        quartiers = Quartier.objects.in_force(today).defer("outline")
        inside = Q(communes__in=communes.values("pk")) | Q(pk__in=actor.quartiers)
        own = quartiers.filter(pk__in=Quartier.objects.filter(inside).values("pk"))
        offer_quartiers(self.fields["quartiers"], own)
        residences = Residence.objects.defer("outline").filter(commune__in=communes.values("pk"))
        self.fields["residence"].queryset = residences  # type: ignore[attr-defined]


class RegisterForm(forms.Form):
    """A name, and one way to reach the person."""

    name = forms.CharField(
        label=_("Votre nom ou prénom"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Votre adresse électronique"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = forms.RegexField(
        r"^\+?[\d .-]{9,20}$",
        label=_("Ou votre téléphone"),
        required=False,
        error_messages={"invalid": _("Donnez un numéro de téléphone.")},
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    # A field that people do not see: who fills it in is a machine.
    website = forms.CharField(required=False, label=_("Ne remplissez pas ce champ"))


class CancelForm(forms.Form):
    """Why it is called off."""

    reason = forms.CharField(
        label="Pourquoi",
        max_length=300,
        help_text="Les personnes inscrites et les organisations conviées le liront.",
    )


CAME = [("", "Non noté"), ("yes", "Présent"), ("no", "Absent")]
CAME_VALUES = {"": None, "yes": True, "no": False}


class PeopleForm(forms.Form):
    """Who came: one choice for each organisation and each registered person."""

    def __init__(self, *args: Any, gathering: Gathering, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.guests = list(gathering.guests.select_related("organisation"))
        self.people = list(
            gathering.registrations.filter(state="seated")
            .select_related("contact")
            .order_by("rank")
        )
        for one in self.guests:
            self._ask(f"g{one.pk}", one.organisation.name, one.came)
        for person in self.people:
            contact = getattr(person, "contact", None)
            name = contact.name if contact else "Personne inscrite"
            self._ask(f"p{person.pk}", f"{person.rank}. {name}", person.came)

    def _ask(self, name: str, label: str, came: bool | None) -> None:
        known = {None: "", True: "yes", False: "no"}[came]
        self.fields[name] = forms.ChoiceField(
            choices=CAME, label=label, required=False, initial=known
        )

    def answers(self, letter: str) -> dict[int, bool | None]:
        """What was said of the organisations ("g") or of people ("p"), by the ids of their rows."""
        return {
            int(name[1:]): CAME_VALUES[value]
            for name, value in self.cleaned_data.items()
            if name.startswith(letter)
        }


class AnswerForm(forms.Form):
    """Whether an organisation comes."""

    answer = forms.ChoiceField(
        choices=[
            (Guest.Answer.COMING.value, "Nous serons là"),
            (Guest.Answer.EXCUSED.value, "Nous sommes excusés"),
        ]
    )


class OpinionForm(forms.Form):
    """A few questions with four answers each, and words of one's own; none is compulsory."""

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(value), gettext(label)) for value, label in answers().items()]
        self.codes = [one.code for one in questions_for(kind)]
        for one in questions_for(kind):
            self.fields[one.code] = forms.ChoiceField(
                label=gettext(one.label), choices=choices, required=False, widget=forms.RadioSelect
            )
        self.fields["words"] = forms.CharField(
            label=_("En quelques mots"),
            required=False,
            max_length=1000,
            help_text=_("Ce qui vous a servi, ce qui a manqué. Sans nommer personne."),
            widget=forms.Textarea(attrs={"rows": 4}),
        )

    def said(self) -> dict[str, int]:
        """The answers that were given, by the code of the question."""
        given = {code: self.cleaned_data[code] for code in self.codes}
        return {code: int(value) for code, value in given.items() if value}
