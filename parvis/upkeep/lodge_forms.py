"""Forms of caretakers' lodges."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef
from django.utils import timezone

from parvis.partners.lodges import may_be_caretakers
from parvis.partners.models import Lodge
from parvis.places.models import Residence
from parvis.upkeep.models import Holding


class LodgeForm(forms.ModelForm):
    """Its name, and residences among those that the organisation holds today."""

    class Meta:
        model = Lodge
        fields = ["name", "residences"]
        widgets = {"residences": forms.CheckboxSelectMultiple}
        help_texts = {"name": "« Loge des Tilleuls », « Secteur Nord »."}
        error_messages = {"residences": {"required": "Cochez au moins une résidence."}}

    def __init__(self, *args: Any, organisation_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = Holding.objects.in_force(timezone.localdate()).filter(
            residence=OuterRef("pk"), organisation_id=organisation_id
        )
        residences: Any = self.fields["residences"]
        residences.queryset = Residence.objects.filter(Exists(held)).order_by("name", "pk")


class PhoneForm(forms.Form):
    label = forms.CharField(
        label="Nom du téléphone",
        max_length=60,
        help_text="Pour le reconnaître : « téléphone de la loge », « tablette du local ».",
    )


class CaretakerForm(forms.Form):
    """Somebody who acts for the organisation today."""

    person: Any = forms.ModelChoiceField(
        label="Personne", queryset=None, empty_label="Choisir…", widget=forms.Select
    )

    def __init__(self, lodge: Lodge, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person: Any = self.fields["person"]
        person.queryset = may_be_caretakers(lodge)
