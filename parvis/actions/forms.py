"""Forms of plans and actions."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from parvis.actions.models import Action, PartnerShare, Picture, Plan, Step
from parvis.actions.record import Record, plain_record, record_of
from parvis.actions.sorting import choices
from parvis.partners.actors import Actor
from parvis.partners.models import Objective, Organisation
from parvis.places.choices import offer_quartiers
from parvis.places.models import Quartier, Residence
from parvis.ui.fields import day_field
from parvis.upkeep.themes import themes


def standing(actor: Actor) -> Any:
    """The organisations that this actor knows and that are not closed."""
    today = timezone.localdate()
    still = Q(closed_on=None) | Q(closed_on__gt=today)
    return Organisation.objects.visible_to(actor).filter(still).order_by("name", "pk")


class FigureField(forms.DecimalField):
    """A figure with two decimals at most, as people write it: « 12 000,50 € »."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal"})
        super().__init__(max_digits=12, decimal_places=2, widget=widget, **kwargs)

    def to_python(self, value: Any) -> Any:
        """Spaces, the euro sign and the comma are no obstacle."""
        if isinstance(value, str):
            value = re.sub(r"[\s€]", "", value).replace(",", ".")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        """A comma, as it is written here."""
        return str(value).replace(".", ",") if value not in (None, "") else ""


def money_field(label: str) -> FigureField:
    """An amount in euros."""
    return FigureField(label=label, required=False, min_value=0)


def words_field(label: str, help_text: str = "", rows: int = 4) -> forms.CharField:
    """A text of some lines."""
    return forms.CharField(
        label=label,
        required=False,
        max_length=3000,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def list_field(label: str, name: str, empty: str = "", required: bool = True) -> forms.ChoiceField:
    """A choice in one of the room's lists."""
    first = [("", empty or "Choisissez")]
    return forms.ChoiceField(
        label=label, required=required, choices=[*first, *choices(name).items()]
    )


class PlanForm(forms.Form):
    """A plan, its quartiers and its period."""

    title = forms.CharField(label="Titre", max_length=160)
    quartiers = forms.ModelMultipleChoiceField(
        Quartier.objects.none(),
        label="Quartiers",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    starts_on = day_field("Du")
    ends_on = day_field("Au")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        quartiers = Quartier.objects.in_force(timezone.localdate()).defer("outline")
        inside = Q(communes__in=actor.communes) | Q(pk__in=actor.quartiers)
        own = quartiers.filter(pk__in=Quartier.objects.filter(inside).values("pk"))
        offer_quartiers(self.fields["quartiers"], own)


class LineForm(forms.Form):
    """One line of the plan's table, written in place."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    title = forms.CharField(label="Titre", max_length=160)
    domain = list_field("Domaine", "domain")
    moment = list_field("Moment", "moment", "Non précisé", required=False)
    lead = forms.ModelChoiceField(Organisation.objects.none(), label="Pilote", empty_label=None)
    starts_on = day_field("Début", required=False)
    ends_on = day_field("Fin", required=False)
    budget = money_field("Budget (€)")
    place = forms.CharField(label="Lieu", max_length=200, required=False)

    def __init__(self, *args: Any, actor: Actor, lead: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = standing(actor)
        if lead is not None:  # who leads it stays in the list, even closed since
            known = Organisation.objects.filter(Q(pk__in=known.values("pk")) | Q(pk=lead))
            known = known.order_by("name", "pk")
        self.fields["lead"].queryset = known  # type: ignore[attr-defined]

    def record(self) -> Record:
        """What was written, as a record."""
        return plain_record(self.cleaned_data)


class ActionForm(LineForm):
    """The whole fiche but its rows."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, required=False)
    themes = forms.MultipleChoiceField(
        label="Thèmes", required=False, widget=forms.CheckboxSelectMultiple
    )
    finding = words_field("Constat", "Ce qui se passe aujourd’hui, et d’où on le sait.")
    objective = words_field("Objectif", "Ce qui doit changer.")
    audience = forms.CharField(label="Public", max_length=200, required=False)
    quartiers = forms.ModelMultipleChoiceField(
        Quartier.objects.none(),
        label="Quartiers",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    residences = forms.ModelMultipleChoiceField(
        Residence.objects.none(), label="Résidences", required=False
    )
    objectives = forms.ModelMultipleChoiceField(
        Objective.objects.none(), label="Objectifs du contrat de ville", required=False
    )
    experiment = forms.BooleanField(label="C’est une expérimentation", required=False)
    summary = words_field(
        "Résumé pour tous", "Quelques phrases simples, pour les habitants : ce que l’on fait ici."
    )
    cost_public = forms.BooleanField(label="Montrer à tous ce que l’action a coûté", required=False)

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = [(code, theme.label) for code, theme in themes().items()]
        self.fields["themes"].choices = listed  # type: ignore[attr-defined]
        quartiers = plan.quartiers.defer("outline")
        own = quartiers.values("pk")
        homes = Residence.objects.filter(commune__quartiers__in=own).distinct().defer("outline")
        objectives = Objective.objects.filter(agreement__quartiers__in=own).distinct()
        offer_quartiers(self.fields["quartiers"], quartiers)
        self.fields["residences"].queryset = homes  # type: ignore[attr-defined]
        self.fields["objectives"].queryset = objectives  # type: ignore[attr-defined]


def _organisation(label: str, empty: str = "Choisissez") -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        Organisation.objects.none(), label=label, required=False, empty_label=empty
    )


class Row(forms.Form):
    """One row of a fiche; left empty, it is no row."""

    needed: tuple[str, ...] = ()
    first: dict[str, Any] = {}

    def __init__(self, *args: Any, known: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("organisation", "funder"):
            if name in self.fields and known is not None:
                self.fields[name].queryset = known  # type: ignore[attr-defined]

    def clean(self) -> Record:
        """ValidationError on a row that is begun and not finished."""
        found: Record = super().clean() or {}
        if any(value not in (None, "", 0) for value in found.values()):
            for name in self.needed:
                if found.get(name) in (None, "") and name not in self.errors:
                    self.add_error(name, "Complétez cette ligne, ou videz-la.")
        return found

    def record(self) -> Record | None:
        """The row as a record; None when it is empty."""
        values = [self.cleaned_data.get(name) for name in self.needed]
        if all(value in (None, "") for value in values):
            return None
        return {name: self.value(name) for name in self.fields}

    def value(self, name: str) -> Any:
        """A value that is missing counts as nothing, or as zero for a figure."""
        value = self.cleaned_data.get(name)
        if value is None and name in self.first:
            return self.first[name]
        return value


class PartnerRow(Row):
    needed = ("organisation",)
    organisation = _organisation("Organisation")
    does = forms.CharField(label="Ce qu’elle fait", max_length=200, required=False)


class StepRow(Row):
    needed = ("title",)
    title = forms.CharField(label="Étape", max_length=200, required=False)
    organisation = _organisation("Par", "Le pilote")
    due_on = day_field("Pour le", required=False)
    done_on = day_field("Faite le", required=False)


class FundingRow(Row):
    needed = ("funder", "scheme")
    first = {"asked": "0.00", "granted": "0.00", "spent": "0.00"}
    funder = _organisation("Financeur")
    scheme = list_field("Dispositif", "scheme", required=False)
    asked = money_field("Demandé (€)")
    granted = money_field("Accordé (€)")
    spent = money_field("Dépensé (€)")
    file_number = forms.CharField(label="Numéro de dossier", max_length=60, required=False)
    asked_on = day_field("Demandé le", required=False)
    granted_on = day_field("Accordé le", required=False)


class InsertionRow(Row):
    needed = ("kind",)
    first = {"total": 0, "promised": 0, "worked": 0, "people": 0}
    kind = list_field("Forme", "insertion", required=False)
    total = forms.IntegerField(label="Heures en tout", required=False, min_value=0)
    promised = forms.IntegerField(label="Heures prévues", min_value=0, required=False)
    worked = forms.IntegerField(label="Heures travaillées", min_value=0, required=False)
    people = forms.IntegerField(label="Personnes", min_value=0, required=False)


class IndicatorRow(Row):
    needed = ("label", "target")
    label = forms.CharField(label="Indicateur", max_length=200, required=False)
    unit = forms.CharField(label="Unité", max_length=40, required=False)
    baseline = FigureField(label="Au départ", required=False)
    target = FigureField(label="Visé", required=False)
    due_on = day_field("Pour le", required=False)


ROW_FORMS: dict[str, tuple[type[Row], str]] = {
    "partners": (PartnerRow, "Partenaires"),
    "steps": (StepRow, "Étapes"),
    "fundings": (FundingRow, "Plan de financement"),
    "insertions": (InsertionRow, "Insertion"),
    "indicators": (IndicatorRow, "Indicateurs"),
}
SPARE = 3  # empty rows that are offered


def row_sets(actor: Actor, action: Action | None, data: Any = None) -> dict[str, Any]:
    """The formsets of a fiche's rows, by name."""
    known = standing(actor)
    found = {}
    for name, (form, _) in ROW_FORMS.items():
        kind = forms.formset_factory(form, extra=SPARE, max_num=60, absolute_max=80)
        rows = record_of(action, (name,))[name] if action else []
        found[name] = kind(data, prefix=name, initial=rows, form_kwargs={"known": known})
    return found


def rows_record(sets: dict[str, Any]) -> Record:
    """What was written in these rows, as a record."""
    found = {
        name: [row for form in rows.forms if (row := form.record()) is not None]
        for name, rows in sets.items()
    }
    return plain_record(found)


class StepForm(forms.Form):
    """What a step of the action's life asks for."""

    reason = words_field("Pourquoi", rows=3)
    worked = words_field("Ce qui a marché")
    failed = words_field("Ce qui n’a pas marché")
    again = forms.TypedChoiceField(
        label="Le referions-nous ?",
        required=False,
        choices=[("", "Choisissez"), ("yes", "Oui"), ("no", "Non")],
        coerce=lambda value: value == "yes",
        empty_value=None,
    )

    def __init__(self, *args: Any, needs: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = {"reason": ("reason",), "review": ("worked", "failed", "again")}.get(needs, ())
        for name in list(self.fields):
            if name not in kept:
                del self.fields[name]


class MeasureForm(forms.Form):
    """What an indicator showed on a day."""

    value = FigureField(label="Valeur")
    on = day_field("Mesuré le")
    source = forms.CharField(label="Source", max_length=200, required=False)


class PictureForm(forms.Form):
    """A picture of before or after."""

    file = forms.FileField(label="Photo", help_text="JPEG, PNG, WebP ou HEIC, 15 Mo au plus.")
    moment = forms.ChoiceField(label="Moment", choices=Picture.Moment.choices)
    caption = forms.CharField(
        label="Ce qu’on y voit", max_length=160, help_text="Le lieu, sans personne dessus."
    )


class Filters(forms.Form):
    """How a plan's actions are cut down."""

    domaine = list_field("Domaine", "domain", "Tous", required=False)
    etat = forms.ChoiceField(label="État", required=False)
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="Organisation",
        required=False,
        empty_label="Toutes",
        help_text="Qui pilote, prend part, ou porte une étape.",
    )
    quartier = forms.ChoiceField(label="Quartier", required=False)
    retard = forms.BooleanField(label="En retard", required=False)

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        from parvis.actions.workflow import ActionState

        super().__init__(*args, **kwargs)
        states = [("", "Tous"), *ActionState.choices]
        self.fields["etat"].choices = states  # type: ignore[attr-defined]
        known = Organisation.objects.filter(
            Q(pk__in=plan.actions.values("lead"))
            | Q(pk__in=PartnerShare.objects.filter(action__plan=plan).values("organisation"))
            | Q(pk__in=Step.objects.filter(action__plan=plan).values("organisation"))
        )
        self.fields["organisation"].queryset = known.order_by("name")  # type: ignore[attr-defined]
        self.quartiers = list(plan.quartiers.defer("outline"))
        named = [(str(one.pk), one.name) for one in self.quartiers]
        self.fields["quartier"].choices = [("", "Tous"), *named]  # type: ignore[attr-defined]
