"""`parvis review_sheets`: tells of the sheets that are to be read again, and of those that expired.

Run again the same day it tells nobody twice.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from parvis.toolbox.edit_due import HOURS, review_sheets


class Command(BaseCommand):
    help = "Prévient des fiches à relire et de celles qui ne sont plus valables, en journée."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        told = review_sheets(now) if timezone.localtime(now).hour in HOURS else 0
        self.stdout.write(f"{told} rappels de relecture.")
