"""Index every report anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from parvis.reports.rebuilding import rebuild_search


class Command(BaseCommand):
    help = "Index every report anew."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Signalements indexés : {rebuild_search()}.")
