"""What a body writes for itself."""

from __future__ import annotations

from django import forms

from parvis.councils.answers import words_field


class NoteForm(forms.Form):
    """A note; `seen` says which version was on the screen when it was changed."""

    title = forms.CharField(label="Titre", max_length=160)
    text = words_field("Texte", length=20000, rows=16)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
