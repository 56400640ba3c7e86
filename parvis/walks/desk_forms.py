"""Forms of the desk: what a finding becomes, what is put right, what the public reads."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.text import capfirst

from parvis.meetings.forms import standing
from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.reports.models import Category, Report
from parvis.thread.register import makings
from parvis.ui.fields import day_field
from parvis.upkeep.themes import choices as theme_choices
from parvis.walks.desk_places import categories_for
from parvis.walks.events import OBSERVATION
from parvis.walks.models import Observation, Picture, Stop
from parvis.walks.practice import severities
from parvis.walks.sorting import FollowUp, actions_there, followed
from parvis.walks.workflow import Outcome

REPORT, LINK, MAKE, JOIN = "report", "link:", "make:", "join"
DOUBLES_AT_MOST = 50  # findings that are offered to unite with


def _organisation(label: str, empty: str, help_text: str = "") -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        Organisation.objects.none(),
        label=label,
        required=False,
        empty_label=empty,
        help_text=help_text,
    )


def _planned() -> forms.CharField:
    return forms.CharField(
        label="Ce qui est prévu",
        max_length=300,
        required=False,
        help_text="En quelques mots, pour le tableau de suivi.",
    )


class _Followed(forms.Form):
    """What forms with a follow-up have in common."""

    def follow(self) -> FollowUp:
        """Who settles it, by when, and what is planned."""
        given = self.cleaned_data
        return FollowUp(given["responsible"], given["due_on"], given["outcome_note"])


class SortForm(_Followed):
    """What a finding becomes."""

    outcome = forms.ChoiceField(label="Ce qu’il devient", widget=forms.RadioSelect)
    action = forms.TypedChoiceField(
        label="L’action qui y répond déjà", required=False, coerce=int, empty_value=None
    )
    responsible = _organisation("Qui s’en charge", "Qui répond du lieu, s’il y a quelqu’un")
    due_on = day_field("Pour le", required=False)
    outcome_note = _planned()
    category = forms.ModelChoiceField(
        Category.objects.none(), label="Catégorie du signalement", required=False, empty_label=None
    )
    text = forms.CharField(
        label="Texte pour qui s’en charge",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Il part avec le signalement ou l’action : relisez-le, sans nommer personne.",
    )
    pictures = forms.BooleanField(
        label="Joindre les photos où l’on ne reconnaît personne", required=False
    )

    def __init__(
        self,
        *args: Any,
        actor: Actor,
        finding: Observation,
        near: list[tuple[Report, int]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        known = standing(actor)
        self.fields["responsible"].queryset = known  # type: ignore[attr-defined]
        categories = list(categories_for(finding))
        self.fields["category"].queryset = categories_for(finding)  # type: ignore[attr-defined]
        choices = [
            (f"{LINK}{one.pk}", f"C’est déjà signalé : {one.category.label}, {_where(one, far)}")
            for one, far in near
        ]
        if categories:
            choices.append((REPORT, "Un signalement à confier"))
        else:
            del self.fields["category"]
        offered = makings(actor, OBSERVATION)
        choices += [(f"{MAKE}{one.code}", capfirst(one.label)) for one in offered]
        standing_there = actions_there(actor, finding)
        if standing_there:
            choices.append((JOIN, "Une action qui est déjà au plan"))
            actions = [
                ("", "Choisissez une action"),
                *((one.id, one.title) for one in standing_there),
            ]
            self.fields["action"].choices = actions  # type: ignore[attr-defined]
        else:
            del self.fields["action"]
        choices += [
            (Outcome.TO_DECIDE.value, "Une décision à prendre en réunion"),
            (Outcome.NOTED.value, "Pris en note, sans plus"),
        ]
        self.fields["outcome"].choices = choices  # type: ignore[attr-defined]
        self.fields["outcome"].initial = choices[0][0] if near else None
        self.fields["responsible"].initial = finding.responsible_id or finding.manager_id
        self.fields["due_on"].initial = finding.due_on
        self.fields["outcome_note"].initial = finding.outcome_note
        self.fields["text"].initial = finding.note
        self.fields["pictures"].initial = True

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("outcome") == REPORT and not given.get("category"):
            self.add_error("category", "Choisissez une catégorie.")
        if given.get("outcome") == JOIN and not given.get("action"):
            self.add_error("action", "Choisissez l’action du plan.")
        return given


def _where(report: Report, far: int) -> str:
    place = report.place_label or "lieu à confirmer"
    return f"{place}, à {far} m ({report.reference})"


class UniteForm(forms.Form):
    """Which finding of the walk tells of the same thing."""

    into = forms.ModelChoiceField(
        Observation.objects.none(), label="Le même que", empty_label="Choisissez un constat"
    )

    def __init__(self, *args: Any, finding: Observation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        alike = Q(theme_code=finding.theme_code)
        if finding.stop_id:
            alike |= Q(stop=finding.stop_id)
        rows = Observation.objects.filter(followed(), alike, walk=finding.walk_id)
        rows = rows.exclude(pk=finding.pk).order_by("noted_at", "pk")
        field: Any = self.fields["into"]
        field.queryset = rows
        self.alike = [
            (one.pk, f"{one.title} : {one.note[:60]}" if one.note else one.title)
            for one in rows[:DOUBLES_AT_MOST]
        ]
        field.choices = [("", field.empty_label), *self.alike]


class CorrectForm(_Followed):
    """What was noted, put right; and how it is followed."""

    theme_code = forms.ChoiceField(label="Thème")
    strength = forms.TypedChoiceField(
        label="C’est",
        choices=[("", "un point faible"), ("1", "un point fort")],
        coerce=bool,
        required=False,
    )
    severity = forms.TypedChoiceField(
        label="Combien cela gêne", required=False, coerce=int, empty_value=None
    )
    stop = forms.ModelChoiceField(
        Stop.objects.none(), label="Arrêt", required=False, empty_label="Entre deux arrêts"
    )
    manager = _organisation(
        "Qui répond du lieu", "Personne : sans gestionnaire", "Le gestionnaire de l’endroit."
    )
    responsible = _organisation("Qui s’en charge", "Personne en particulier")
    due_on = day_field("Pour le", required=False)
    outcome_note = _planned()

    def __init__(self, data: Any = None, *, actor: Actor, finding: Observation) -> None:
        names = ("theme_code", "severity", "due_on", "outcome_note")
        initial = {name: getattr(finding, name) for name in names}
        initial |= {"strength": "1" if finding.strength else "", "stop": finding.stop_id}
        initial |= {"manager": finding.manager_id, "responsible": finding.responsible_id}
        super().__init__(data, initial=initial)
        fields: dict[str, Any] = self.fields
        fields["theme_code"].choices = theme_choices()
        weights = [(value, label) for value, label in severities().items()]
        fields["severity"].choices = [("", "Rien : c’est un point fort"), *weights]
        fields["stop"].queryset = Stop.objects.filter(walk=finding.walk_id)
        kept = Q(pk=finding.manager_id or 0) | Q(pk=finding.responsible_id or 0)
        known = Organisation.objects.filter(kept | Q(pk__in=standing(actor).values("pk")))
        for name in ("manager", "responsible"):
            fields[name].queryset = known.order_by("name", "pk")


class ReviewForm(forms.Form):
    """Whether everybody reads a finding, and in which words."""

    choice = forms.ChoiceField(
        label="Le public",
        required=False,
        choices=[("", "Pas encore relu"), ("show", "Le lit"), ("hide", "Ne le lit pas")],
    )
    public_note = forms.CharField(
        label="Texte public",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Any = None, *, finding: Observation) -> None:
        read = finding.reviewed_at is not None
        initial = {
            "choice": _choice(finding),
            "public_note": finding.public_note if read else finding.public_note or finding.note,
        }
        super().__init__(data, prefix=f"o{finding.pk}", initial=initial)
        self.finding = finding


class PictureForm(forms.Form):
    """Whether everybody sees a picture, and whether somebody on it has agreed."""

    choice = forms.ChoiceField(
        label="Le public",
        required=False,
        choices=[("", "Pas encore relue"), ("show", "La voit"), ("hide", "Ne la voit pas")],
    )
    people = forms.BooleanField(label="On reconnaît quelqu’un", required=False)
    consent = forms.BooleanField(label="Accord signé", required=False)

    def __init__(self, data: Any = None, *, picture: Picture) -> None:
        initial = {
            "choice": _choice(picture),
            "people": picture.people,
            "consent": picture.consent,
        }
        super().__init__(data, prefix=f"p{picture.pk}", initial=initial)
        self.picture = picture


def _choice(one: Observation | Picture) -> str:
    if one.reviewed_at is None:
        return ""
    return "show" if one.shown else "hide"
