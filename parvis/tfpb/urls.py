"""Addresses of this room: each part has its file."""

from __future__ import annotations

from django.urls import URLPattern

from parvis.tfpb import (
    bilan_urls,
    circuit_urls,
    convention_urls,
    overview_urls,
    programme_urls,
    stock_urls,
    table_urls,
)

app_name = "tfpb"
urlpatterns: list[URLPattern] = [
    *stock_urls.urlpatterns,
    *convention_urls.urlpatterns,
    *programme_urls.urlpatterns,
    *circuit_urls.urlpatterns,
    *bilan_urls.urlpatterns,
    *table_urls.urlpatterns,
    *overview_urls.urlpatterns,
]
