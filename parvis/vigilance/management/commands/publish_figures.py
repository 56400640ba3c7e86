"""`parvis publish_figures`: makes the figures of the quarters that are over, once each."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from parvis.vigilance.signal_publishing import publish_figures


class Command(BaseCommand):
    help = "Arrête les chiffres anonymes des trimestres terminés ; deux fois ne change rien."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{publish_figures()} tableaux de chiffres arrêtés.")
