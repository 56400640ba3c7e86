"""Whether the record of a draw by lot holds."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from parvis.councils.draw_record import Record, read_record
from parvis.councils.draw_rules import DrawRefused
from parvis.councils.management.files import read_salt, read_whole


class Command(BaseCommand):
    help = "Refait un tirage au sort d’après son registre : code 0 si tout concorde, 1 sinon."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FICHIER", type=Path, help="registre du tirage")
        parser.add_argument(
            "--published",
            metavar="EMPREINTE",
            help="empreinte de la préparation, publiée avant la graine",
        )
        parser.add_argument(
            "--prepared", action="store_true", help="le registre n’est pas encore tiré"
        )
        parser.add_argument(
            "--optimal", action="store_true", help="recalcule aussi les chances (demande SciPy)"
        )
        parser.add_argument("--list", type=Path, metavar="FICHIER.csv", help="la liste elle-même")
        parser.add_argument("--salt", type=Path, metavar="FICHIER", help="sel de son empreinte")

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            record = read_record(read_whole(file))
            self._compare(record, options)
        except DrawRefused as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"« {error.filename} » : {error.strerror}.") from error
        self.stdout.write(f"Empreinte de la préparation : {record.preparation_digest}")
        if record.seed:
            self.stdout.write(f"Empreinte du registre : {record.digest}")
            self.stdout.write(f"Lignes tirées : {', '.join(map(str, record.panel))}")
        self.stdout.write("Ce registre tient.")

    def _compare(self, record: Record, options: dict[str, Any]) -> None:
        if options["prepared"] == bool(record.seed):
            raise CommandError(
                "Ce registre est déjà tiré."
                if record.seed
                else "Ce registre n’est pas encore tiré (vérifiez-le avec --prepared)."
            )
        published = options["published"]
        if published is not None and published != record.preparation_digest:
            raise CommandError("Ce n’est pas la préparation qui a été publiée.")
        if bool(options["list"]) != bool(options["salt"]):
            raise CommandError("--list et --salt vont ensemble.")
        if options["list"]:
            _compare_list(record, read_whole(options["list"]), read_salt(options["salt"])[0])
        if options["optimal"]:
            from parvis.councils.draw_chances import check_optimal

            check_optimal(record.preparation)


def _compare_list(record: Record, raw: bytes, salt: bytes) -> None:
    """DrawRefused unless this list is the one of the record."""
    from parvis.councils.draw_list import list_digest, read_list

    preparation = record.preparation
    if list_digest(raw, salt) != preparation.list_digest:
        raise DrawRefused("Cette liste ou ce sel n’est pas celui du registre.")
    told = [
        (one.line, one.household, preparation.profiles[preparation.groups[one.group]])
        for one in preparation.entrants
    ]
    if told != [(o.line, o.household, o.profile) for o in read_list(raw, preparation.rules)]:
        raise DrawRefused("Le registre ne dit pas ce que dit la liste.")
