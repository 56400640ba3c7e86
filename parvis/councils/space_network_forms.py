"""What référents write to each other."""

from __future__ import annotations

from django import forms

from parvis.councils.answers import words_field
from parvis.documents.files import FileField


class MessageForm(forms.Form):
    """A message, with a document perhaps."""

    text = words_field("Message", length=4000)
    file = FileField(label="Document", required=False)


class TopicForm(MessageForm):
    """A subject and its first message."""

    title = forms.CharField(label="Sujet", max_length=160)
    field_order = ("title", "text", "file")
