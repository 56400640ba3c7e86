"""Addresses of conventions of abatement."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
