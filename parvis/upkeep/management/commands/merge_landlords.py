"""Write that a landlord was merged into another one, wherever they hold residences."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from parvis.partners.models import Organisation
from parvis.places.importing import console
from parvis.ui.words import counted
from parvis.upkeep.acts import Refused
from parvis.upkeep.merging import merge_landlords


class Command(BaseCommand):
    help = "Écrit qu’un bailleur en reprend un autre. Cela ne se défait pas."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--old", required=True, help="SIREN ou nom de celui qui disparaît")
        parser.add_argument("--new", required=True, help="SIREN ou nom de celui qui le reprend")
        parser.add_argument("--on", required=True, type=console.day, help="jour (AAAA-MM-JJ)")

    def handle(self, *, old: str, new: str, on: date, **options: Any) -> None:
        gone, heir = _named(old), _named(new)
        try:
            done = merge_landlords(gone, heir, on=on, actor=None)
        except Refused as refused:
            raise CommandError(f"Rien n’est enregistré. {refused}") from refused
        self.stdout.write(
            f"{gone} est repris par {heir} : "
            f"{counted(done.residences, 'résidence passe', 'résidences passent')}, "
            f"{counted(done.areas, 'espace géré', 'espaces gérés')}."
        )
        if done.people:
            people = counted(done.people, "personne agissait", "personnes agissaient")
            self.stdout.write(f"{people} pour {gone} : {heir} invite celles qu’il garde.")


def _named(words: str) -> Organisation:
    """The landlord of that SIREN or that exact name."""
    found = list(
        Organisation.objects.filter(
            Q(siren=words.replace(" ", "")) | Q(name=words), kind=Organisation.Kind.BAILLEUR
        )[:2]
    )
    if len(found) != 1:
        what = "Aucun bailleur" if not found else "Plusieurs bailleurs"
        raise CommandError(f"{what} : « {words} ». Donnez son SIREN ou son nom exact.")
    return found[0]
