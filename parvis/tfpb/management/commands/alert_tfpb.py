"""`parvis alert_tfpb`: tells each person what conventions of abatement await from them.

Run again it tells nobody twice.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from parvis.actions.reminding import HOURS
from parvis.tfpb.alerts_telling import tell_everybody


class Command(BaseCommand):
    help = (
        "Signale les conventions d’abattement à signer, refusées, suspendues, à déclarer ou sans "
        "programme, en journée."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        told = tell_everybody() if timezone.localtime().hour in HOURS else 0
        self.stdout.write(f"{told} messages.")
