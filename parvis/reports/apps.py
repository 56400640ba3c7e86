"""Signalements: from what a resident saw to word back."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "parvis.reports"
    label = "reports"
    verbose_name = "Signalements"
