"""Addresses of this room: projects, worksites and handover each have their file."""

from __future__ import annotations

from django.urls import URLPattern

from parvis.works import handover_urls, project_urls, site_urls

app_name = "works"
urlpatterns: list[URLPattern] = [
    *project_urls.urlpatterns,
    *site_urls.urlpatterns,
    *handover_urls.urlpatterns,
]
