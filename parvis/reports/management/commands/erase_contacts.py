"""Erase contacts, dwellings and plates a set time after closing."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from parvis.reports.retention import erase_old


class Command(BaseCommand):
    help = "Erase contacts and dwellings a set time after closing."

    def handle(self, *args: Any, **options: Any) -> None:
        erased = erase_old()
        self.stdout.write(
            f"Effacé : {erased.contacts} coordonnées, {erased.dwellings} logements, "
            f"{erased.plates} immatriculations, {erased.texts} textes non publiés, "
            f"{erased.photos} photos non publiées."
        )
