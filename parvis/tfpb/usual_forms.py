"""Forms of the table of droit commun."""

from __future__ import annotations

from typing import Any

from django import forms

from parvis.actions.forms import FigureField, money_field
from parvis.tfpb.axes import usual_domains
from parvis.tfpb.programme_forms import ReadForm
from parvis.tfpb.usual_acts import FIELDS


class UsualForm(ReadForm):
    """A row of the table of droit commun."""

    names = FIELDS

    domain = forms.ChoiceField(label="Domaine")
    indicator = forms.CharField(
        label="Indicateur", max_length=200, help_text="Par exemple : logements par gardien."
    )
    outside = FigureField(label="Valeur hors QPV", required=False)
    inside = FigureField(label="Valeur en QPV", required=False)
    outside_cost = money_field("Coût hors QPV (€ par logement et par an)")
    inside_cost = money_field("Coût en QPV (€ par logement et par an)")
    note = forms.CharField(label="Remarque", max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [("", "Choisissez"), *usual_domains().items()]
        self.fields["domain"].choices = known  # type: ignore[attr-defined]
