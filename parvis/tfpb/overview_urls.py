"""Addresses of the consolidation, who blocks which sheet, and public pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from parvis.tfpb import overview_views as views

urlpatterns: list[URLPattern] = [
    path("tfpb/", views.overview, name="overview"),
    path("tfpb/consolidation.<str:form>", views.export, name="overview_export"),
    path("tfpb/lignes.<str:form>", views.lines, name="overview_lines"),
]
