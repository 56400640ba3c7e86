"""Addresses of programmes, their lines and what is said of them."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
