"""Addresses of spending, vouchers, field checks and bilans."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
