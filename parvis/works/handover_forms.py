"""Forms of deliveries, of their surveys and of their checks."""

from __future__ import annotations

import re
import secrets
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from parvis.documents.files import FileField
from parvis.gatherings.forms import moment_field
from parvis.gatherings.kinds import SEANCE
from parvis.gatherings.models import Gathering
from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.places.models import Residence
from parvis.thread.register import Making
from parvis.ui.fields import day_field, link_field
from parvis.works.acts.surveys import MARKS
from parvis.works.handover_models import Delivery, DurabilityCheck, Survey
from parvis.works.project_models import Operation
from parvis.works.resident_models import GroundChange
from parvis.works.sorting import choices, lines


class MoneyField(forms.DecimalField):
    """An amount in euros, as people write it: « 12 000,50 € »."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal"})
        kwargs = {"max_digits": 12, "decimal_places": 2, "min_value": 0, "required": False} | kwargs
        super().__init__(widget=widget, **kwargs)

    def to_python(self, value: Any) -> Any:
        """Spaces, the euro sign and the comma are no obstacle."""
        if isinstance(value, str):
            value = re.sub(r"[\s€]", "", value).replace(",", ".")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        """A comma, as it is written here."""
        return str(value).replace(".", ",") if value not in (None, "") else ""


def words_field(label: str, *, help_text: str = "", length: int = 1000) -> forms.CharField:
    """A text of some lines."""
    return forms.CharField(
        label=label,
        required=False,
        max_length=length,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def list_field(label: str, name: str) -> forms.ChoiceField:
    """A choice in one of the room's lists."""
    words = [(code, one.capitalize()) for code, one in choices(name).items()]
    return forms.ChoiceField(label=label, choices=words, widget=forms.RadioSelect)


def standing(actor: Actor, also: int | None = None) -> Any:
    """The organisations that this actor knows and that are not closed, and one that is chosen."""
    still = Q(closed_on=None) | Q(closed_on__gt=timezone.localdate())
    known = Organisation.objects.visible_to(actor).filter(still)
    found = Organisation.objects.filter(Q(pk__in=known.values("pk")) | Q(pk=also or 0))
    return found.order_by("name", "pk")


class DeliveryForm(forms.Form):
    """What an operation delivers, and who will manage it."""

    operation = forms.ModelChoiceField(
        Operation.objects.none(), label="Opération", empty_label="Choisissez"
    )
    title = forms.CharField(
        label="Ce qui est livré", max_length=160, help_text="Par exemple : square des Tilleuls."
    )
    kind = list_field("Nature", "delivery")
    residence = forms.ModelChoiceField(
        Residence.objects.none(),
        label="Résidence",
        required=False,
        empty_label="Aucune",
        help_text="À chaque vérification, les signalements de cette résidence seront comptés.",
    )
    planned_on = day_field("Livraison prévue le", required=False)
    planned_use = words_field("Usage prévu", help_text="À quoi ce lieu doit servir, et à qui.")
    taker = forms.ModelChoiceField(
        Organisation.objects.none(), label="Qui le reprend en gestion", empty_label="Choisissez"
    )
    ground = forms.ModelChoiceField(
        GroundChange.objects.none(),
        label="Espace du projet de gestion",
        required=False,
        empty_label="Aucun",
        help_text="À la remise en gestion, « qui gère quoi » changera pour cet espace.",
    )
    planned_cost = MoneyField(
        label="Entretien prévu par an (€)",
        help_text="Laissez vide pour reprendre le coût du projet de gestion.",
    )

    def __init__(
        self, *args: Any, actor: Actor, delivery: Delivery | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        mine = Operation.objects.allowed(actor, "edit").select_related("project")
        fields: dict[str, Any] = self.fields
        fields["operation"].queryset = mine.order_by("project__title", "title", "pk")
        fields["operation"].label_from_instance = lambda one: f"{one.project} · {one}"
        projects = mine.order_by().values("project")
        homes = Operation.residences.through.objects.filter(operation__in=mine.order_by())
        if delivery is not None:
            del fields["operation"]
            projects = [delivery.operation.project_id]
            homes = Operation.residences.through.objects.filter(operation__project__in=projects)
        chosen = (delivery.residence_id if delivery else None) or 0
        known = Q(pk__in=homes.values("residence_id")) | Q(pk=chosen)
        fields["residence"].queryset = Residence.objects.defer("outline").filter(known)
        grounds = GroundChange.objects.filter(project__in=projects).select_related("project")
        fields["ground"].queryset = grounds.order_by("project__title", "name", "pk")
        fields["taker"].queryset = standing(actor, delivery.taker_id if delivery else None)
        if delivery is not None and delivery.taken_on:
            for name in ("taker", "ground", "planned_cost"):
                del fields[name]


class DeliveredForm(forms.Form):
    """The day of the delivery."""

    delivered_on = day_field("Livré le")


class ReserveForm(forms.Form):
    """A fault noted at delivery."""

    text = forms.CharField(label="Réserve", max_length=300, help_text="Ce qui est à reprendre.")
    place = forms.CharField(label="Où", max_length=120, required=False)
    firm = forms.CharField(label="Entreprise", max_length=120, required=False)
    found_on = day_field("Notée le")
    due_on = day_field("À lever avant le", required=False)


class HandoverForm(forms.Form):
    """From when somebody manages it, and the procès-verbal."""

    taken_on = day_field("Remis en gestion le")
    minutes = FileField(label="Procès-verbal", required=False)


class GuideForm(forms.Form):
    """How to use what is new."""

    title = forms.CharField(
        label="Titre", max_length=160, help_text="Par exemple : la ventilation double flux."
    )
    file = FileField(label="Document", required=False)
    url = link_field("Ou adresse en ligne", required=False)


class VisitsForm(forms.Form):
    """A round of visits at home, in numbers."""

    starts_on = day_field("Du")
    ends_on = day_field("Au")
    offered = forms.IntegerField(label="Logements proposés", min_value=1, max_value=100_000)
    made = forms.IntegerField(label="Visites faites", min_value=0, max_value=100_000)
    by = forms.CharField(label="Par", max_length=160, required=False, help_text="Un service.")
    note = forms.CharField(
        label="Ce qu’on en retient",
        max_length=500,
        required=False,
        help_text="Sans nommer personne, ni aucun logement.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class WorkshopForm(forms.Form):
    """A workshop, planned and attached in one step."""

    title = forms.CharField(
        label="Titre",
        max_length=160,
        help_text="Par exemple : bien vivre avec sa ventilation double flux.",
    )
    summary = words_field("Présentation", length=2000, help_text="Pour qui, ce qu’on y apprend.")
    starts_at = moment_field("Début")
    ends_at = moment_field("Fin")
    place_label = forms.CharField(label="Lieu", max_length=200, required=False)
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
    published = forms.BooleanField(label="Le publier tout de suite", required=False)


class AttachForm(forms.Form):
    """A date of one's own organisation that is planned already."""

    gathering = forms.ModelChoiceField(
        Gathering.objects.none(), label="Rendez-vous", empty_label="Choisissez"
    )

    def __init__(self, *args: Any, actor: Actor, delivery: Delivery, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Gathering.objects.filter(organiser=actor.organisation_id or 0, cancelled_at=None)
        free = own.exclude(kind=SEANCE).exclude(pk__in=delivery.gatherings.values("pk"))
        self.fields["gathering"].queryset = free.order_by("-starts_at", "-pk")  # type: ignore[attr-defined]


# --- Surveys ----------------------------------------------------------------------------------


class MarksForm(forms.Form):
    """The questions that residents are asked, each from 1 to 4; none is compulsory."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        marks = [(str(mark), words) for mark, words in MARKS.items()]
        for code, line in lines("question").items():
            self.fields[code] = forms.ChoiceField(
                label=line["label"],
                choices=self.marks(marks),
                required=False,
                widget=self.widget_of_mark(),
            )

    def marks(self, marks: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """The answers that are offered."""
        return marks

    def widget_of_mark(self) -> forms.Widget:
        """How an answer is chosen."""
        return forms.RadioSelect()

    def given(self) -> dict[str, int]:
        """The marks that were given, by question."""
        asked = lines("question")
        return {
            code: int(mark) for code, mark in self.cleaned_data.items() if code in asked and mark
        }


class AnswerForm(MarksForm):
    """What a resident answers, without a name."""

    sent_as = forms.RegexField(r"^[\w-]{16,24}$", widget=forms.HiddenInput)
    # A field that people do not see: who fills it in is a machine.
    website = forms.CharField(required=False, label="Ne remplissez pas ce champ")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"sent_as": secrets.token_urlsafe(12)})
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """At least one question is answered."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not self.given():
            raise forms.ValidationError("Répondez au moins à une question.")
        return found


class PaperForm(MarksForm):
    """One answer that came back on paper."""

    def marks(self, marks: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """Nothing may have been ticked."""
        return [("", "Pas de réponse"), *[(mark, f"{mark}. {words}") for mark, words in marks]]

    def widget_of_mark(self) -> forms.Widget:
        """A list, quick to fill in with the keyboard."""
        return forms.Select()


PaperSet = forms.formset_factory(PaperForm, extra=5, max_num=20, absolute_max=20)


class SurveyForm(forms.Form):
    """The days between which residents may answer."""

    opens_on = day_field("Ouverte du")
    closes_on = day_field(
        "Au", help_text="Les résultats se lisent le lendemain ; les dates ne changent plus ensuite."
    )

    @staticmethod
    def initial_of(survey: Survey) -> dict[str, Any]:
        """What the form holds of a survey."""
        return {"opens_on": survey.opens_on, "closes_on": survey.closes_on}


# --- Checks -----------------------------------------------------------------------------------

CHECKED = ("done_on", "condition", "use", "note", "damage", "reports", "cost")


class CheckForm(forms.Form):
    """What a delivered place became."""

    done_on = day_field("Vérifié le")
    condition = list_field("État", "condition")
    use = list_field("Usage", "use")
    note = words_field("Ce qui a été vu", length=2000, help_text="Sans nommer personne.")
    damage = forms.IntegerField(
        label="Dégradations depuis la livraison", required=False, min_value=0, max_value=100_000
    )
    reports = forms.IntegerField(
        label="Signalements depuis la livraison", required=False, min_value=0, max_value=1_000_000
    )
    cost = MoneyField(label="Entretien réel par an (€)")

    @staticmethod
    def initial_of(check: DurabilityCheck) -> dict[str, Any]:
        """What the form holds of a check that was made."""
        return {name: getattr(check, name) for name in CHECKED}


class FollowUpForm(forms.Form):
    """What is made of a check that got worse."""

    making = forms.ChoiceField(label="La suite est", widget=forms.RadioSelect)
    title = forms.CharField(
        label="Ce qu’il faut faire", max_length=160, help_text="Une phrase, avec un verbe d’action."
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label="Qui s’en charge", empty_label="Choisissez"
    )
    due_on = day_field("Pour le", required=False)

    def __init__(
        self,
        *args: Any,
        actor: Actor,
        offered: list[Making],
        delivery: Delivery,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["making"].choices = [(one.code, one.label.capitalize()) for one in offered]
        fields["organisation"].queryset = standing(actor, delivery.taker_id)
