"""Forms of what a project owes to residents, and of its projet de gestion."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from parvis.documents.files import FileField
from parvis.gatherings.forms import moment_field
from parvis.gatherings.models import Gathering
from parvis.partners.actors import Actor
from parvis.places.models import Building, Residence
from parvis.ui.fields import day_field
from parvis.upkeep.models import ManagedArea
from parvis.works.project_forms import MoneyField, organisation_field, standing, words_field
from parvis.works.project_models import Operation, RenewalProject
from parvis.works.resident_models import EmptiedBuilding, GroundChange, UpkeepVisit


class PartForm(forms.Form):
    """One part of the projet de gestion."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    text = words_field("Contenu", 8000, rows=12)
    upload = FileField(label="Document joint", required=False)
    done_on = day_field(
        "Achevée le", required=False, help_text="Laissez vide tant que cette partie s’écrit."
    )


class AnnexForm(forms.Form):
    """The day on which the projet de gestion is annexed."""

    annexed_on = day_field("Annexé à la convention le")


class GroundForm(forms.Form):
    """A ground, who owns and manages it before and after."""

    name = forms.CharField(
        label="Espace", max_length=160, help_text="Par exemple : pieds d’immeuble des Tilleuls."
    )
    area = forms.ModelChoiceField(
        ManagedArea.objects.none(),
        label="Le même espace dans « Qui gère quoi »",
        required=False,
        empty_label="Aucun",
    )
    owner_before = organisation_field("Propriétaire avant", required=False)
    manager_before = organisation_field("Gestionnaire avant", required=False)
    owner_after = organisation_field("Propriétaire après", required=False)
    manager_after = organisation_field("Gestionnaire après", required=False)
    changes_on = day_field("Change le", required=False)
    cost_before = MoneyField(label="Entretien par an, avant (€)", required=False)
    cost_after = MoneyField(label="Entretien par an, après (€)", required=False)
    changes_charges = forms.BooleanField(
        label="Change les charges des locataires",
        required=False,
        help_text="Les habitants doivent alors être associés avant.",
    )
    involved_on = day_field("Habitants associés le", required=False)
    involvement = forms.CharField(
        label="Comment",
        max_length=300,
        required=False,
        help_text="Réunion, atelier, enquête : sans nommer personne.",
    )

    def __init__(
        self, *args: Any, actor: Actor, ground: GroundChange | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        for name in ("owner_before", "manager_before", "owner_after", "manager_after"):
            kept = getattr(ground, f"{name}_id") if ground else None
            fields[name].queryset = standing(actor, kept)
            fields[name].empty_label = "Non précisé"
        known = ManagedArea.objects.visible_to(actor).current_or_to_come(timezone.localdate())
        fields["area"].queryset = known.defer("outline")


class StepForm(forms.Form):
    """That a step owed to residents was made."""

    done_on = day_field("Faite le")
    note = words_field("Comment", 500, rows=3, help_text="Ne nommez personne.")
    upload = FileField(label="Document", required=False)


class HouseForm(forms.Form):
    """A maison du projet, or a stop of an itinerant one."""

    name = forms.CharField(label="Nom", max_length=120)
    place = forms.CharField(label="Adresse", max_length=200)
    itinerant = forms.BooleanField(
        label="Étape itinérante", required=False, help_text="Marché, pied d’immeuble, école…"
    )
    hours = forms.CharField(
        label="Permanences",
        max_length=300,
        required=False,
        help_text="Par exemple : le mercredi de 14 h à 17 h.",
    )
    contact = forms.CharField(
        label="Contact",
        max_length=200,
        required=False,
        help_text="Un service et son numéro, plutôt qu’un nom.",
    )
    starts_on = day_field("Ouverte du", required=False)
    ends_on = day_field("Au", required=False)


class MeetingForm(forms.Form):
    """A public meeting of the project."""

    title = forms.CharField(label="Titre", max_length=160)
    summary = words_field("Ce dont on parlera", 2000)
    starts_at = moment_field("Début")
    ends_at = moment_field("Fin")
    place_label = forms.CharField(label="Lieu", max_length=200)
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


class CancelForm(forms.Form):
    """Why a meeting is called off."""

    reason = forms.CharField(label="Pourquoi", max_length=300, help_text="Les habitants le liront.")


class PaperForm(forms.Form):
    """When people were invited on paper."""

    posters_on = day_field("Affiches posées le", required=False)
    letters_on = day_field("Lettres distribuées le", required=False)


class AccountForm(forms.Form):
    """What was said."""

    attendance = forms.IntegerField(
        label="Personnes présentes", required=False, min_value=0, max_value=100000
    )
    account = words_field(
        "Compte rendu",
        8000,
        rows=12,
        help_text="Ce qui s’est dit. Aucun nom d’habitant. Une fois publié, il ne change plus.",
    )


class QuestionForm(forms.Form):
    """A question, who answers and by when."""

    text = words_field(
        "Question", 500, required=True, rows=2, help_text="Sans le nom de qui la pose."
    )
    organisation = organisation_field("Qui répond")
    due_on = day_field("Avant le")

    def __init__(self, *args: Any, actor: Actor, project: RenewalProject, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        partners = project.partners.values_list("organisation_id", flat=True)
        owners = project.operations.values_list("owner_id", flat=True)
        fields["organisation"].queryset = standing(actor, project.carrier_id, *partners, *owners)


class AnswerForm(forms.Form):
    """The answer to a question."""

    answer = words_field("Réponse", 2000, required=True, help_text="Tous les habitants la liront.")


class ConsultationForm(forms.Form):
    """How tenants are consulted before works."""

    meeting = forms.ModelChoiceField(
        Gathering.objects.none(),
        label="Réunion des locataires",
        required=False,
        empty_label="Aucune dans les rendez-vous",
    )
    met_on = day_field("Réunion tenue le", required=False)
    representatives = forms.CharField(
        label="Représentants des locataires",
        max_length=300,
        required=False,
        help_text="Les associations, jamais le nom d’une personne.",
    )
    documents_place = forms.CharField(
        label="Documents consultables : où", max_length=200, required=False
    )
    documents_from = day_field("Du", required=False)
    documents_until = day_field("Au", required=False)
    balance = words_field("Bilan de la concertation", 6000)
    upload = FileField(label="Bilan joint", required=False)
    balance_sent_on = day_field(
        "Bilan envoyé aux locataires le",
        required=False,
        help_text="Chacun pourra alors le lire ici.",
    )

    def __init__(self, *args: Any, actor: Actor, operation: Operation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        communes = operation.project.communes.values("pk")
        near = Gathering.objects.visible_to(actor).filter(commune__in=communes)
        fields["meeting"].queryset = near.exclude(kind="seance").order_by("-starts_at", "pk")


class EmptiedForm(forms.Form):
    """A building whose tenants are rehoused."""

    residence = forms.ModelChoiceField(
        Residence.objects.none(), label="Résidence", empty_label="Choisir…"
    )
    building = forms.ModelChoiceField(
        Building.objects.none(),
        label="Bâtiment",
        required=False,
        empty_label="Toute la résidence",
    )
    dwellings = forms.IntegerField(label="Logements", min_value=1, max_value=100000)
    upkeep_by = organisation_field("Entretenu par")
    starts_on = day_field("Relogement depuis le", required=False)
    planned_empty_on = day_field("Vide prévu le", required=False)
    emptied_on = day_field("Dernier départ le", required=False)
    secured_on = day_field("Sécurisé le", required=False)

    def __init__(
        self,
        *args: Any,
        actor: Actor,
        operation: Operation,
        emptied: EmptiedBuilding | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        residences = operation.residences.defer("outline")
        if not residences.exists():
            communes = operation.project.communes.values("pk")
            residences = Residence.objects.defer("outline").filter(commune__in=communes)
        if emptied is not None:
            residences = residences | Residence.objects.defer("outline").filter(
                pk=emptied.residence_id
            )
            residences = residences.distinct()
        fields["residence"].queryset = residences
        buildings = Building.objects.filter(residence__in=residences.values("pk"))
        fields["building"].queryset = buildings.select_related("residence")
        fields["building"].label_from_instance = lambda one: f"{one.residence.name}, {one.name}"
        kept = emptied.upkeep_by_id if emptied else None
        fields["upkeep_by"].queryset = standing(actor, kept, operation.owner_id)


class CountForm(forms.Form):
    """How many dwellings are still occupied."""

    occupied = forms.IntegerField(label="Logements occupés", min_value=0, max_value=100000)
    counted_on = day_field("À la date du")


class VisitForm(forms.Form):
    """How a building was found."""

    result = forms.ChoiceField(
        label="Constat", choices=UpkeepVisit.Result.choices, widget=forms.RadioSelect
    )
    visited_on = day_field("Visité le")
    note = words_field("Ce qui a été vu", 500, rows=3, help_text="Ne nommez personne.")
