"""Load at which rate communes and their EPCI tax built property, from a file."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from parvis.places.importing import console
from parvis.tfpb.law import tax_years
from parvis.tfpb.rates import import_rates


class Command(BaseCommand):
    help = "Charge les taux de TFPB des communes pour une année : csv, xlsx, ods."

    def add_arguments(self, parser: ArgumentParser) -> None:
        console.add_file(parser, "csv, xlsx, ods")
        parser.add_argument(
            "--year", required=True, type=int, metavar="N", help="année d’imposition"
        )
        parser.add_argument(
            "--source", default="", help="d’où viennent ces taux, sinon le nom du fichier"
        )
        parser.add_argument("--layer", default="", help="feuille à lire, s’il y en a plusieurs")

    def handle(
        self,
        *,
        file: Path,
        year: int,
        source: str,
        dry_run: bool,
        encoding: str,
        layer: str,
        **options: Any,
    ) -> None:
        if year not in tax_years():
            raise CommandError(f"Aucune règle n’est connue pour {year}.")
        console.run(
            self,
            f"Taux de {year}",
            lambda progress: import_rates(
                file,
                tax_year=year,
                source=source,
                dry_run=dry_run,
                encoding=encoding,
                layer=layer,
                progress=progress,
            ),
            options["verbosity"],
        )
