"""Forms of a convention de GUP, of its grounds, of its pledges and of their checks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from parvis.actions.convention_models import FOUND, Convention, Pledge
from parvis.partners.actors import Actor
from parvis.partners.models import Agreement, Organisation
from parvis.places.choices import offer_quartiers
from parvis.places.models import Commune, Quartier
from parvis.ui.fields import day_field
from parvis.upkeep.models import ManagedArea


def _long(label: str, length: int, help_text: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=length,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class TextsForm(forms.Form):
    """What a convention says, beside its dates and signatories."""

    project_quartiers = forms.ModelMultipleChoiceField(
        Quartier.objects.none(),
        label="Périmètre du projet",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Là où le renouvellement urbain a lieu.",
    )
    project_note = forms.CharField(
        label="Limites du projet",
        required=False,
        max_length=300,
        help_text="Par exemple : de la rue des Lilas au canal.",
    )
    context = _long("Contexte et diagnostic", 6000, "Ce qui a conduit à cette convention.")
    means = _long("Moyens", 4000, "Postes, budgets et outils que chacun apporte.")
    steering = _long("Pilotage et évaluation", 4000, "Qui se réunit, et comment on vérifie.")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["project_quartiers"].queryset = quartiers_of(actor)  # type: ignore[attr-defined]


class ConventionForm(TextsForm):
    """A new convention: its name, its dates, where it holds and who is to sign."""

    kind = forms.ChoiceField(
        label="Nature",
        choices=[
            (Agreement.Kind.CONVENTION_GUP, "Convention de GUP"),
            (Agreement.Kind.CHARTE_GUP, "Charte de GUP"),
        ],
    )
    title = forms.CharField(label="Titre", max_length=200)
    code = forms.SlugField(
        label="Code",
        max_length=20,
        help_text="Lettres sans accent, chiffres et tirets, par exemple GUP-2026.",
    )
    starts_on = day_field("Début", required=False)
    ends_on = day_field("Fin", required=False)
    communes = forms.ModelMultipleChoiceField(
        Commune.objects.none(), label="Communes", widget=forms.CheckboxSelectMultiple
    )
    quartiers = forms.ModelMultipleChoiceField(
        Quartier.objects.none(),
        label="Périmètre d’action",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Les quartiers où les partenaires s’engagent.",
    )
    signatories = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label="Signataires",
        widget=forms.CheckboxSelectMultiple,
        help_text="Les dates de signature se notent ensuite.",
    )

    field_order = (
        *("kind", "title", "code", "starts_on", "ends_on", "communes", "quartiers"),
        *("project_quartiers", "project_note", "signatories", "context", "means", "steering"),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        communes = Commune.objects.defer("outline").filter(pk__in=actor.communes)
        self.fields["communes"].queryset = communes  # type: ignore[attr-defined]
        offer_quartiers(self.fields["quartiers"], quartiers_of(actor))
        near = Q(commune__in=actor.communes) | Q(commune=None) | Q(pk=actor.organisation_id)
        known = Organisation.objects.filter(near, closed_on=None).order_by("name", "pk")
        self.fields["signatories"].queryset = known  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].upper()
        if Agreement.objects.filter(code=code).exists():
            raise forms.ValidationError("Une autre convention porte déjà ce code.")
        return code


class GroundForm(forms.Form):
    """A ground, who owns it and who keeps it up."""

    name = forms.CharField(
        label="Espace", max_length=160, help_text="Par exemple : pieds d’immeuble des Tilleuls."
    )
    owner = forms.ModelChoiceField(
        Organisation.objects.none(), label="Propriétaire", required=False, empty_label="Non précisé"
    )
    manager = forms.ModelChoiceField(
        Organisation.objects.none(), label="Gestionnaire", empty_label="Choisir…"
    )
    area = forms.ModelChoiceField(
        ManagedArea.objects.none(),
        label="Le même espace dans « Qui gère quoi »",
        required=False,
        empty_label="Aucun",
        help_text="Si le gestionnaire change un jour, la différence sera montrée.",
    )

    def __init__(self, *args: Any, actor: Actor, convention: Convention, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = signatories_of(convention)  # type: ignore[attr-defined]
        self.fields["manager"].queryset = signatories_of(convention)  # type: ignore[attr-defined]
        known = ManagedArea.objects.visible_to(actor).current_or_to_come(timezone.localdate())
        self.fields["area"].queryset = known.defer("outline")  # type: ignore[attr-defined]


class PledgeForm(forms.Form):
    """Who commits to what, where, how often, until when."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label="Qui s’engage", empty_label="Choisir…"
    )
    task = forms.CharField(
        label="Engagement",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Une tâche que l’on peut vérifier.",
    )
    place = forms.CharField(label="Où", max_length=200, required=False)
    frequency = forms.ChoiceField(label="Rythme", choices=Pledge.Frequency.choices)
    until = day_field(
        "Jusqu’au", required=False, help_text="Laissez vide : pendant toute la convention."
    )
    means = forms.CharField(label="Avec quels moyens", max_length=300, required=False)
    next_check_on = day_field("À vérifier le", required=False)

    def __init__(self, *args: Any, convention: Convention, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["organisation"]
        choice.queryset = signatories_of(convention)


class CheckForm(forms.Form):
    """How a pledge was found, and on what evidence."""

    result = forms.ChoiceField(label="Constat", choices=FOUND, widget=forms.RadioSelect)
    checked_on = day_field("Vérifié le")
    evidence = forms.CharField(
        label="Sur quelle preuve",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Ce qui a été vu, compté ou transmis. Ne nommez personne.",
    )
    next_check_on = day_field("Prochaine vérification", required=False)


def quartiers_of(actor: Actor) -> Any:
    """The quartiers of today that touch the communes of the actor's perimeter."""
    touching = Quartier.communes.through.objects.filter(commune_id__in=actor.communes)
    today = Quartier.objects.in_force(timezone.localdate()).defer("outline")
    return today.filter(pk__in=touching.values("quartier_id"))


def signatories_of(convention: Convention) -> Any:
    """The organisations that signed a convention, or are to."""
    signed = convention.agreement.signatures.values("organisation_id")
    return Organisation.objects.filter(pk__in=signed).order_by("name", "pk")
