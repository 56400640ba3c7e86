"""Forms of small projects: written, decided, spent, ended."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from parvis.actions.forms import FigureField
from parvis.actions.models import Plan
from parvis.councils.answers import words_field
from parvis.councils.body_models import Body
from parvis.councils.sorting import choices, lines
from parvis.documents.files import FileField
from parvis.meetings.models import Sitting
from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.ui.fields import day_field
from parvis.ui.words import euros_in_words

GRANT, REFUSE = "grant", "refuse"
SITTINGS = timedelta(days=400)  # how far back a committee is looked for


def amount_field(label: str, *, required: bool = True, more: str = "") -> FigureField:
    """Euros, as people write them: « 1 250,50 € »."""
    words = f"En euros, par exemple 350,50. {more}".strip()
    return FigureField(label=label, required=required, help_text=words)


class ProjectForm(forms.Form):
    """A small project and its budget."""

    title = forms.CharField(label="Titre", max_length=140)
    text = words_field("Le projet", length=4000, rows=8)
    carried_by = forms.CharField(
        label="Porté par",
        max_length=160,
        help_text="Un groupe ou une association, jamais le nom d’une personne.",
    )
    fund = forms.ChoiceField(label="Fonds")
    payer = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="Financé par",
        empty_label="Choisissez une organisation",
        help_text="Son comité décidera.",
    )
    asked = amount_field("Montant demandé")

    def __init__(self, *args: Any, body: Body, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["fund"].choices = list(choices("fund").items())
        ceilings = [
            f"{line['label']} : {euros_in_words(line['most'])} au plus"
            for line in lines("fund").values()
            if "most" in line
        ]
        if ceilings:
            said = ". ".join(ceilings)
            fields["fund"].help_text = f"{said[:1].upper()}{said[1:]}."
        today = timezone.localdate()
        opened = Q(closed_on=None) | Q(closed_on__gt=today)
        others = ~Q(kind=Organisation.Kind.PARTICIPATION) | Q(pk=body.organisation_id)
        fields["payer"].queryset = Organisation.objects.filter(opened, others).order_by("name")


class DecideForm(forms.Form):
    """What the committee decides."""

    decision = forms.ChoiceField(
        label="Le comité",
        choices=[(GRANT, "accorde un budget"), (REFUSE, "refuse")],
        widget=forms.RadioSelect,
    )
    granted = amount_field(
        "Montant accordé", required=False, more="À remplir si le comité accorde un budget."
    )
    decided_on = day_field("Décidé le")
    sitting = forms.ModelChoiceField(
        Sitting.objects.none(),
        label="En séance",
        required=False,
        empty_label="Sans séance dans cet outil",
    )
    reason = words_field(
        "Raisons",
        length=2000,
        required=False,
        help_text="Toujours pour un refus ; aussi quand le comité donne plus que demandé.",
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["sitting"]
        now = timezone.now()
        chosen.queryset = (
            Sitting.objects.visible_to(actor)
            .filter(gathering__starts_at__gt=now - SITTINGS, gathering__starts_at__lt=now)
            .select_related("instance", "gathering")
        )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = self.cleaned_data
        if data.get("decision") == GRANT and not data.get("granted") and "granted" in data:
            self.add_error("granted", "Donnez le montant accordé, en euros.")
        return data


class PlanForm(forms.Form):
    """The plan of actions in which a granted project is followed."""

    plan = forms.ModelChoiceField(
        Plan.objects.none(), label="Plan d’actions", empty_label="Choisissez un plan"
    )

    def __init__(self, *args: Any, plans: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["plan"]
        chosen.queryset = plans


class ExpenseForm(forms.Form):
    """One thing that was paid."""

    label = forms.CharField(label="Dépense", max_length=160)
    amount = amount_field("Montant")
    spent_on = day_field("Payée le")
    voucher = FileField(label="Justificatif", required=False)


class CloseForm(forms.Form):
    """What was done."""

    account = words_field(
        "Ce qui a été fait",
        length=4000,
        rows=8,
        help_text="Chacun le lira, et la personne qui avait eu l’idée est prévenue.",
    )
