"""Note the bounces of a file or of a maildir."""

from __future__ import annotations

import mailbox
from argparse import ArgumentParser
from email import message_from_binary_file
from email.message import Message as Parsed
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from parvis.notices import bounces
from parvis.notices.fingerprints import fingerprints


class Command(BaseCommand):
    help = (
        "Note les adresses qui refusent pour de bon, d’après des avis de non-remise (RFC 3464) :"
        " un fichier, ou un dossier Maildir. Relu, un avis ne change rien."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", nargs="?", help="fichier ou dossier Maildir")
        parser.add_argument("--forget", metavar="ADRESSE", help="écrire de nouveau à cette adresse")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["forget"]:
            cleared = bounces.clear(fingerprints(options["forget"]))
            self.stdout.write(f"Adresses rétablies : {cleared}")
        if options["path"]:
            noted = sum(bounces.read(one, timezone.now()) for one in _read(Path(options["path"])))
            self.stdout.write(f"Adresses en échec : {noted}")
        elif not options["forget"]:
            raise CommandError("Donnez un fichier, un dossier Maildir ou --forget.")


def _read(path: Path) -> list[Parsed]:
    if path.is_dir():
        return list(mailbox.Maildir(path, create=False))
    if not path.is_file():
        raise CommandError(f"« {path} » est introuvable.")
    with path.open("rb") as file:
        return [message_from_binary_file(file)]
