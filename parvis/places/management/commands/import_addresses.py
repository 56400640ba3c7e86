"""Load the addresses of the communes known here from the national address base."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from parvis.places.importing import console
from parvis.places.importing.addresses import import_addresses


class Command(BaseCommand):
    help = "Charge les adresses de la base nationale : csv, ou csv compressé (gz, zip)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        console.add_file(parser, "csv de la Base adresse nationale, ou le même en gz ou zip")
        parser.add_argument(
            "--every-commune", action="store_true", help="crée aussi les communes inconnues ici"
        )
        parser.add_argument(
            "--remove-missing",
            action="store_true",
            help="retire les adresses de ces communes qui ne sont plus dans le fichier",
        )

    def handle(
        self,
        *,
        file: Path,
        dry_run: bool,
        encoding: str,
        every_commune: bool,
        remove_missing: bool,
        **options: Any,
    ) -> None:
        console.run(
            self,
            "Adresses",
            lambda progress: import_addresses(
                file,
                every_commune=every_commune,
                remove_missing=remove_missing,
                dry_run=dry_run,
                encoding=encoding,
                progress=progress,
            ),
            options["verbosity"],
            feminine=True,
        )
