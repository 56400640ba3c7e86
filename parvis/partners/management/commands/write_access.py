"""Write docs/access.md from the policies and doors of every room."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from parvis.partners.access_page import access_page

PATH = settings.BASE_DIR / "docs" / "access.md"


class Command(BaseCommand):
    help = "Écrit docs/access.md : qui peut faire quoi, d’après les droits déclarés par les pièces."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--print", action="store_true", help="afficher au lieu d’écrire")
        parser.add_argument("--check", action="store_true", help="dire si le fichier est à jour")

    def handle(self, *args: Any, **options: Any) -> None:
        page = access_page()
        if options["print"]:
            self.stdout.write(page, ending="")
        elif options["check"]:
            if not PATH.exists() or PATH.read_text() != page:
                raise CommandError("docs/access.md n’est pas à jour : lancez parvis write_access.")
        else:
            PATH.parent.mkdir(parents=True, exist_ok=True)
            PATH.write_text(page)
            self.stdout.write(f"Écrit : {PATH.relative_to(settings.BASE_DIR)}")
