"""`parvis remind_replies`: recalls the replies that are owed to opinions, soon or late.

Run again the same day it tells nobody twice.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from parvis.councils.opinion_reminding import HOURS, remind_replies


class Command(BaseCommand):
    help = "Rappelle aux organisations les réponses qu’elles doivent à des avis, en journée."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        told = remind_replies(now) if timezone.localtime(now).hour in HOURS else 0
        self.stdout.write(f"{told} réponses rappelées.")
