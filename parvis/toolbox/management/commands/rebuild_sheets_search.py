"""Index every published sheet anew: after restoring a backup or changing how words are found."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from parvis.toolbox import sheet_index


class Command(BaseCommand):
    help = "Index every published sheet anew."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Fiches indexées : {sheet_index.rebuild()}.")
