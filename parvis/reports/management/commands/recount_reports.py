"""Recompute what reports repeat of their parts and voices."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from parvis.reports.rebuilding import recount_all


class Command(BaseCommand):
    help = "Recompute what reports repeat of their parts and voices."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Signalements corrigés : {recount_all()}.")
