"""Write docs/privacy.md from the register of processing."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from parvis.portal.processings import privacy_page

PATH = settings.BASE_DIR / "docs" / "privacy.md"


class Command(BaseCommand):
    help = "Écrit docs/privacy.md : le registre des traitements de données personnelles."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--print", action="store_true", help="afficher au lieu d’écrire")
        parser.add_argument("--check", action="store_true", help="dire si le fichier est à jour")

    def handle(self, *args: Any, **options: Any) -> None:
        page = privacy_page()
        if options["print"]:
            self.stdout.write(page, ending="")
        elif options["check"]:
            if not PATH.exists() or PATH.read_text() != page:
                raise CommandError(
                    "docs/privacy.md n’est pas à jour : lancez parvis write_privacy."
                )
        else:
            PATH.write_text(page)
            self.stdout.write(f"Écrit : {PATH.relative_to(settings.BASE_DIR)}")
