"""`parvis propose_blackspots`: what comes back at one place becomes one subject."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from parvis.reports.blackspots import propose_blackspots


class Command(BaseCommand):
    help = "Propose comme points noirs les problèmes qui reviennent au même endroit."

    def handle(self, *args: Any, **options: Any) -> None:
        made = propose_blackspots()
        self.stdout.write(f"{made} point(s) noir(s) proposé(s).")
