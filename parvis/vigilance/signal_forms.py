"""Forms of anonymous signals and of unpaid charges."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms

from parvis.partners.actors import Actor
from parvis.places.choices import offer_quartiers
from parvis.places.models import Commune, Quartier, Residence
from parvis.vigilance.models import DwellingSignal, UnpaidCount
from parvis.vigilance.signal_acts import Counts, fault_of, places_of

MONTHS = 3  # one notes what one saw lately
_NAMES = (
    *("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août"),
    *("septembre", "octobre", "novembre", "décembre"),
)


def month_in_words(month: date) -> str:
    """« novembre 2026 »."""
    return f"{_NAMES[month.month - 1]} {month.year}"


def last_months(today: date) -> list[date]:
    """The first days of this month and of those just before it, the latest first."""
    found = [today.replace(day=1)]
    while len(found) < MONTHS:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found


class SignalForm(forms.Form):
    """What, where and in which month; nothing of who lives there."""

    what = forms.ChoiceField(
        label="Qu’avez-vous constaté ?",
        choices=DwellingSignal.What.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez l’un des deux."},
    )
    residence: Any = forms.ModelChoiceField(
        Residence.objects.none(),
        label="Résidence",
        required=False,
        empty_label="Je ne sais pas, ou elle n’est pas dans la liste",
    )
    large = forms.BooleanField(
        label="Cette résidence compte au moins 20 logements",
        required=False,
        help_text="Sans cette case, seul son quartier est gardé : personne ne doit être reconnu.",
    )
    commune: Any = forms.ModelChoiceField(
        Commune.objects.none(), label="Commune", required=False, empty_label="Choisir…"
    )
    quartier: Any = forms.ModelChoiceField(
        Quartier.objects.none(), label="Quartier", required=False, empty_label="Aucun, ou inconnu"
    )
    month = forms.TypedChoiceField(label="Mois", coerce=date.fromisoformat)

    def __init__(self, *args: Any, actor: Actor, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        communes, quartiers, residences = places_of(actor, today)
        fields: dict[str, Any] = self.fields
        fields["commune"].queryset = communes
        offer_quartiers(fields["quartier"], quartiers)
        fields["residence"].queryset = residences
        fields["residence"].label_from_instance = lambda one: f"{one.name} ({one.commune.name})"
        fields["month"].choices = [
            (one.isoformat(), month_in_words(one)) for one in last_months(today)
        ]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("residence"):
            return data  # it says where; what else was chosen does not count
        commune, quartier = data.get("commune"), data.get("quartier")
        if quartier and not commune:
            touched = list(quartier.communes.all())
            if len(touched) == 1:
                data["commune"] = commune = touched[0]
        if not commune and "commune" not in self.errors:
            self.add_error("commune", "Choisissez une résidence, ou au moins une commune.")
        elif commune and quartier and not quartier.communes.filter(pk=commune.pk).exists():
            self.add_error("quartier", f"Ce quartier n’est pas à {commune}.")
        return data


class UnpaidForm(forms.Form):
    """Two figures for each residence; both left empty, nothing is counted there."""

    def __init__(
        self,
        residences: Sequence[Residence],
        known: dict[int, UnpaidCount],
        before: dict[int, int],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.residences = residences
        for one in residences:
            count = known.get(one.pk)
            for name, words, value in (
                ("dwellings", "Logements", count.dwellings if count else before.get(one.pk)),
                ("behind", "En retard", count.behind if count else None),
            ):
                self.fields[f"{name}_{one.pk}"] = forms.IntegerField(
                    label=f"{words}, {one.name}",
                    required=False,
                    min_value=0,
                    max_value=100_000,
                    initial=value,
                    widget=forms.NumberInput(attrs={"class": "control", "inputmode": "numeric"}),
                )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for one in self.residences:
            dwellings, behind = data.get(f"dwellings_{one.pk}"), data.get(f"behind_{one.pk}")
            wrong = {f"dwellings_{one.pk}", f"behind_{one.pk}"} & set(self.errors)
            if behind is None or wrong:
                continue  # how many dwellings there are is offered: alone, it counts nothing
            if fault := fault_of(dwellings, behind):
                self.add_error(f"behind_{one.pk}", fault)
        return data

    def counts(self) -> Counts:
        """What is to be kept, by residence; None where nothing is counted."""
        data = self.cleaned_data
        return {
            one.pk: None
            if data[f"behind_{one.pk}"] is None
            else (data[f"dwellings_{one.pk}"], data[f"behind_{one.pk}"])
            for one in self.residences
        }

    def lines(self) -> list[tuple[Residence, Any, Any]]:
        """Each residence with its two fields."""
        return [
            (one, self[f"dwellings_{one.pk}"], self[f"behind_{one.pk}"]) for one in self.residences
        ]
