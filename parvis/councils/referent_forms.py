"""Forms of who designates référents, and of who notes what became of an invitation."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef
from django.utils import timezone

from parvis.councils.body_models import Body, Member, Term
from parvis.councils.presence_models import Presence
from parvis.councils.referent_reading import called, known_members
from parvis.meetings.models import Instance
from parvis.partners.actors import Actor
from parvis.places.choices import offer_quartiers
from parvis.places.models import Quartier
from parvis.ui.fields import day_field
from parvis.works.models import RenewalProject

PLACES = 4  # places of référent that the form offers for a quartier


class DesignateForm(forms.Form):
    """A member, a quartier, an instance or a project, from a day to a day."""

    member = forms.ChoiceField(label="Qui")
    quartier = forms.ModelChoiceField(Quartier.objects.none(), label="Pour quel quartier")
    where = forms.ChoiceField(
        label="Dans quelle instance, ou pour quel projet",
        help_text="Le référent d’un projet est appelé à toutes les instances qui le pilotent.",
    )
    place = forms.TypedChoiceField(
        label="Place",
        coerce=int,
        choices=[(number, f"référent n° {number}") for number in range(1, PLACES + 1)],
    )
    substitute = forms.TypedChoiceField(
        label="À quel titre",
        coerce=lambda value: value == "1",
        choices=[("0", "titulaire"), ("1", "suppléant, appelé quand le titulaire est excusé")],
        initial="0",
        widget=forms.RadioSelect,
    )
    starts_on = day_field("À partir du")
    ends_on = day_field("Jusqu’au", required=False, help_text="Laissez vide si rien n’est fixé.")

    def __init__(self, *args: Any, actor: Actor, body: Body, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["starts_on"].initial = today
        self.members = {str(one.pk): one for one in _members(body, today)}
        known = known_members(actor, self.members.values())
        self.fields["member"].choices = [  # type: ignore[attr-defined]
            ("", "Choisissez"),
            *((pk, called(one, known)) for pk, one in self.members.items()),
        ]
        quartiers = body.quartiers.defer("outline")
        offer_quartiers(self.fields["quartier"], quartiers)
        self.fields["quartier"].empty_label = "Choisissez"  # type: ignore[attr-defined]
        self.places = _places(actor, body)
        projects = [(key, str(one)) for key, one in self.places.items() if key.startswith("p")]
        instances = [(key, str(one)) for key, one in self.places.items() if key.startswith("i")]
        self.fields["where"].choices = [  # type: ignore[attr-defined]
            ("", "Choisissez"),
            *([("Projets", projects)] if projects else []),
            *([("Instances", instances)] if instances else []),
        ]

    def given(self) -> dict[str, Any]:
        """What the act wants, of a form that is valid."""
        data = dict(self.cleaned_data)
        where = self.places[data.pop("where")]
        name = "project" if isinstance(where, RenewalProject) else "instance"
        return {**data, "member": self.members[data["member"]], name: where}


def _members(body: Body, today: date) -> list[Member]:
    """The members of a body with a term that runs, or is to begin."""
    terms = Term.objects.lasting(today).filter(member_id=OuterRef("pk"))
    rows = body.members.filter(Exists(terms)).select_related("contact", "body")
    return list(rows.order_by("number"))


def _places(actor: Actor, body: Body) -> dict[str, RenewalProject | Instance]:
    """The projects and instances on the body's quartiers that the actor may see, by their keys."""
    quartiers = body.quartiers.values("pk")
    projects = RenewalProject.objects.visible_to(actor).filter(
        pk__in=RenewalProject.quartiers.through.objects.filter(quartier__in=quartiers).values(
            "renewalproject_id"
        )
    )
    on = Instance.quartiers.through.objects.filter(
        instance_id=OuterRef("pk"), quartier__in=quartiers
    )
    everywhere = Instance.quartiers.through.objects.filter(instance_id=OuterRef("pk"))
    instances = (
        Instance.objects.visible_to(actor)
        .filter(Exists(on) | ~Exists(everywhere), closed_on=None)
        .exclude(organiser=body.organisation_id)
    )
    found: dict[str, RenewalProject | Instance] = {
        f"p{one.pk}": one for one in projects.order_by("title", "pk")
    }
    return found | {f"i{one.pk}": one for one in instances.order_by("name", "pk")}


class EndForm(forms.Form):
    """Until when, and why."""

    ends_on = day_field("Dernier jour")
    reason = forms.CharField(
        label="Pourquoi",
        max_length=160,
        help_text="Par exemple : à sa demande, fin du mandat, autre répartition des rôles. "
        "Les membres et la coordination le lisent : rien de personnel.",
    )


class AnswerForm(forms.Form):
    """Whether a référent comes."""

    answer = forms.ChoiceField(
        label="Réponse",
        choices=[
            (Presence.Answer.COMING, "sera là"),
            (Presence.Answer.EXCUSED, "est excusé : le suppléant est appelé"),
        ],
        widget=forms.RadioSelect,
    )
