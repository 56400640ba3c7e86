"""Load communes and their outlines from an official file."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from parvis.places.importing import console, import_communes


class Command(BaseCommand):
    help = "Charge les communes et leurs contours : GeoJSON, GeoPackage ou Shapefile zippé."

    def add_arguments(self, parser: ArgumentParser) -> None:
        console.add_options(parser)

    def handle(
        self, *, file: Path, dry_run: bool, crs: str, layer: str, encoding: str, **options: Any
    ) -> None:
        console.run(
            self,
            "Communes",
            lambda progress: import_communes(
                file, dry_run=dry_run, crs=crs, layer=layer, encoding=encoding, progress=progress
            ),
            options["verbosity"],
        )
