"""Load quartiers and their outlines from an official file."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from parvis.places.importing import console, import_quartiers
from parvis.places.models import Quartier


class Command(BaseCommand):
    help = "Charge les quartiers et leurs contours : GeoJSON, GeoPackage ou Shapefile zippé."

    def add_arguments(self, parser: ArgumentParser) -> None:
        console.add_options(parser)
        parser.add_argument("--kind", choices=Quartier.Kind.values, default=Quartier.Kind.QPV)
        parser.add_argument(
            "--valid-from", type=console.day, help="premier jour de validité (AAAA-MM-JJ)"
        )

    def handle(
        self,
        *,
        file: Path,
        kind: str,
        valid_from: date | None,
        dry_run: bool,
        crs: str,
        layer: str,
        encoding: str,
        **options: Any,
    ) -> None:
        console.run(
            self,
            "Quartiers",
            lambda progress: import_quartiers(
                file,
                kind=Quartier.Kind(kind),
                valid_from=valid_from,
                dry_run=dry_run,
                crs=crs,
                layer=layer,
                encoding=encoding,
                progress=progress,
            ),
            options["verbosity"],
        )
