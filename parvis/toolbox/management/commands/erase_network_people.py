"""Erase the entries of the directory some days after their mandates ended."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from parvis.toolbox.network_acts import erase_past_entries


class Command(BaseCommand):
    help = "Efface de l’annuaire du réseau les personnes dont le mandat est terminé."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Effacé : {erase_past_entries()} inscriptions à l’annuaire.")
