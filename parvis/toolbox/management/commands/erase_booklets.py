"""Erase what the toolbox keeps for a day: booklets, and packages that nobody confirmed."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from parvis.toolbox import booklet_acts, swap_acts


class Command(BaseCommand):
    help = "Efface les livrets et les paquets de fiches gardés plus d’un jour."

    def handle(self, **options: Any) -> None:
        booklets, packages = booklet_acts.erase_old(), swap_acts.erase_unconfirmed()
        if options["verbosity"]:
            self.stdout.write(f"Livrets effacés : {booklets} ; paquets effacés : {packages}.")
