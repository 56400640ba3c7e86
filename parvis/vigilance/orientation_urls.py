"""Addresses of orientations. None holds more than a number; what is secret is read by POST."""

from __future__ import annotations

from django.urls import path

from parvis.vigilance.views import (
    orientation_answering,
    orientation_reading,
    orientation_writing,
    orientations,
)

urlpatterns = [
    path("orientations/", orientations.orientations, name="orientations"),
    path("orientations/recues/", orientations.received, name="received"),
    path("orientations/nouvelle/", orientation_writing.write, name="write"),
    path("orientations/<int:pk>/", orientations.orientation, name="orientation"),
    path("orientations/<int:pk>/ecrire/", orientation_writing.edit, name="edit"),
    path("orientations/<int:pk>/lire/", orientation_reading.read, name="read"),
    path("orientations/<int:pk>/urgence/", orientation_reading.break_glass, name="break_glass"),
    path("orientations/<int:pk>/repondre/", orientation_answering.answer, name="answer"),
    path("orientations/<int:pk>/retirer/", orientation_answering.withdraw, name="withdraw"),
]
