"""What a member writes of an expense, its voucher, and what the payer answers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from parvis.councils import sorting
from parvis.councils.answers import words_field
from parvis.councils.models import Member, Presence
from parvis.documents.photos import PhotoRefused, clean
from parvis.partners.models import Organisation
from parvis.ui.fields import day_field

LARGEST = 10 * 1024 * 1024  # bytes
REFUSED = "Donnez le justificatif en PDF, ou en photo JPEG ou PNG."


class VoucherField(forms.FileField):
    """A PDF, or a JPEG or PNG picture, told by its content. A picture is drawn anew: nothing of
    what a telephone writes beside it is kept."""

    widget = forms.FileInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "help_text", "Ticket, facture : PDF, ou photo JPEG ou PNG, 10 Mo au plus."
        )
        super().__init__(**kwargs)
        self.widget.attrs["accept"] = ".pdf,.jpg,.jpeg,.png"

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The file to keep; ValidationError with words for people when it is no voucher."""
        found = super().clean(data, initial)
        if not isinstance(found, UploadedFile):
            return found
        if (found.size or 0) > LARGEST:
            raise ValidationError("Ce fichier pèse plus de 10 Mo : allégez-le.")
        start = found.read(8)
        found.seek(0)
        if start.startswith(b"%PDF-"):
            return ContentFile(found.read(), name=f"{uuid4().hex}.pdf")
        if not start.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
            raise ValidationError(REFUSED)
        try:
            photo = clean(found)
        except PhotoRefused as refused:
            raise ValidationError(str(refused)) from None
        return ContentFile(photo.jpeg, name=f"{uuid4().hex}.jpg")


class PresenceChoice(forms.ModelChoiceField):
    """The sitting for which something was spent."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.sitting)


class ExpenseForm(forms.Form):
    """An expense of a member."""

    kind = forms.ChoiceField(label="Nature")
    label = forms.CharField(
        label="Pour quoi",
        max_length=160,
        help_text="Par exemple : bus aller et retour. N’écrivez pas de nom de personne.",
    )
    amount = forms.DecimalField(
        label="Montant, en euros",
        max_digits=8,
        decimal_places=2,
        min_value=Decimal("0.01"),
        localize=True,
    )
    spent_on = day_field("Le")
    presence = PresenceChoice(
        queryset=Presence.objects.none(),
        label="Pour la séance",
        required=False,
        empty_label="Une autre occasion",
    )
    payer = forms.ModelChoiceField(
        queryset=Organisation.objects.none(), label="Remboursé par", empty_label=None
    )
    voucher = VoucherField(label="Justificatif", required=False)

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        body = member.body
        payers = [one for one in (body.carrier_id, body.coordinator_id) if one is not None]
        self.fields["kind"].choices = list(sorting.choices("expense").items())  # type: ignore[attr-defined]
        self.fields["payer"].queryset = Organisation.objects.filter(pk__in=payers)  # type: ignore[attr-defined]
        self.fields["payer"].initial = payers[0]
        self.fields["presence"].queryset = Presence.objects.filter(member=member).select_related(  # type: ignore[attr-defined]
            "sitting__instance", "sitting__gathering"
        )

    def clean_spent_on(self) -> Any:
        """What was spent lies in the past."""
        day = self.cleaned_data["spent_on"]
        if day > timezone.localdate():
            raise ValidationError("Cette date n’est pas encore passée.")
        return day


class RefusalForm(forms.Form):
    """Why an expense is not paid back."""

    reason = words_field("Motif du refus", length=300, help_text="La personne le lira.", rows=2)


class PaidForm(forms.Form):
    """When expenses were paid back."""

    paid_on = day_field("Remboursé le")

    def clean_paid_on(self) -> Any:
        """What was paid was paid."""
        day = self.cleaned_data["paid_on"]
        if day > timezone.localdate():
            raise ValidationError("Cette date n’est pas encore passée.")
        return day
