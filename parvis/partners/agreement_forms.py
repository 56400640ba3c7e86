"""Forms of a convention: what it is, who signed it, what it aims at."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import inlineformset_factory

from parvis.partners.actors import Actor
from parvis.partners.models import Agreement, Objective, Organisation, Signature
from parvis.places.models import Commune, Quartier
from parvis.ui.fields import day_widget


class AgreementForm(forms.ModelForm[Agreement]):
    """The convention itself; its communes lie in the perimeter of whoever writes."""

    class Meta:
        model = Agreement
        fields = [
            "title",
            "code",
            "generation",
            "starts_on",
            "ends_on",
            "communes",
            "quartiers",
            "amends",
        ]
        labels = {"starts_on": "Début", "ends_on": "Fin", "amends": "Avenant à"}
        help_texts = {
            "code": "Lettres, chiffres et tirets ; il sert d’adresse à la page.",
            "generation": "Année de la géographie prioritaire, par exemple 2024.",
        }
        widgets = {
            "starts_on": day_widget(),
            "ends_on": day_widget(),
            "communes": forms.CheckboxSelectMultiple,
            "quartiers": forms.CheckboxSelectMultiple,
        }

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = forms.SlugField(
            label="Code",
            max_length=20,
            help_text=self.fields["code"].help_text,
            error_messages={"invalid": "Lettres sans accent, chiffres et tirets seulement."},
        )
        touching = Quartier.communes.through.objects.filter(commune_id__in=actor.communes)
        amended = Agreement.objects.allowed(actor, "edit").filter(amends=None)
        if self.instance.pk:
            amended = amended.exclude(pk=self.instance.pk)
        for name, rows in (
            ("communes", Commune.objects.filter(pk__in=actor.communes)),
            ("quartiers", Quartier.objects.filter(pk__in=touching.values("quartier_id"))),
            ("amends", amended),
        ):
            choice: Any = self.fields[name]
            choice.queryset = rows
        self.fields["communes"].required = True

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].upper()
        same = Agreement.objects.filter(code=code).exclude(pk=self.instance.pk)
        if same.exists():
            raise forms.ValidationError("Une autre convention porte déjà ce code.")
        return code


class SignatureForm(forms.ModelForm[Signature]):
    class Meta:
        model = Signature
        fields = ["organisation", "signed_on"]
        labels = {"organisation": "Signataire", "signed_on": "Signée le"}
        widgets = {"signed_on": day_widget()}


class ObjectiveForm(forms.ModelForm[Objective]):
    class Meta:
        model = Objective
        fields = ["pillar", "text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 2})}


class RowsFormSet(forms.BaseInlineFormSet[Any, Any, Any]):
    """Rows of a convention, with a box to take one away."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = "Retirer"


Signatures = inlineformset_factory(
    Agreement, Signature, form=SignatureForm, formset=RowsFormSet, extra=3, max_num=60
)
Objectives = inlineformset_factory(
    Agreement, Objective, form=ObjectiveForm, formset=RowsFormSet, extra=3, max_num=60
)


def signatures(data: Any, instance: Agreement) -> Any:
    """The formset of signatories; the choice of organisations is read once for all its rows."""
    choices = [("", "Choisir…")] + [
        (pk, name)
        for pk, name in Organisation.objects.order_by("name", "pk").values_list("pk", "name")
    ]
    formset = Signatures(data, instance=instance, prefix="signatures")
    for form in formset.forms:
        choice: Any = form.fields["organisation"]
        choice.choices = choices
    return formset


def objectives(data: Any, instance: Agreement) -> Any:
    """The formset of objectives."""
    return Objectives(data, instance=instance, prefix="objectives")
