"""Addresses of the circuit of programmes."""

from __future__ import annotations

from django.urls import path

from parvis.tfpb import batch_views, blocking_views
from parvis.tfpb import circuit_version_views as versions
from parvis.tfpb import circuit_views as views

_ONE = "tfpb/programmes/<int:pk>"
urlpatterns = [
    path(f"{_ONE}/avis/", views.circuit, name="circuit"),
    path(f"{_ONE}/transmettre/", views.send, name="send_programme"),
    path(f"{_ONE}/annuler-envoi/", views.take_back, name="take_back"),
    path(f"{_ONE}/passer/<slug:code>/", views.advance, name="advance_programme"),
    path(f"{_ONE}/avis/donner/", views.opine, name="opine"),
    path(f"{_ONE}/remarque/", views.remark, name="remark"),
    path(f"{_ONE}/consultations/", views.consult, name="consult"),
    path(f"{_ONE}/consultations/<int:number>/", views.consultation, name="consultation"),
    path(f"{_ONE}/versions/<int:number>/", versions.version, name="version"),
    path(f"{_ONE}/comparer/", versions.compare, name="compare"),
    path(f"{_ONE}/relancer/", blocking_views.chase, name="chase"),
    path("tfpb/lignes/<int:pk>/remarques/", views.line_remarks, name="line_remarks"),
    path("tfpb/lignes/<int:pk>/remarquer/", views.remark_line, name="remark_line"),
    path("tfpb/lots/", batch_views.batch, name="batch"),
    path("tfpb/blocages/", blocking_views.blocking_page, name="blocking"),
]
