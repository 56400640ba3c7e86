"""What a consolidation shows: the cut, the filters and the order, all in the page's address."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django import forms

from parvis.partners.actors import Actor
from parvis.search.words import fold
from parvis.tfpb.axes import Axis, axes_of, families
from parvis.tfpb.models import Line, Programme
from parvis.tfpb.workflow import ProgrammeState


@dataclass(frozen=True)
class Cut:
    """One way to cut the money: by which column of the programme, and where one goes down to."""

    label: str
    head: str  # of the first column
    column: str
    filter: str  # the filter that keeps one row of it
    then: str


CUTS = {
    "landlord": Cut("Par bailleur", "Bailleur", "landlord_id", "landlord", "quartier"),
    "commune": Cut("Par commune", "Commune", "commune__code", "commune", "quartier"),
    "quartier": Cut("Par quartier", "Quartier", "quartier__code", "quartier", "landlord"),
    "axis": Cut("Par axe", "Axe", "axis", "axis", "landlord"),
    "family": Cut("Par famille d’axes", "Famille", "axis", "family", "axis"),
    "year": Cut("Par année", "Année", "year", "year", "landlord"),
    "epci": Cut("Par agglomération", "Agglomération", "commune__epci_siren", "epci", "commune"),
}
ORDERS = {
    "": "Nom ou numéro",
    "spending": "Dépense prévue",
    "spent": "Dépense réalisée",
    "valued": "Valorisé prévu",
    "utilisation": "Taux d’utilisation",
}
USUAL = "landlord"
# Column of the programme for each filter that is one of its columns.
COLUMNS = {
    "landlord": "landlord_id",
    "commune": "commune__code",
    "quartier": "quartier__code",
    "year": "year",
    "epci": "commune__epci_siren",
    "state": "state",
}
_PLACES = (
    "landlord_id",
    "landlord__name",
    "commune_id",
    "commune__code",
    "commune__name",
    "commune__epci_siren",
    "commune__epci_name",
    "quartier_id",
    "quartier__code",
    "quartier__name",
)


class OverviewForm(forms.Form):
    """The cut and the filters; a value that is not in its list filters nothing, and is named."""

    cut = forms.ChoiceField(
        label="Regrouper", choices=[(code, cut.label) for code, cut in CUTS.items()], required=False
    )
    landlord = forms.ChoiceField(label="Bailleur", required=False)
    commune = forms.ChoiceField(label="Commune", required=False)
    quartier = forms.ChoiceField(label="Quartier", required=False)
    axis = forms.ChoiceField(label="Axe", required=False)
    family = forms.ChoiceField(label="Famille d’axes", required=False)
    year = forms.ChoiceField(label="Année", required=False)
    epci = forms.ChoiceField(label="Agglomération", required=False)
    state = forms.ChoiceField(
        label="État", choices=[("", "Tous"), *ProgrammeState.choices], required=False
    )
    tri = forms.ChoiceField(label="Ordre", choices=list(ORDERS.items()), required=False)

    def __init__(self, data: Any, *, actor: Actor) -> None:
        super().__init__(data)
        self.actor = actor
        visible = Programme.objects.allowed(actor, "read").order_by()
        self.places = list(visible.values(*_PLACES).distinct().order_by(*_PLACES))
        years = visible.values_list("year", flat=True).distinct().order_by("-year")
        self.years: list[int] = list(years)
        for name, names in self.names.items():
            self._offer(name, sorted(names.items(), key=lambda one: (fold(one[1]), one[0])))
        self._offer("year", [(str(year), str(year)) for year in self.years])
        axes = {axis.code: axis for year in self.years for axis in _axes(year)}
        self.axes: list[Axis] = sorted(axes.values(), key=lambda one: (one.number, one.code))
        self._offer("axis", [(one.code, f"{one.number}. {one.label}") for one in self.axes])
        self._offer("family", list(families().items()))
        self.is_valid()

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [("", "Toutes" if name in _FEMININE else "Tous"), *choices]

    @cached_property
    def names(self) -> dict[str, dict[str, str]]:
        """The names of landlords, communes, quartiers and agglomérations, by filter and value."""
        found: dict[str, dict[str, str]] = {
            name: {} for name in ("landlord", "commune", "quartier", "epci")
        }
        lying: dict[str, set[str]] = {}
        for row in self.places:
            found["landlord"][str(row["landlord_id"])] = row["landlord__name"]
            found["commune"][row["commune__code"]] = row["commune__name"]
            found["quartier"][row["quartier__code"]] = row["quartier__name"]
            epci = row["commune__epci_siren"]
            found["epci"][epci] = row["commune__epci_name"] or "Sans agglomération"
            lying.setdefault(row["quartier__code"], set()).add(row["commune__name"])
        quartiers = found["quartier"]
        known = list(quartiers.values())
        for code, name in quartiers.items():
            if known.count(name) > 1:  # « Centre Ville » is the name of several
                quartiers[code] = f"{name} ({', '.join(sorted(lying[code]))})"
        return found

    def value(self, name: str) -> str:
        """What was asked, when it makes sense; empty otherwise."""
        return str(self.cleaned_data.get(name, ""))

    @property
    def cut_code(self) -> str:
        """The cut that was asked, or the usual one."""
        return self.value("cut") or USUAL

    @property
    def ignored(self) -> list[str]:
        """Labels of the filters whose value was not understood."""
        return [str(self.fields[name].label) for name in self.errors if name in self.fields]

    @property
    def narrowing(self) -> list[str]:
        """Names of the filters in use."""
        return [name for name in self.fields if name not in ("cut", "tri") and self.value(name)]

    @property
    def partial(self) -> bool:
        """Whether only some axes are summed, or each for itself: then no abatement stands beside,
        for that of a programme is one amount, which its axes share."""
        by_axis = self.cut_code in ("axis", "family")
        return by_axis or bool(self.value("axis") or self.value("family"))

    def query(self, **changed: str) -> str:
        """The address of the same result, with these values instead; empty ones are left out."""
        kept = {name: self.value(name) for name in self.fields} | changed
        if kept["cut"] == USUAL:
            kept["cut"] = ""
        return urlencode({name: value for name, value in kept.items() if value})

    @property
    def list_query(self) -> str | None:
        """The address of the list of programmes that shows what is summed here; None when that
        list cannot cut it so."""
        if self.partial or self.value("epci"):
            return None
        ids = {row["commune__code"]: row["commune_id"] for row in self.places}
        ids |= {row["quartier__code"]: row["quartier_id"] for row in self.places}
        asked = {
            "annee": self.value("year"),
            "commune": ids.get(self.value("commune"), ""),
            "quartier": ids.get(self.value("quartier"), ""),
            "bailleur": self.value("landlord"),
            "etat": self.value("state"),
        }
        return urlencode({name: value for name, value in asked.items() if value})

    def programmes(self) -> Any:
        """The programmes that this actor may read and that pass the filters."""
        return Programme.objects.allowed(self.actor, "read").filter(**self._where(""))

    def lines(self) -> Any:
        """The lines that this actor may see and that pass the filters."""
        found = Line.objects.visible_to(self.actor).filter(**self._where("programme__"))
        if axis := self.value("axis"):
            found = found.filter(axis=axis)
        if family := self.value("family"):
            codes = [axis.code for axis in self.axes if axis.family == family]
            found = found.filter(axis__in=codes)
        return found

    def _where(self, path: str) -> dict[str, str]:
        return {
            f"{path}{column}": value
            for name, column in COLUMNS.items()
            if (value := self.value(name))
        }


_FEMININE = ("commune", "year", "epci", "family")


def _axes(year: int) -> list[Axis]:
    """The axes of that year; none for a year before the first list."""
    try:
        return axes_of(year)
    except ValueError:
        return []
