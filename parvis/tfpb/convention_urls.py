"""Addresses of conventions of abatement."""

from __future__ import annotations

from django.urls import path

from parvis.tfpb import convention_views as pages
from parvis.tfpb import convention_writing_views as writing

urlpatterns = [
    path("tfpb/conventions/", pages.conventions, name="conventions"),
    path("tfpb/conventions/nouvelle/", writing.new, name="new_convention"),
    path("tfpb/conventions/<int:pk>/", pages.convention, name="convention"),
    path("tfpb/conventions/<int:pk>/modifier/", writing.edit, name="edit_convention"),
    path("tfpb/conventions/<int:pk>/avenant/", writing.amend, name="amend_convention"),
    path("tfpb/conventions/<int:pk>/reponse/", writing.answer, name="answer_convention"),
    path("tfpb/conventions/<int:pk>/declaration/", writing.declare, name="declare_convention"),
    path("tfpb/conventions/<int:pk>/document/", writing.file, name="file_paper"),
    path("tfpb/conventions/<int:pk>/mise-en-garde/", writing.caution, name="say_caution"),
    path(
        "tfpb/conventions/<int:pk>/mise-en-garde/<int:caution>/lever/",
        writing.lift,
        name="lift_caution",
    ),
    path("tfpb/documents/<int:pk>/", pages.paper, name="paper"),
]
