"""Forms of what is spent during the year."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from parvis.actions.forms import FigureField
from parvis.tfpb.bilan_models import Spending
from parvis.tfpb.programme_models import Line, Programme
from parvis.tfpb.spending_reading import numbered
from parvis.ui.fields import day_field


class LineField(forms.TypedChoiceField):
    """One of the lines of a programme, by its number and its title."""

    def offer(self, lines: dict[str, Line], labels: list[tuple[str, str]]) -> None:
        """Offer these lines."""
        self.coerce = lines.__getitem__
        self.choices = [("", "Choisissez une ligne"), *labels]


def offer_lines(form: forms.Form, programme: Programme, *names: str) -> None:
    """Let these fields choose among the lines of a programme."""
    rows = numbered(programme.lines.order_by("pk"))
    lines = {str(line.pk): line for _, line in rows}
    labels = [(str(line.pk), f"{number}. {line.title}") for number, line in rows]
    for name in names:
        field = form.fields[name]
        assert isinstance(field, LineField)  # noqa: S101 - for the types
        field.offer(lines, labels)


def last_quarter(year: int, today: date) -> tuple[date, date]:
    """The quarter of that year which is over last: what one most often comes to write."""
    if today.year != year:
        start = date(year, 10 if today.year > year else 1, 1)
    else:
        start = date(year, max(today.month - 1, 3) // 3 * 3 - 2, 1)
    return start, (start + timedelta(days=93)).replace(day=1) - timedelta(days=1)


class SpendingForm(forms.Form):
    """What a line has cost over a period."""

    line = LineField(label="Ligne")
    starts_on = day_field("Du")
    ends_on = day_field("Au")
    amount = FigureField(label="Dépense réalisée (€)", min_value=0)
    valued = FigureField(
        label="Dont valorisée au titre de l’abattement (€)",
        min_value=0,
        help_text="La part au-delà du droit commun, que la convention admet.",
    )
    other_funding = FigureField(
        label="Dont payée par d’autres (€)", min_value=0, required=False, help_text="Zéro sinon."
    )
    quantity = FigureField(label="Quantité réalisée", min_value=0, required=False)
    note = forms.CharField(label="Remarque", max_length=300, required=False)

    def __init__(
        self,
        *args: Any,
        programme: Programme,
        spending: Spending | None = None,
        line: str = "",
        **kwargs: Any,
    ) -> None:
        start, end = last_quarter(programme.year, timezone.localdate())
        initial: dict[str, Any] = {"starts_on": start, "ends_on": end, "line": line}
        if spending is not None:
            names = [name for name in self.base_fields if name != "line"]
            initial = {name: getattr(spending, name) for name in names}
            initial["line"] = spending.line_id
        super().__init__(*args, **{"initial": initial, **kwargs})
        offer_lines(self, programme, "line")

    def clean(self) -> dict[str, Any]:
        """What others did not pay, the landlord did."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        said["other_funding"] = said.get("other_funding") or 0
        if said.get("amount") is not None:
            said["own_funding"] = max(said["amount"] - said["other_funding"], 0)
        return said


class ExtractForm(forms.Form):
    """An accounting extract."""

    file = forms.FileField(
        label="Extrait comptable",
        help_text="Un tableau csv, xlsx ou ods, 15 Mo au plus.",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,.ods"}),
    )


class TransferForm(forms.Form):
    """Money moved from one line to another."""

    source = LineField(label="De la ligne")
    target = LineField(label="Vers la ligne")
    amount = FigureField(label="Montant (€)", min_value=0)
    reason = forms.CharField(
        label="Motif", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    on = day_field("Le")

    def __init__(self, *args: Any, programme: Programme, rule: str, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"on": timezone.localdate()}, **kwargs})
        offer_lines(self, programme, "source", "target")
        self.fields["reason"].required = rule == "justify"

    def clean(self) -> dict[str, Any]:
        """Two lines, and something to move."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("source") and said.get("source") == said.get("target"):
            self.add_error("target", "Choisissez une autre ligne.")
        if said.get("amount") == 0:
            self.add_error("amount", "Donnez un montant.")
        return said
