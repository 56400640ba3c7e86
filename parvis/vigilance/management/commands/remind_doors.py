"""`parvis remind_doors`: asks who keeps a door to check it, when nobody has for six months.

Run again the same day it tells nobody twice.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from parvis.vigilance.door_checks import HOURS, remind_doors


class Command(BaseCommand):
    help = "Demande, en journée, de vérifier les services qui ne l’ont pas été depuis six mois."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        told = remind_doors(now) if timezone.localtime(now).hour in HOURS else 0
        self.stdout.write(f"{told} demandes de vérification.")
