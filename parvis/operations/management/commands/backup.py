"""`parvis backup`: the database and the files in one archive, the keys in a file of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from parvis.operations import archives, databases, keys
from parvis.operations.backups import DiskFull, back_up, keep_newest
from parvis.ui.words import weight_in_words

SHOWN = 10  # missing files that are named
APART = (
    "Ce fichier ouvre tout ce qui est scellé et permet de signer au nom du site : gardez-le"
    " loin des sauvegardes (coffre, autre machine), et jamais avec elles. Sans lui, une sauvegarde"
    " restaurée ailleurs ne rouvre ni les orientations, ni les liens de suivi."
)


class Command(BaseCommand):
    help = "Sauvegarde la base et les fichiers, sans arrêter le site ; les clés à part (--keys)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, help="par défaut : var/backups")
        parser.add_argument("--keep", type=int, metavar="N", help="ne garder que les N dernières")
        parser.add_argument("--keys", type=Path, metavar="FILE", help="écrire les clés, seules")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["keys"]:
            if options["folder"] or options["keep"] is not None:
                raise CommandError("--keys s’emploie seul : les clés ne vont pas avec l’archive.")
            self._write_keys(options["keys"])
            return
        if options["keep"] is not None and options["keep"] < 1:
            raise CommandError("--keep garde au moins une sauvegarde.")
        folder = options["folder"] or settings.VAR_DIR / "backups"
        try:
            made = back_up(folder)
        except (DiskFull, databases.Refused) as refused:
            raise CommandError(str(refused)) from refused
        except FileExistsError as taken:
            raise CommandError(f"{taken} existe déjà : recommencez dans une seconde.") from taken
        except OSError as fault:
            raise CommandError(f"Impossible d’écrire dans {folder} : {fault.strerror}") from fault
        self._tell(made.path, made.manifest)
        if options["keep"] is not None:
            for path in keep_newest(folder, options["keep"]):
                self.stdout.write(f"Enlevée : {path.name}")

    def _tell(self, path: Path, told: archives.Manifest) -> None:
        files = len(told.sums) - 1
        rows = sum(told.counts.values())
        weight = weight_in_words(path.stat().st_size)
        self.stdout.write(f"{path} : {rows} lignes, {files} fichiers, {weight}.")
        if told.missing:
            self.stderr.write(
                f"À voir : {len(told.missing)} fichier(s) nommés par la base, introuvables, dont "
                + ", ".join(told.missing[:SHOWN])
            )

    def _write_keys(self, target: Path) -> None:
        try:
            names = keys.write_to(target)
        except FileExistsError as taken:
            raise CommandError(f"{target} existe déjà : rien n’a été écrit.") from taken
        except OSError as fault:
            raise CommandError(f"Impossible d’écrire {target} : {fault.strerror}") from fault
        self.stdout.write(f"{target} : {', '.join(names) or 'aucune clé'}. {APART}")
        if elsewhere := keys.from_settings():
            self.stdout.write(
                f"Données par les réglages, donc absentes de ce fichier : {', '.join(elsewhere)}."
                " Gardez-les avec lui."
            )
