"""Addresses of this room: each part has its file."""

from __future__ import annotations

from django.urls import URLPattern

from parvis.toolbox import (
    after_urls,
    booklet_urls,
    content_urls,
    course_urls,
    edit_urls,
    network_urls,
    sheet_urls,
    swap_urls,
)

app_name = "toolbox"
urlpatterns: list[URLPattern] = [
    *sheet_urls.urlpatterns,
    *edit_urls.urlpatterns,
    *booklet_urls.urlpatterns,
    *course_urls.urlpatterns,
    *after_urls.urlpatterns,
    *network_urls.urlpatterns,
    *swap_urls.urlpatterns,
    *content_urls.urlpatterns,
]
