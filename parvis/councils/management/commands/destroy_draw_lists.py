"""Destroy the lists of draws whose day has come."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from parvis.councils.lot_erasing import destroy_due


class Command(BaseCommand):
    help = (
        "Destroy the source lists and coordinates of draws on the day published with their rules."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Listes détruites : {destroy_due()} tirages.")
