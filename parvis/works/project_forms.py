"""Forms of a project: what it is, its phases, its money, its partners, its operations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.partners.models import Agreement, Organisation
from parvis.places.choices import offer_quartiers
from parvis.places.models import Commune, Quartier, Residence
from parvis.ui.fields import day_field
from parvis.works.project_management import editions
from parvis.works.project_models import Operation, RenewalProject
from parvis.works.sorting import choices


def words_field(
    label: str, length: int, *, required: bool = False, rows: int = 5, help_text: str = ""
) -> forms.CharField:
    """Several lines of words."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=length,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class MoneyField(forms.DecimalField):
    """An amount in euros, as people write it: « 12 000,50 € »."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal"})
        super().__init__(
            max_digits=14, decimal_places=2, min_value=0, localize=False, widget=widget, **kwargs
        )

    def to_python(self, value: Any) -> Any:
        """Spaces, the euro sign and the comma are no obstacle."""
        if isinstance(value, str):
            value = "".join(value.replace("€", "").split()).replace(",", ".")
        return super().to_python(value)


def list_choices(name: str, empty: str = "") -> list[tuple[str, str]]:
    """The choices of a list of this room."""
    found = [(code, label[:1].upper() + label[1:]) for code, label in choices(name).items()]
    return [("", empty), *found] if empty else found


def standing(actor: Actor, *kept: int | None) -> Any:
    """The organisations that this actor knows and that are not closed; `kept` stay whatever."""
    still = Q(closed_on=None) | Q(closed_on__gt=timezone.localdate())
    known = Organisation.objects.visible_to(actor).filter(still).values("pk")
    rows = Organisation.objects.filter(Q(pk__in=known) | Q(pk__in=[pk for pk in kept if pk]))
    return rows.order_by("name", "pk")


def organisation_field(label: str, **more: Any) -> forms.ModelChoiceField:
    """An organisation; the form gives the choices."""
    given = {"empty_label": "Choisir…", **more}
    return forms.ModelChoiceField(Organisation.objects.none(), label=label, **given)


class ProjectForm(forms.Form):
    """What a project is, and where it lies."""

    title = forms.CharField(label="Titre", max_length=160)
    code = forms.SlugField(
        label="Code",
        max_length=20,
        help_text="Lettres sans accent, chiffres et tirets, par exemple NPNRU-RIVES.",
    )
    programme = forms.ChoiceField(label="Programme")
    carrier = organisation_field("Porteur du projet")
    communes = forms.ModelMultipleChoiceField(
        Commune.objects.none(), label="Communes", widget=forms.CheckboxSelectMultiple
    )
    quartiers = forms.ModelMultipleChoiceField(
        Quartier.objects.none(),
        label="Quartiers",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    agreement = forms.ModelChoiceField(
        Agreement.objects.none(),
        label="Convention signée",
        required=False,
        empty_label="Pas encore",
    )
    rules = forms.ChoiceField(
        label="Règlement applicable",
        help_text="Il dit quelles parties le projet de gestion doit contenir.",
    )
    summary = words_field(
        "Présentation pour tous",
        4000,
        help_text="Ce qui va changer, en mots simples. Chacun le lira.",
    )

    def __init__(
        self, *args: Any, actor: Actor, project: RenewalProject | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.project = project
        fields: dict[str, Any] = self.fields
        fields["programme"].choices = list_choices("programme")
        fields["rules"].choices = [
            (one.code, one.label if one.confirmed else f"{one.label} : parties à confirmer")
            for one in editions().values()
        ]
        mine = Q(pk__in=actor.communes)
        if project is not None:
            mine |= Q(pk__in=project.communes.values("pk"))
        communes = Commune.objects.defer("outline").filter(mine)
        fields["communes"].queryset = communes
        touching = Quartier.communes.through.objects.filter(commune_id__in=communes.values("pk"))
        today = Quartier.objects.in_force(timezone.localdate()).defer("outline")
        offer_quartiers(fields["quartiers"], today.filter(pk__in=touching.values("quartier_id")))
        covering = Agreement.communes.through.objects.filter(commune_id__in=communes.values("pk"))
        fields["agreement"].queryset = Agreement.objects.visible_to(actor).filter(
            pk__in=covering.values("agreement_id")
        )
        carrier = project.carrier_id if project else actor.organisation_id
        fields["carrier"].queryset = standing(actor, carrier)

    def clean_code(self) -> str:
        """Codes are in capitals, and each stands once."""
        code: str = self.cleaned_data["code"].upper()
        others = RenewalProject.objects.filter(code=code)
        if self.project is not None:
            others = others.exclude(pk=self.project.pk)
        if others.exists():
            raise forms.ValidationError("Un autre projet porte déjà ce code.")
        return code


class ReasonForm(forms.Form):
    """Why dates that everybody has read change."""

    reason = forms.CharField(
        label="Pourquoi les dates changent",
        max_length=300,
        required=False,
        help_text="Chacun le lira ; qui suit le projet le reçoit par courriel.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class PhaseRow(forms.Form):
    """The dates of one phase."""

    starts_on = day_field("Début prévu", required=False)
    ends_on = day_field("Fin prévue", required=False)
    began_on = day_field("Commencée le", required=False)
    ended_on = day_field("Terminée le", required=False)


class Row(forms.Form):
    """One row of a table; left empty, it is no row."""

    needed: tuple[str, ...] = ()

    def clean(self) -> dict[str, Any]:
        """ValidationError on a row that is begun and not finished."""
        found: dict[str, Any] = super().clean() or {}
        if any(value not in (None, "") for value in found.values()):
            for name in self.needed:
                if found.get(name) in (None, "") and name not in self.errors:
                    self.add_error(name, "Complétez cette ligne, ou videz-la.")
        return found

    def filled(self) -> bool:
        """Whether this row says something."""
        return any(self.cleaned_data.get(name) not in (None, "") for name in self.needed)


class AmountRow(Row):
    """What one funder brings."""

    needed = ("funder", "planned", "noted_on")
    funder = forms.CharField(label="Financeur", max_length=120, required=False)
    label = forms.CharField(label="Pour quoi", max_length=160, required=False)
    planned = MoneyField(label="Prévu (€)", required=False)
    spent = MoneyField(label="Versé (€)", required=False)
    noted_on = day_field("À la date du", required=False)
    source = forms.CharField(label="Source", max_length=200, required=False)


class PartnerRow(Row):
    """An organisation, and what it does."""

    needed = ("organisation",)
    organisation = organisation_field("Organisation", required=False)
    part = forms.CharField(label="Ce qu’elle fait", max_length=200, required=False)

    def __init__(self, *args: Any, known: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = known  # type: ignore[attr-defined]


class OperationForm(forms.Form):
    """What one maître d'ouvrage demolishes, builds or mends."""

    title = forms.CharField(
        label="Titre", max_length=160, help_text="Par exemple : réhabilitation des Tilleuls."
    )
    kind = forms.ChoiceField(label="Nature")
    owner = organisation_field("Maître d’ouvrage")
    summary = words_field("Présentation pour tous", 3000, help_text="Ce qui est fait, et pourquoi.")
    starts_on = day_field("Début prévu", required=False)
    ends_on = day_field("Fin prévue", required=False)
    began_on = day_field("Commencée le", required=False)
    ended_on = day_field("Terminée le", required=False)
    residences = forms.ModelMultipleChoiceField(
        Residence.objects.none(),
        label="Résidences concernées",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    dwellings = forms.IntegerField(label="Logements", required=False, min_value=0, max_value=100000)
    amount = MoneyField(label="Coût prévu (€)", required=False)
    changes_rents = forms.BooleanField(
        label="Change les loyers ou les charges des locataires",
        required=False,
        help_text="La loi demande alors de consulter les locataires avant.",
    )

    def __init__(
        self,
        *args: Any,
        actor: Actor,
        project: RenewalProject,
        operation: Operation | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["kind"].choices = list_choices("operation")
        partners = project.partners.values_list("organisation_id", flat=True)
        owner = operation.owner_id if operation else None
        fields["owner"].queryset = standing(actor, owner, project.carrier_id, *partners)
        near = Residence.objects.defer("outline").filter(commune__in=project.communes.values("pk"))
        fields["residences"].queryset = near
        if operation is not None and project.published_at:
            self.fields["reason"] = ReasonForm.base_fields["reason"]
