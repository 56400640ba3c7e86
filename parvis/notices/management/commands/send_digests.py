"""`parvis send_digests`: each morning, one mail per person with what could wait. Run again it tells
nobody twice."""

from typing import Any

from django.core.management.base import BaseCommand

from parvis.notices.digests import send_digests


class Command(BaseCommand):
    help = "Met dans la boîte d’envoi le résumé du matin de chacun."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Résumés : {send_digests()}")
