from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from parvis.reports import proofs


class Command(BaseCommand):
    help = "Oublie les preuves de travail qui ont expiré."

    def handle(self, *args: Any, **options: Any) -> None:
        gone = proofs.purge(timezone.now())
        self.stdout.write(f"{gone} preuve(s) oubliée(s).")
