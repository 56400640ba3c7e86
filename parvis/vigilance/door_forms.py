"""Forms of the directory of doors."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q

from parvis.partners.actors import Actor
from parvis.partners.models import Mandate, Organisation
from parvis.places.models import Commune
from parvis.ui.fields import day_field, link_field
from parvis.vigilance.catalogue import needs
from parvis.vigilance.door_acts import FIELDS, may_receive
from parvis.vigilance.models import SupportDoor
from parvis.vigilance.scopes import FIELD_KINDS


def communes_of(actor: Actor, door: SupportDoor | None = None) -> Any:
    """Where this actor may say that a door serves: its perimeter; for the organisation that keeps
    a door, the communes of its agglomération too, and those that the door serves already."""
    mine = Q(pk__in=sorted(actor.communes))
    if actor.role != "coordination" and actor.organisation_id is not None:
        around = Commune.objects.filter(organisations__pk=actor.organisation_id).exclude(
            epci_siren=""
        )
        mine |= Q(epci_siren__in=around.values("epci_siren"))
        mine |= Q(pk__in=[commune for commune, _ in actor.crossings])
        if door is not None and door.pk is not None:
            mine |= Q(pk__in=door.communes.values("pk"))
    return Commune.objects.filter(mine).defer("outline").order_by("name", "code")


class DoorForm(forms.ModelForm):
    """All that is told of a door. The coordination says whose it is; an organisation writes its
    own."""

    takes = forms.MultipleChoiceField(
        label="Pour quelles difficultés", widget=forms.CheckboxSelectMultiple
    )
    communes = forms.ModelMultipleChoiceField(
        Commune.objects.none(),
        label="Pour les habitants de",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins une commune."},
    )
    website = link_field("Site", required=False)
    opens_on = day_field("Ouvre le", required=False, help_text="Vide : ouvert dès maintenant.")
    closes_on = day_field(
        "Ferme le", required=False, help_text="Dernier jour. Vide : sans date de fin."
    )

    class Meta:
        model = SupportDoor
        fields = [*FIELDS, "communes"]
        labels = {"what": "Ce que fait ce service, en mots simples", "kind": "Quel service"}
        help_texts = {
            "what": "Lu par les habitants. Vide : ce que fait d’ordinaire ce genre de service.",
            "hours": "Par exemple : du lundi au vendredi, 9 h à 12 h, sans rendez-vous.",
            "phone": "Celui de l’accueil, jamais celui d’une personne.",
            "email": "Boîte commune du service : elle reçoit les avis, sans aucun nom.",
            "to_bring": "Par exemple : la facture, une pièce d’identité. Vide : rien.",
            "conditions": "Par exemple : sur rendez-vous ; réservé aux locataires du bailleur.",
            "organisation": "Elle corrige ces lignes et nomme qui ouvre les orientations.",
            "answers_within_days": "Passé ce délai, un rappel part.",
            "kept_for_days": "Ensuite, ce qui a été transmis est effacé. 730 jours au plus.",
        }
        widgets = {
            "what": forms.Textarea(attrs={"rows": 3}),
            "to_bring": forms.Textarea(attrs={"rows": 2}),
            "conditions": forms.Textarea(attrs={"rows": 2}),
            "phone": forms.TextInput(attrs={"type": "tel"}),
        }

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["takes"].choices = [(one.code, one.public) for one in needs().values()]
        fields["communes"].queryset = communes_of(actor, self.instance)
        if actor.role == "coordination":
            near = Q(commune_id__in=sorted(actor.communes), kind__in=FIELD_KINDS)
            near |= Q(commune=None, kind__in=FIELD_KINDS)  # a service of the département, the State
            if self.instance.organisation_id:
                near |= Q(pk=self.instance.organisation_id)
            fields["organisation"].queryset = Organisation.objects.filter(near).order_by("name")
            fields["organisation"].empty_label = "Aucune : la coordination la tient à jour"
        else:
            del self.fields["organisation"]
            self.instance.organisation_id = actor.organisation_id


class ReceiverForm(forms.Form):
    """Somebody of the organisation that keeps the door."""

    mandate: Any = forms.ModelChoiceField(
        Mandate.objects.none(), label="Personne", empty_label="Choisir…"
    )

    def __init__(self, door: SupportDoor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["mandate"]
        field.queryset = may_receive(door)
        field.label_from_instance = lambda mandate: mandate.person.name


class DoorFilters(forms.Form):
    """What of the directory is shown; every value is in the address of the page."""

    commune = forms.ModelChoiceField(
        Commune.objects.none(), label="Commune", required=False, empty_label="Toutes"
    )
    besoin = forms.ChoiceField(label="Difficulté", required=False)
    etat = forms.ChoiceField(label="À regarder", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["commune"].queryset = (
            Commune.objects.filter(support_doors__isnull=False).distinct().defer("outline")
        )
        fields["besoin"].choices = [("", "Toutes"), *((n.code, n.label) for n in needs().values())]
        fields["etat"].choices = [
            ("", "Tout"),
            ("a-verifier", "À vérifier (plus de six mois)"),
            ("sans-personne", "Personne n’ouvre les orientations"),
            ("fermees", "Fermées"),
        ]
