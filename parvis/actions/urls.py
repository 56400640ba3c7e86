"""Addresses of this room."""

from __future__ import annotations

from parvis.actions import convention_urls

app_name = "actions"
urlpatterns = [*convention_urls.urlpatterns]
