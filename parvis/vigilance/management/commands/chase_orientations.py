"""`parvis chase_orientations`: reminds services of the orientations that wait for their answer.

Run again the same week it reminds nobody twice.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from parvis.vigilance.orientation_chasing import HOURS, chase


class Command(BaseCommand):
    help = "Relance les services qui n’ont pas répondu à une orientation, en journée."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        told = chase(now) if timezone.localtime(now).hour in HOURS else 0
        self.stdout.write(f"{told} orientations relancées.")
