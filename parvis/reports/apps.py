"""Signalements: from what a resident saw to word back."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "parvis.reports"
    label = "reports"
    verbose_name = "Signalements"

    def ready(self) -> None:
        """What people write to us by text message about a report is answered by this room."""
        import parvis.reports.texting  # noqa: F401
