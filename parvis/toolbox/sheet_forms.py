"""What is asked about sheets: how they are chosen from, and what was made of one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.choices import flatten_choices

from parvis.places.models import Quartier
from parvis.thread.edges import Node
from parvis.thread.finding import thing_at
from parvis.toolbox.labels import groups
from parvis.toolbox.models import Sheet, Use
from parvis.upkeep.themes import choices as theme_choices

# The first is sent with every search: what it says must be what is wanted when nothing was chosen.
SORTS = (("", "La plus récente d’abord"), ("titre", "Par titre"))
SORTS_FOUND = (("", "Ce qui répond le mieux"), ("recentes", "La plus récente d’abord"))
# The name of each choice in the address, and the group of labels that it chooses from.
LABELLED = {
    "domaine": "domaine",
    "axe": "axe",
    "moment": "moment",
    "public": "public",
    "cout": "cout",
}


class ChooseForm(forms.Form):
    """The filters of the list, as its address holds them; anything unknown filters nothing."""

    q = forms.CharField(label="Que cherchez-vous ?", max_length=200, required=False)
    nature = forms.ChoiceField(label="Nature", required=False)
    theme = forms.ChoiceField(label="Thème", required=False)
    domaine = forms.ChoiceField(label="Domaine de la gestion urbaine de proximité", required=False)
    axe = forms.ChoiceField(label="Axe de l’abattement de taxe foncière (TFPB)", required=False)
    moment = forms.ChoiceField(label="Moment", required=False)
    public = forms.ChoiceField(label="Pour qui", required=False)
    cout = forms.ChoiceField(label="Coût", required=False)
    quartier = forms.ChoiceField(label="Quartier", required=False)
    tri = forms.ChoiceField(label="Ordre", required=False)

    def __init__(self, data: Any = None) -> None:
        sorts = SORTS_FOUND if (data or {}).get("q", "").strip() else SORTS
        if data and data.get("tri", "") not in dict(sorts):  # an order of the other list
            data = dict(data.items(), tri="")
        super().__init__(data)
        every = [("", "Peu importe")]
        self._choose("nature", every + [(str(code), _capital(label)) for code, label in KINDS])
        self._choose("theme", [*every, *theme_choices()])
        for name, group in LABELLED.items():
            self._choose(name, every + groups()[group][1])
        quartiers = (
            Quartier.objects.told_apart().order_by("name", "code").values_list("code", "label")
        )
        self._choose("quartier", [("", "Tous"), *quartiers])
        self._choose("tri", sorts)

    def _choose(self, name: str, choices: Any) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def asked(self) -> dict[str, str]:
        """What is asked for, without what is empty or unknown."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def chosen(self) -> list[tuple[str, str]]:
        """The filters that are set, in words: what each is, and what was chosen."""
        told = []
        for name, value in self.asked().items():
            field: Any = self.fields[name]
            if name not in ("q", "tri"):
                told.append((str(field.label), dict(flatten_choices(field.choices))[value]))
        return told

    def filters(self) -> list[forms.BoundField]:
        """Every field but the search box."""
        return [bound for bound in self if bound.name != "q"]


KINDS = Sheet.Kind.choices


def _capital(label: Any) -> str:
    return f"{str(label)[:1].upper()}{str(label)[1:]}"


class UseForm(forms.Form):
    """That an organisation used a sheet."""

    useful = forms.ChoiceField(
        label="Cette fiche vous a-t-elle été utile ?",
        choices=Use.Useful.choices,
        widget=forms.RadioSelect,
    )
    what_for = forms.CharField(
        label="Ce que vous en avez fait",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Lu par les partenaires seulement. Ne nommez aucun habitant.",
    )
    thing = forms.CharField(
        label="Pour quoi",
        max_length=300,
        required=False,
        help_text="L’adresse de la page d’une action, d’une marche, d’une séance… ou sa référence.",
    )

    def clean_thing(self) -> Node | None:
        """The thing that this address or reference names."""
        text = self.cleaned_data["thing"].strip()
        if not text:
            return None
        found = thing_at(text)
        if found is None:
            raise forms.ValidationError(
                "Cet élément ne se trouve pas. Collez l’adresse de sa page."
            )
        return found
