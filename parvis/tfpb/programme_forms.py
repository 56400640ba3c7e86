"""Forms of a programme: opening it, its head, the filters of the list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from parvis.actions.forms import money_field
from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.places.models import Commune, Quartier
from parvis.tfpb.convention_models import Convention
from parvis.tfpb.programme_acts import HEAD
from parvis.tfpb.programme_merging import Record, plain_record, read_back, written_out
from parvis.tfpb.programme_models import Programme
from parvis.tfpb.scopes import of_landlord
from parvis.tfpb.stock_models import Dwellings
from parvis.tfpb.workflow import ProgrammeState
from parvis.ui.fields import day_field
from parvis.upkeep.models import Holding

Place = tuple[int, int]  # commune and quartier


def conventions_of(landlord: int) -> Any:
    """The conventions of a landlord and of those it took over."""
    mine = Q(landlord=landlord) | Q(landlord__successor=landlord)
    return Convention.objects.filter(mine).select_related("agreement")


def places_of(landlord: int) -> dict[Place, str]:
    """Where a landlord may open a programme, in words: each quartier, in each commune where its
    stock lies, or that one of its conventions covers, or where it holds a residence."""
    wanted: set[Place] = set(
        Dwellings.objects.filter(landlord=landlord)
        .order_by()
        .values_list("commune_id", "quartier_id")
        .distinct()
    )
    agreements = conventions_of(landlord).values("agreement")
    covered = Commune.objects.filter(agreements__in=agreements)
    held = Holding.objects.filter(organisation=landlord).values("residence__commune")
    communes = set(covered.values_list("pk", flat=True)) | set(held.values_list(flat=True))
    quartiers = Quartier.objects.in_force(timezone.localdate()).values("pk")
    lying = Quartier.communes.through.objects.filter(quartier__in=quartiers)
    wanted |= set(
        lying.filter(commune__in=communes).values_list("commune_id", "quartier_id").distinct()
    )
    names = Quartier.communes.through.objects.filter(
        commune__in={commune for commune, _ in wanted},
        quartier__in={quartier for _, quartier in wanted},
    )
    rows = names.order_by("quartier__name", "commune__name").values_list(
        "commune_id", "quartier_id", "quartier__name", "commune__name"
    )
    return {
        (commune, quartier): f"{name}, à {town}"
        for commune, quartier, name, town in rows
        if (commune, quartier) in wanted
    }


class OpenForm(forms.Form):
    """Which place and which year."""

    place = forms.ChoiceField(label="Quartier et commune")
    year = forms.IntegerField(label="Année", min_value=2015, max_value=2100)

    def __init__(self, *args: Any, landlord: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {f"{one[0]}-{one[1]}": (one, words) for one, words in _listed(landlord)}
        listed = [(code, words) for code, (_, words) in self.places.items()]
        self.fields["place"].choices = [("", "Choisissez"), *listed]  # type: ignore[attr-defined]

    def where(self) -> Place:
        """The commune and the quartier that were chosen."""
        return self.places[self.cleaned_data["place"]][0]


def _listed(landlord: int) -> list[tuple[Place, str]]:
    return list(places_of(landlord).items())


class ReadForm(forms.Form):
    """A form that says at which version its thing was read, and what stood there."""

    names: tuple[str, ...] = ()

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, required=False)
    read = forms.CharField(widget=forms.HiddenInput, required=False)

    def record(self) -> Record:
        """What was written, as a record."""
        return plain_record(self.cleaned_data, self.names)

    def was_read(self) -> dict[str, Any]:
        """The version and the record that the writer had before the eyes."""
        return {
            "version": self.cleaned_data.get("version") or 1,
            "read": read_back(self.cleaned_data.get("read") or "", self.names),
        }


def read_initial(record: Record, version: int) -> dict[str, Any]:
    """What such a form begins with."""
    return {**record, "version": version, "read": written_out(record)}


class HeadForm(ReadForm):
    """The head of a programme: its convention, its dwellings and its abatement."""

    names = HEAD

    convention = forms.ModelChoiceField(
        Convention.objects.none(), label="Convention", required=False, empty_label="Aucune"
    )
    dwellings = forms.IntegerField(
        label="Logements abattus", required=False, min_value=0, max_value=1_000_000
    )
    forecast = money_field("Abattement prévisionnel (€)")
    forecast_on = day_field("Estimé le", required=False)
    forecast_source = forms.CharField(label="D’après", max_length=200, required=False)
    real = money_field("Abattement réel (€)")
    real_on = day_field("Connu le", required=False)
    real_source = forms.CharField(label="Avis d’imposition", max_length=200, required=False)
    without_usual_means = forms.CharField(
        label="Pourquoi le tableau de droit commun n’est pas joint",
        max_length=500,
        required=False,
        help_text="À dire seulement s’il n’est pas rempli.",
    )

    def __init__(self, *args: Any, landlord: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = conventions_of(landlord)
        self.fields["convention"].queryset = known  # type: ignore[attr-defined]


class RealForm(forms.Form):
    """The abatement that the tax notice gives."""

    real = money_field("Abattement réel (€)")
    real_on = day_field("Connu le", required=False)
    real_source = forms.CharField(
        label="Avis d’imposition", max_length=200, required=False, help_text="Lequel, et sa date."
    )


class ProgrammeFilters(forms.Form):
    """How the list of programmes is cut down."""

    annee = forms.ChoiceField(label="Année", required=False)
    commune = forms.ChoiceField(label="Commune", required=False)
    quartier = forms.ChoiceField(label="Quartier", required=False)
    bailleur = forms.ChoiceField(label="Bailleur", required=False)
    etat = forms.ChoiceField(label="État", required=False)

    COLUMNS = {
        "annee": "year",
        "commune": "commune_id",
        "quartier": "quartier_id",
        "bailleur": "landlord_id",
        "etat": "state",
    }

    def __init__(self, *args: Any, seen: Any, partner: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = seen.order_by()
        years = sorted(rows.values_list("year", flat=True).distinct(), reverse=True)
        named = (
            ("commune", Commune.objects.filter(pk__in=rows.values("commune"))),
            ("quartier", Quartier.objects.filter(pk__in=rows.values("quartier"))),
            ("bailleur", Organisation.objects.filter(pk__in=rows.values("landlord"))),
        )
        self._choose("annee", [(str(year), str(year)) for year in years])
        for name, known in named:
            pairs = known.order_by("name", "pk").values_list("pk", "name")
            self._choose(name, [(str(pk), label) for pk, label in pairs])
        self._choose("etat", list(ProgrammeState.choices))
        if not partner:
            del self.fields["etat"]

    def _choose(self, name: str, known: list[tuple[str, str]]) -> None:
        self.fields[name].choices = [("", "Tous"), *known]  # type: ignore[attr-defined]

    def kept(self, rows: Any) -> Any:
        """The rows that the filters keep; what is not understood keeps everything."""
        if not self.is_valid():
            return rows
        asked = self.cleaned_data
        wanted = {self.COLUMNS[name]: value for name, value in asked.items() if value}
        return rows.filter(**wanted)


def writable(actor: Actor, year: int) -> Any:
    """The programmes of that year in which this actor writes its lines."""
    rows = Programme.objects.allowed(actor, "edit").filter(of_landlord(actor, ""), year=year)
    return rows.filter(state__in=(ProgrammeState.DRAFT, ProgrammeState.TO_COMPLETE))
