"""`parvis restore`: puts a backup back into an empty place, or only checks it."""

from __future__ import annotations

import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from parvis.operations import archives, databases, keys, restoring
from parvis.operations.health import is_full
from parvis.operations.processes import LOCK, holding, parvis

RUNNING = "Le site tourne encore dans ce dossier : arrêtez « parvis serve », puis recommencez."
OTHER_KEYS = (
    "À voir : les clés d’ici ({names}) ne sont pas celles de la sauvegarde. Les orientations, les"
    " liens de suivi et les seconds facteurs ne s’ouvriront pas. Restaurez avec --keys FICHIER."
)
TO_ERASE_AGAIN = (
    "À refaire à la main : ce que des personnes ont fait effacer ou ont quitté entre le {since}"
    " (la sauvegarde) et la panne est revenu. Le registre des demandes dit qui ; « parvis"
    " forget_person ADRESSE » pour un compte, la page du signalement pour un contact. Revoyez de"
    " même les mandats retirés depuis."
)


class Command(BaseCommand):
    help = "Remet une sauvegarde en place, dans un endroit vide ; ou la vérifie (--check)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("archive", type=Path)
        parser.add_argument("--check", action="store_true", help="vérifier, sans rien écrire")
        parser.add_argument("--keys", type=Path, metavar="FILE", help="remettre aussi ces clés")
        parser.add_argument(
            "--aside", action="store_true", help="mettre d’abord de côté ce qui est là"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        archive: Path = options["archive"]
        try:
            if options["check"]:
                self._tell(archive, archives.check(archive))
                return
            with holding(settings.VAR_DIR / LOCK, alone=True) as lock:
                if lock is None:
                    raise CommandError(RUNNING)
                self._restore(archive, options["keys"], aside=options["aside"])
        except (
            archives.Damaged,
            databases.Refused,
            restoring.Refused,
            keys.Refused,
        ) as refused:
            raise CommandError(str(refused)) from refused
        except OSError as fault:
            said = "le disque est plein" if is_full(fault) else str(fault)
            raise CommandError(f"La restauration s’est arrêtée : {said}.") from fault

    def _restore(self, archive: Path, held: Path | None, *, aside: bool) -> None:
        files = keys.read_from(held) if held else {}
        told = restoring.restore(archive, aside=aside)
        others = restoring.changed_keys(told, keys.marks(files))
        if changed := keys.put_back(files):
            self.stdout.write(f"Clés remises : {', '.join(changed)}.")
        self._tell(archive, told)
        if others:
            self.stderr.write(OTHER_KEYS.format(names=", ".join(others)))
        # In a process of its own, which reads the keys that were just put back.
        done = subprocess.run(
            parvis("settle_restored", "--since", told.made_at), stdout=subprocess.PIPE, text=True
        )
        self.stdout.write(done.stdout.rstrip())
        if done.returncode:
            raise CommandError(
                "Les données sont en place, mais la suite a échoué (voir ci-dessus). Quand c’est"
                f" réparé : parvis settle_restored --since {told.made_at}"
            )
        since = timezone.localtime(datetime.fromisoformat(told.made_at))
        self.stdout.write(TO_ERASE_AGAIN.format(since=f"{since:%d/%m/%Y à %H:%M}"))

    def _tell(self, archive: Path, told: archives.Manifest) -> None:
        made = timezone.localtime(datetime.fromisoformat(told.made_at))
        self.stdout.write(
            f"{archive.name} : du {made:%d/%m/%Y à %H:%M}, Parvis {told.parvis}, base"
            f" {told.database}, {sum(told.counts.values())} lignes, {len(told.sums) - 1} fichiers ;"
            " intacte."
        )
        if told.missing:
            self.stdout.write(f"Manquaient déjà : {len(told.missing)} fichier(s).")
