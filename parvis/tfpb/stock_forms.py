"""Forms of the stock and of the rates."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from parvis.actions.forms import FigureField, money_field
from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.places.choices import offer_quartiers
from parvis.places.models import Commune, Quartier, Residence
from parvis.tfpb.axes import reasons
from parvis.tfpb.law import tax_years
from parvis.tfpb.stock_models import Dwellings
from parvis.tfpb.stock_writing import COUNTED, Given, Ground
from parvis.ui.fields import day_field

NPNRU = (("", "D’après la carte"), ("oui", "Oui"), ("non", "Non"))
AMOUNTS = ("rental_value", "estimate", "estimated_on", "estimate_source")
NOTICE = ("real", "real_on", "real_source")


class StockFilters(forms.Form):
    """What of the stock is shown; every value is in the address of the page."""

    annee = forms.TypedChoiceField(label="Année", required=False, coerce=int, empty_value=None)
    bailleur = forms.ModelChoiceField(
        Organisation.objects.none(), label="Bailleur", required=False, empty_label="Tous"
    )
    commune = forms.ModelChoiceField(
        Commune.objects.none(), label="Commune", required=False, empty_label="Toutes"
    )
    quartier = forms.ModelChoiceField(
        Quartier.objects.none(), label="Quartier", required=False, empty_label="Tous"
    )
    q = forms.CharField(label="Résidence", required=False, max_length=80)

    def __init__(self, data: Any, *, actor: Actor) -> None:
        visible = Dwellings.objects.visible_to(actor).order_by()
        self.years = sorted(
            set(visible.values_list("tax_year", flat=True).distinct()), reverse=True
        )
        given = data.copy()
        # The latest year, unless another one or all of them are asked for.
        if "annee" not in given and self.years:
            given["annee"] = str(self.years[0])
        super().__init__(given)
        fields: dict[str, Any] = self.fields
        fields["annee"].choices = [("", "Toutes"), *((str(year), year) for year in self.years)]
        rows: dict[str, Any] = {
            "bailleur": Organisation,
            "commune": Commune,
            "quartier": Quartier,
        }
        column = {"bailleur": "landlord_id", "commune": "commune_id", "quartier": "quartier_id"}
        for name, model in rows.items():
            known = model.objects.filter(pk__in=visible.values(column[name]))
            fields[name].queryset = known if name == "bailleur" else known.defer("outline")

    def cut(self, rows: Any) -> Any:
        """Those of these rows of the stock that are asked for; a value that means nothing is not
        looked at."""
        self.is_valid()
        asked = self.cleaned_data
        named = {
            "annee": "tax_year",
            "bailleur": "landlord",
            "commune": "commune",
            "quartier": "quartier",
        }
        rows = rows.filter(
            **{column: asked[name] for name, column in named.items() if asked.get(name)}
        )
        if words := asked.get("q", "").strip():
            rows = rows.filter(residence__name__icontains=words)
        return rows

    @property
    def year(self) -> int | None:
        """The tax year that is asked for."""
        self.is_valid()
        found: int | None = self.cleaned_data.get("annee")
        return found


def _count(label: str, help_text: str = "", *, required: bool = False) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=0, max_value=100_000, required=required, help_text=help_text
    )


class DwellingsForm(forms.Form):
    """The dwellings of a residence for a tax year, their rental value, estimate and notice."""

    residence = forms.ModelChoiceField(
        Residence.objects.none(), label="Résidence", empty_label="Choisissez une résidence"
    )
    quartier = forms.ModelChoiceField(
        Quartier.objects.none(),
        label="Quartier",
        required=False,
        empty_label="Celui où la carte la place",
    )
    tax_year = forms.TypedChoiceField(label="Année d’imposition", coerce=int)
    reason = forms.ChoiceField(label="Motif d’éligibilité")
    total = _count("Logements", "Tous ceux de la résidence dans ce quartier.", required=True)
    abated = _count("Dont abattus")
    exempt = _count("Dont encore exonérés")
    exempt_until = day_field("Fin de l’exonération", required=False)
    vacant = _count("Dont vacants avant démolition")
    npnru = forms.ChoiceField(
        label="Dans un projet de renouvellement (NPNRU)", choices=NPNRU, required=False
    )
    rental_value = money_field("Valeur locative cadastrale (€)")
    estimate = money_field("Abattement estimé par vos soins (€)")
    estimated_on = day_field("Estimé le", required=False)
    estimate_source = forms.CharField(label="D’après", required=False, max_length=200)
    real = money_field("Abattement réel (€)")
    real_on = day_field("Avis d’imposition du", required=False)
    real_source = forms.CharField(label="Référence de l’avis", required=False, max_length=200)
    seal = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)

    def __init__(self, *args: Any, ground: Ground, row: Dwellings | None = None, **more: Any):
        super().__init__(*args, **more)
        fields: dict[str, Any] = self.fields
        years = tax_years()
        fields["tax_year"].choices = [(year, str(year)) for year in reversed(years)]
        fields["reason"].choices = [("", "Choisissez"), *reasons().items()]
        fields["rental_value"].help_text = (
            "De tous les logements abattus, par an. L’estimation est faite avec le taux de la "
            "commune pour cette année."
        )
        fields[
            "estimate"
        ].help_text = (
            "Vide : il est calculé. Rempli : votre montant est gardé, dites d’où il vient."
        )
        if row is not None:
            for name in ("residence", "quartier", "tax_year"):
                del fields[name]
            return
        own = Residence.objects.filter(pk__in=list(ground.residences))
        fields["residence"].queryset = own.defer("outline")
        communes = {one.commune_id for one in ground.residences.values()}
        near = {quartier for quartier, commune in ground.touching if commune in communes}
        offer_quartiers(fields["quartier"], Quartier.objects.filter(pk__in=near).defer("outline"))

    @staticmethod
    def initial_of(row: Dwellings, seal: str) -> dict[str, Any]:
        """What the form says of a row that is to be changed."""
        shown: dict[str, Any] = {name: getattr(row, name) for name in (*COUNTED, *NOTICE)}
        shown |= {"npnru": "oui" if row.npnru else "non", "rental_value": row.rental_value}
        # An estimate that was computed is computed again: the form holds the landlord's own.
        if row.rate is None:
            shown |= {name: getattr(row, name) for name in AMOUNTS}
        return {**shown, "seal": seal}

    def given(self) -> Given:
        """What this form says of a row."""
        data = self.cleaned_data
        found: Given = {name: data[name] for name in (*COUNTED, *AMOUNTS, *NOTICE)}
        for name in ("abated", "exempt", "vacant"):
            found[name] = data[name] or 0
        del found["npnru"]
        if data["npnru"]:
            found["npnru"] = data["npnru"] == "oui"
        return found


class StockFileForm(forms.Form):
    """The table of a stock."""

    file = forms.FileField(
        label="Fichier",
        help_text="csv, xlsx ou ods, 5 Mo et 2 000 lignes au plus.",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx,.ods,.xls"}),
    )


class PercentField(FigureField):
    """A rate with three decimals at most, as people write it: « 49,94 % »."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal"})
        # Not those of an amount: its two decimals are too few.
        forms.DecimalField.__init__(
            self,
            max_digits=6,
            decimal_places=3,
            min_value=0,
            max_value=200,
            widget=widget,
            **kwargs,
        )

    def to_python(self, value: Any) -> Any:
        """The sign is no obstacle."""
        return super().to_python(value.replace("%", "") if isinstance(value, str) else value)

    def prepare_value(self, value: Any) -> Any:
        """Without zeros that say nothing."""
        shown = f"{value.normalize():f}" if isinstance(value, Decimal) else value
        return super().prepare_value(shown)


class RateForm(forms.Form):
    """The rate of a commune for a tax year."""

    commune = forms.ModelChoiceField(
        Commune.objects.none(), label="Commune", empty_label="Choisissez une commune"
    )
    annee = forms.TypedChoiceField(label="Année d’imposition", coerce=int)
    percent = PercentField(
        label="Taux (%)",
        help_text="Commune, agglomération et syndicats ensemble, sans les ordures ménagères.",
    )
    source = forms.CharField(
        label="Source", max_length=200, help_text="Par exemple : état fiscal 1259, reçu en mars."
    )

    def __init__(self, *args: Any, actor: Actor, **more: Any) -> None:
        super().__init__(*args, **more)
        fields: dict[str, Any] = self.fields
        own = Commune.objects.filter(pk__in=sorted(actor.communes))
        fields["commune"].queryset = own.defer("outline")
        fields["annee"].choices = [(year, str(year)) for year in reversed(tax_years())]


def this_year() -> int:
    """The tax year that runs, within those of which the law is known."""
    years = tax_years()
    return min(max(timezone.localdate().year, years[0]), years[-1])
