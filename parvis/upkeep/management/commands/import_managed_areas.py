"""Load who owns and who keeps up what, from a file."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from parvis.places.importing import console
from parvis.upkeep.importing import import_managed_areas


class Command(BaseCommand):
    help = f"Charge les espaces gérés : {console.MAPS_AND_TABLES}."

    def add_arguments(self, parser: ArgumentParser) -> None:
        console.add_options(parser, console.MAPS_AND_TABLES)
        parser.add_argument(
            "--from",
            dest="from_day",
            type=console.day,
            help="jour à partir duquel un changement compte (AAAA-MM-JJ), sinon le jour même",
        )

    def handle(
        self,
        *,
        file: Path,
        from_day: date | None,
        dry_run: bool,
        crs: str,
        layer: str,
        encoding: str,
        **options: Any,
    ) -> None:
        console.run(
            self,
            "Espaces gérés",
            lambda progress: import_managed_areas(
                file,
                from_day=from_day,
                dry_run=dry_run,
                crs=crs,
                layer=layer,
                encoding=encoding,
                progress=progress,
            ),
            options["verbosity"],
        )
