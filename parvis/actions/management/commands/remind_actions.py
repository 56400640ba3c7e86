"""`parvis remind_actions`: tells each person what their organisation owes, soon or late.

Run again it tells nobody twice.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from parvis.actions.reminding import HOURS, forget_old, remind_everybody


class Command(BaseCommand):
    help = "Rappelle à chacun les échéances du plan d’actions et des engagements, en journée."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        told = remind_everybody(now) if timezone.localtime(now).hour in HOURS else 0
        self.stdout.write(f"{told} rappels, {forget_old(now)} effacés.")
