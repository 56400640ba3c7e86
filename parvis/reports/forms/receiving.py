"""What a browser's own sending says beside the report itself."""

from __future__ import annotations

from django import forms


class SendingForm(forms.Form):
    """`sent_as` makes it count once; `report` is the reference that a "moi aussi" joins."""

    sent_as = forms.UUIDField(
        error_messages={
            "required": "Cet envoi n’a pas de numéro : rouvrez la page et recommencez.",
            "invalid": "Le numéro de cet envoi n’est pas lisible : rouvrez la page et recommencez.",
        }
    )
    report = forms.CharField(required=False, max_length=20)
    proof = forms.CharField(required=False, strip=True)
