"""Forms of a line: all of it, and the parts of a shared action."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q

from parvis.actions.forms import FigureField, money_field, words_field
from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.places.models import Residence
from parvis.tfpb.axes import axes_of, axis_of, units
from parvis.tfpb.line_record import FIELDS
from parvis.tfpb.programme_forms import ReadForm, writable
from parvis.tfpb.programme_models import Line, Programme, Split, UsualMeans
from parvis.tfpb.split_acts import Share
from parvis.ui.fields import day_field
from parvis.upkeep.models import Holding

SPARE = 4  # empty parts that are offered
_FAR = "Donnez une date entre le 1er janvier 1990 et le 31 décembre 2100."
DAYS = (  # as tables are read
    MinValueValidator(date(1990, 1, 1), _FAR),
    MaxValueValidator(date(2100, 12, 31), _FAR),
)


class ResidencesField(forms.ModelMultipleChoiceField):
    """Residences to tick, among those that are offered."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> Any:
        """ValidationError too for a number that no row may bear: some databases refuse it whole."""
        try:
            return super().clean(value)
        except OverflowError:
            raise ValidationError("Cette résidence n’est pas proposée ici.") from None


class LineForm(ReadForm):
    """A line of a programme, but for the action of the plan, which has its own page."""

    names = tuple(name for name in FIELDS if name != "action")

    axis = forms.ChoiceField(label="Axe")
    title = forms.CharField(label="Action", max_length=200)
    nature = forms.ChoiceField(
        label="Nature",
        choices=Line.Nature.choices,
        initial=Line.Nature.SPECIFIC,
        help_text="Un renforcement fait plus de ce que le bailleur fait déjà partout.",
    )
    usual_means = forms.ModelChoiceField(
        UsualMeans.objects.none(),
        label="Moyen de droit commun renforcé",
        required=False,
        empty_label="Aucun",
        help_text="Pour un renforcement : la ligne du tableau de droit commun.",
    )
    description = words_field("Descriptif", "Ce qui sera fait, et pour qui.")
    place = forms.CharField(label="Localisation", max_length=200, required=False)
    residences = ResidencesField(Residence.objects.none(), label="Résidences", required=False)
    starts_on = day_field("Début", required=False, validators=DAYS)
    ends_on = day_field("Fin", required=False, validators=DAYS)
    quantity = FigureField(label="Quantité", required=False, min_value=0)
    unit = forms.ChoiceField(label="Unité", required=False)
    unit_cost = money_field("Coût unitaire (€)")
    beyond = FigureField(
        label="Part au-delà du droit commun (%)", required=False, min_value=0, max_value=100
    )
    spending = money_field("Dépense prévisionnelle (€)")
    own_funding = money_field("Financement du bailleur (€)")
    other_funding = money_field("Autre financement (€)")
    other_funder = forms.CharField(label="Autres financeurs", max_length=200, required=False)
    valued = money_field("Dépense valorisée TFPB (€)")
    justification = forms.CharField(
        label="Justification",
        max_length=500,
        required=False,
        help_text="Le mot que demande une règle de valorisation de la convention.",
    )

    def __init__(
        self, *args: Any, programme: Programme, line: Line | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        axes = [(axis.code, f"{axis.number}. {axis.label}") for axis in axes_of(programme.year)]
        if line and line.axis not in dict(axes):
            axes.append((line.axis, axis_of(line.axis).label))
        self._choose("axis", [("", "Choisissez"), *axes])
        self._choose("unit", [("", "Aucune"), *units().items()])
        own = UsualMeans.objects.filter(landlord=programme.landlord_id, year=programme.year)
        self.fields["usual_means"].queryset = own  # type: ignore[attr-defined]
        held = Holding.objects.filter(organisation=programme.landlord_id).values("residence")
        mine = Q(pk__in=held)
        if line:
            mine |= Q(pk__in=line.residences.values("pk"))
        homes = Residence.objects.filter(mine, commune=programme.commune_id).defer("outline")
        self.fields["residences"].queryset = homes  # type: ignore[attr-defined]
        if line and line.split_id:
            self.fields["spending"].disabled = True
            self.fields["spending"].help_text = "C’est la part d’une action partagée."

    def _choose(self, name: str, known: list[tuple[str, str]]) -> None:
        self.fields[name].choices = known  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A reinforcement points to what it reinforces; amounts left empty are nothing."""
        found: dict[str, Any] = super().clean() or {}
        reinforces = found.get("nature") == Line.Nature.REINFORCEMENT
        if reinforces and not found.get("usual_means") and "usual_means" not in self.errors:
            words = "Dites ce que la ligne renforce, ou choisissez « action spécifique »."
            self.add_error("usual_means", words)
        for name in ("spending", "own_funding", "other_funding", "valued"):
            if name in found and found[name] is None:
                found[name] = Decimal("0.00")
        return found


class SplitForm(forms.Form):
    """An action that is shared: its whole cost and how it is parted."""

    title = forms.CharField(label="Action partagée", max_length=200)
    total = FigureField(label="Coût total (€)", min_value=0)
    basis = forms.ChoiceField(label="Clé de répartition", choices=Split.Basis.choices)
    weight = FigureField(
        label="Part de cette ligne",
        min_value=0,
        help_text="En logements, en % ou en euros, selon la clé.",
    )


class PartForm(forms.Form):
    """One more part: another programme of ours, or another landlord."""

    bearer = forms.ChoiceField(label="Avec", required=False)
    weight = FigureField(label="Sa part", required=False, min_value=0)

    def __init__(self, *args: Any, known: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bearer"].choices = known  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Both, or neither."""
        found: dict[str, Any] = super().clean() or {}
        if found.get("bearer") and found.get("weight") is None and "weight" not in self.errors:
            self.add_error("weight", "Dites quelle est cette part, ou retirez-la.")
        if found.get("weight") and not found.get("bearer"):
            self.add_error("bearer", "Dites avec qui, ou videz cette part.")
        return found


class Bearers:
    """Who may bear a part of a line: our other programmes of the year, other landlords."""

    def __init__(self, actor: Actor, line: Line) -> None:
        programme = line.programme
        ours = writable(actor, programme.year).filter(landlord=programme.landlord_id)
        rows = ours.exclude(pk=programme.pk).select_related("landlord", "commune", "quartier")
        self.programmes = {f"p{one.pk}": one for one in rows}
        others = Organisation.objects.filter(kind=Organisation.Kind.BAILLEUR, closed_on=None)
        rest = others.exclude(pk=programme.landlord_id).order_by("name", "pk")
        self.landlords = {f"b{one.pk}": one for one in rest}
        self.own = programme

    @property
    def choices(self) -> list[Any]:
        """Both, grouped, for a form."""
        mine = [(code, f"{one.quartier}, à {one.commune}") for code, one in self.programmes.items()]
        others = [(code, one.name) for code, one in self.landlords.items()]
        groups = [("Un de nos programmes", mine), ("Un autre bailleur", others)]
        return [("", "Personne"), *(group for group in groups if group[1])]

    def shares(self, own: Decimal, parts: list[tuple[str, Decimal]]) -> list[Share]:
        """The parts that were written, that of the line first."""
        found = [Share(self.own.landlord, own, self.own)]
        for code, weight in parts:
            programme = self.programmes.get(code)
            landlord = programme.landlord if programme else self.landlords[code]
            found.append(Share(landlord, weight, programme))
        return found


def part_set(bearers: Bearers, data: Any = None, initial: Any = None) -> Any:
    """The formset of the parts."""
    kind = forms.formset_factory(PartForm, extra=SPARE, max_num=30, absolute_max=40)
    # A part that is sent back as it was read counts too.
    known = {"known": bearers.choices, "empty_permitted": False}
    return kind(data, prefix="parts", initial=initial, form_kwargs=known)
