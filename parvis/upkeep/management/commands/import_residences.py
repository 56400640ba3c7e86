"""Load residences, their buildings and entrances, and who holds them."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from parvis.places.importing import console
from parvis.upkeep.importing import import_residences


class Command(BaseCommand):
    help = f"Charge les résidences et leur bailleur : {console.MAPS_AND_TABLES}."

    def add_arguments(self, parser: ArgumentParser) -> None:
        console.add_options(parser, console.MAPS_AND_TABLES)
        parser.add_argument(
            "--landlord", default="", help="bailleur des lignes qui n’en nomment pas (SIREN ou nom)"
        )
        parser.add_argument(
            "--since",
            type=console.day,
            help="premier jour de détention (AAAA-MM-JJ), sinon le jour même",
        )

    def handle(
        self,
        *,
        file: Path,
        landlord: str,
        since: date | None,
        dry_run: bool,
        crs: str,
        layer: str,
        encoding: str,
        **options: Any,
    ) -> None:
        console.run(
            self,
            "Résidences",
            lambda progress: import_residences(
                file,
                landlord=landlord,
                since=since,
                dry_run=dry_run,
                crs=crs,
                layer=layer,
                encoding=encoding,
                progress=progress,
            ),
            options["verbosity"],
            feminine=True,
        )
