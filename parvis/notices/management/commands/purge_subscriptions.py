"""`parvis purge_subscriptions`: erases the addresses that nobody confirmed within a week."""

from typing import Any

from django.core.management.base import BaseCommand

from parvis.notices.subscribing import forget_unconfirmed


class Command(BaseCommand):
    help = "Efface les abonnements que personne n’a confirmés en sept jours."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Abonnements effacés : {forget_unconfirmed()}")
