"""Forms of instances, sittings and decisions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from parvis.documents.files import FileField
from parvis.gatherings.forms import moment_field
from parvis.meetings.kinds import kinds
from parvis.meetings.models import AgendaItem, Decision, Instance
from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.places.choices import offer_quartiers
from parvis.places.models import Commune, Quartier
from parvis.thread.edges import Node
from parvis.thread.finding import steered_things, thing_of
from parvis.thread.register import Making
from parvis.ui.fields import day_field, link_field


def standing(actor: Actor) -> Any:
    """The organisations that this actor knows and that are not closed."""
    today = timezone.localdate()
    still = Q(closed_on=None) | Q(closed_on__gt=today)
    return Organisation.objects.visible_to(actor).filter(still).order_by("name", "pk")


class InstanceForm(forms.Form):
    """An instance, where it watches, and who sits there."""

    kind = forms.ChoiceField(label="Nature")
    name = forms.CharField(
        label="Nom", max_length=160, help_text="Par exemple : comité technique des Rives."
    )
    quartiers = forms.ModelMultipleChoiceField(
        Quartier.objects.none(),
        label="Quartiers",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Ce qui s’y passe est proposé à l’ordre du jour.",
    )
    subject = forms.ChoiceField(
        label="Projet suivi",
        required=False,
        help_text="Ses séances se lisent alors sur le fil du projet.",
    )
    chairs = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label="Présidée par",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    members = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label="Y siègent",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Organisations, services, conseils citoyens.",
    )
    cadence = forms.ChoiceField(label="Rythme", choices=Instance.Cadence.choices)
    minutes = forms.BooleanField(label="Son règlement demande un compte rendu", required=False)
    approval = forms.BooleanField(
        label="Le relevé est approuvé à la séance suivante", required=False
    )
    quorum = forms.IntegerField(
        label="Quorum",
        required=False,
        min_value=1,
        max_value=500,
        help_text="Nombre de membres présents. Laissez vide si le règlement n’en demande pas.",
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.code, one.label.capitalize()) for one in kinds().values()]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]
        steered = [(one.value, one.title) for one in steered_things(actor)]
        kept = (self.initial.get("subject") or "").strip()
        if kept and kept not in dict(steered):
            # Written by somebody who sees it: it is not lost for that.
            steered.append((kept, "Un projet que vous ne voyez pas"))
        self.fields["subject"].choices = [("", "Aucun"), *steered]  # type: ignore[attr-defined]
        quartiers = Quartier.objects.in_force(timezone.localdate()).defer("outline")
        inside = Q(communes__in=actor.communes) | Q(pk__in=actor.quartiers)
        own = quartiers.filter(pk__in=Quartier.objects.filter(inside).values("pk"))
        offer_quartiers(self.fields["quartiers"], own)
        for name in ("chairs", "members"):
            self.fields[name].queryset = standing(actor)  # type: ignore[attr-defined]

    def clean_subject(self) -> Node | None:
        return thing_of(self.cleaned_data["subject"])


class SittingForm(forms.Form):
    """When and where a sitting is."""

    starts_at = moment_field("Début")
    ends_at = moment_field("Fin")
    place_label = forms.CharField(label="Lieu", max_length=200, required=False)
    commune = forms.ModelChoiceField(
        Commune.objects.none(), label="Commune", required=False, empty_label="Aucune"
    )
    online_url = link_field("Adresse en ligne", required=False)
    contact = forms.CharField(
        label="Renseignements",
        max_length=160,
        required=False,
        help_text="Le téléphone ou l’adresse d’un service, jamais d’une personne.",
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Q(pk__in=actor.communes) | Q(pk__in=[pk for pk, _ in actor.crossings])
        communes = Commune.objects.defer("outline").filter(mine)
        self.fields["commune"].queryset = communes  # type: ignore[attr-defined]


class PointForm(forms.Form):
    """A point in words of one's own."""

    title = forms.CharField(label="Point", max_length=200)
    note = forms.CharField(
        label="Ce qu’il faut savoir",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    asked = forms.ChoiceField(label="Présenté", choices=AgendaItem.Asked.choices)


def _words(label: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=2000,
        required=False,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DecisionForm(forms.Form):
    """What is decided, who does it, what each side said."""

    text = forms.CharField(
        label="Décision", max_length=300, help_text="Une phrase, avec un verbe d’action."
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="Qui s’en charge",
        required=False,
        empty_label="Personne en particulier",
    )
    due_on = day_field("Pour le", required=False)
    making = forms.ChoiceField(label="Elle devient", required=False)
    usage = _words("Ce que disent les habitants", "Ce qu’ils vivent, ce qu’ils demandent.")
    technique = _words("Ce que disent les services", "Ce qui est possible, ce que cela coûte.")
    politique = _words("Ce que disent les élus")
    reason = _words("Ce qui l’a emporté")

    def __init__(
        self, *args: Any, actor: Actor, offered: list[Making] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = standing(actor)  # type: ignore[attr-defined]
        if offered:
            choices = [("", "Une décision à suivre, sans plus")]
            choices += [(one.code, one.label) for one in offered]
            self.fields["making"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["making"]

    @staticmethod
    def initial_of(decision: Decision) -> dict[str, Any]:
        """What the form holds of a decision."""
        names = ("text", "due_on", "usage", "technique", "politique", "reason")
        values = {name: getattr(decision, name) for name in names}
        return {**values, "organisation": decision.organisation_id}


class OutcomeForm(forms.Form):
    """What became of a decision."""

    outcome = forms.CharField(
        label="Ce qu’il en est",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class MinutesForm(forms.Form):
    """The words of the sitting."""

    minutes = forms.CharField(
        label="Compte rendu",
        max_length=20000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text="Sans nommer d’habitant.",
    )


class CancelForm(forms.Form):
    """Why it is called off."""

    reason = forms.CharField(
        label="Pourquoi",
        max_length=300,
        help_text="Les organisations conviées le liront.",
    )


class DocumentForm(forms.Form):
    """A file that goes with the convocation."""

    title = forms.CharField(label="Titre du document", max_length=160)
    file = FileField(label="Fichier")
