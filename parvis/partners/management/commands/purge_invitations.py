"""Empty the addresses of invitations that no longer need them."""

from typing import Any

from django.core.management.base import BaseCommand

from parvis.partners.invitations import purge_addresses


class Command(BaseCommand):
    help = "Efface les adresses des invitations acceptées, retirées, ou expirées depuis un mois."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Adresses d’invitation effacées : {purge_addresses()}")
