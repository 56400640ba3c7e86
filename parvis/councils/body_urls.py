"""Addresses of this part."""

from __future__ import annotations

from django.urls import URLPattern, path

from parvis.councils import body_views as views

urlpatterns: list[URLPattern] = [
    path("participation/", views.bodies, name="bodies"),
    path("participation/<int:pk>/", views.body, name="body"),
]
