"""Addresses of doors, orientations and counts."""

from __future__ import annotations

from parvis.vigilance import door_urls, orientation_urls, signal_urls

app_name = "vigilance"
urlpatterns = [
    *door_urls.urlpatterns,
    *orientation_urls.urlpatterns,
    *signal_urls.urlpatterns,
]
