"""Addresses of this part."""

from django.urls import URLPattern, path

from parvis.toolbox import edit_views

urlpatterns: list[URLPattern] = [
    path("atelier/fiches/", edit_views.due, name="edit_due"),
]
