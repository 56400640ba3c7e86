"""Addresses of the walk on a telephone."""

from __future__ import annotations

from django.urls import path

from parvis.walks import foot_views

urlpatterns = [
    path("diagnostics/<int:pk>/sur-place/", foot_views.foot, name="foot"),
    path("diagnostics/<int:pk>/sur-place/donnees.json", foot_views.foot_data, name="foot_data"),
    path("diagnostics/avec/<str:token>/", foot_views.joined, name="joined"),
    path("diagnostics/avec/<str:token>/donnees.json", foot_views.joined_data, name="joined_data"),
    path("diagnostics/hors-ligne/", foot_views.unconnected, name="unconnected"),
    path("diagnostics/sw.js", foot_views.worker, name="worker"),
]
