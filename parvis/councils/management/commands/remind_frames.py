"""`parvis remind_frames`: reminds who has not remarked on a cadre de référence that closes soon.

Run again it tells nobody twice.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from parvis.councils.frame_telling import remind_frames

HOURS = range(7, 20)  # nobody is written to at night


class Command(BaseCommand):
    help = "Rappelle la clôture des remarques à qui n’en a pas fait, en journée."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        told = remind_frames(now) if timezone.localtime(now).hour in HOURS else 0
        self.stdout.write(f"{told} rappels.")
