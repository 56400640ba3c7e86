"""Addresses of this part."""

from __future__ import annotations

from django.urls import URLPattern, path

from parvis.councils import aside_told_views as told
from parvis.councils import aside_views as views
from parvis.councils import aside_word_views as words

_BODY = "participation/<int:pk>"
_ONE = "participation/preparations/<int:pk>"
_WORD = "participation/carnet/<int:pk>"
_TOLD = "participation/restitutions"

urlpatterns: list[URLPattern] = [
    path(f"{_BODY}/preparations/", views.preparations, name="preparations"),
    path(f"{_BODY}/preparations/<int:sitting>/", views.prepare, name="prepare"),
    path(f"{_ONE}/", views.preparation, name="preparation"),
    path(f"{_ONE}/reunion/", views.meeting, name="preparation_meeting"),
    path(f"{_ONE}/reunion/annuler/", views.drop_meeting, name="drop_preparation_meeting"),
    path(f"{_ONE}/note/", views.note, name="preparation_note"),
    path(f"{_ONE}/paroles/", views.carried, name="preparation_words"),
    path(f"{_ONE}/note.pdf", views.note_pdf, name="preparation_pdf"),
    path(f"{_ONE}/restitution/", told.write, name="write_restitution"),
    path(f"{_ONE}/rendre/", told.tell, name="tell_restitution"),
    path(f"{_ONE}/retirer/", told.take_back, name="take_restitution_back"),
    path(f"{_BODY}/carnet/", words.notebook, name="notebook"),
    path(f"{_BODY}/carnet/noter/", words.new_word, name="new_word"),
    path(f"{_WORD}/", words.word, name="word"),
    path(f"{_WORD}/effacer/", words.delete_word, name="delete_word"),
    path(f"{_WORD}/nom/", words.speaker, name="word_speaker"),
    path(f"{_WORD}/nom/effacer/", words.forget_speaker, name="forget_speaker"),
    path(f"{_WORD}/accord/", words.consent, name="word_consent"),
    path(f"{_TOLD}/", told.restitutions, name="restitutions"),
    path(f"{_TOLD}/<int:pk>/", told.restitution, name="restitution"),
    path(f"{_TOLD}/<int:pk>/affiche-<str:paper>.pdf", told.poster, name="restitution_poster"),
]
