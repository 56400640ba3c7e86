"""Addresses of the consolidation, who blocks which sheet, and public pages."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
