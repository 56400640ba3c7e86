"""Addresses of return walks."""

from __future__ import annotations

from django.urls import path

from parvis.walks import return_views as views

urlpatterns = [
    path("diagnostics/<int:pk>/retour/", views.prepare, name="prepare_return"),
    path("diagnostics/<int:pk>/avant-apres/", views.compare_walks, name="compare"),
]
