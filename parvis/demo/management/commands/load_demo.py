"""`parvis load_demo`: the invented territory, once; a second run changes nothing."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from parvis.demo import (
    actions,
    circuits,
    conventions,
    councils,
    meetings,
    story,
    territory,
    tfpb,
    toolbox,
    toolbox_courses,
    toolbox_network,
    vigilance,
    walks,
    works,
    workshops,
)
from parvis.partners.models import Organisation
from parvis.places.models import Commune


class Command(BaseCommand):
    help = "Charge le territoire de démonstration ; deux fois ne change rien."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--perimeters", default="", help="fichier officiel des quartiers")
        parser.add_argument("--communes", default="", help="fichier officiel des communes")

    def handle(self, *args: Any, **options: Any) -> None:
        if Organisation.objects.filter(email="escaut@demo.invalid").exists():
            self.stdout.write("La démonstration est déjà chargée ; rien n’a changé.")
            return
        if Commune.objects.exists():
            raise CommandError(
                "Cette base contient déjà un territoire : la démonstration demande une base neuve."
            )
        now = timezone.now()
        with transaction.atomic():
            territory.load_places(options["perimeters"], options["communes"])
            residences = territory.load_residences()
            territory.load_addresses()
            organisations = territory.load_organisations()
            territory.load_upkeep(residences, organisations)
            territory.load_people(organisations, timezone.localdate(now))
            territory.load_agreement(organisations)
            count = story.load_reports(now)
            circuits.load_circuits(now)
            territory.load_desks(organisations)
            conventions.load_convention(organisations, timezone.localdate(now))
            actions.load_plan(organisations, timezone.localdate(now))
            meetings.load_meetings(organisations, now)
            workshops.load_workshops(organisations, now)
            works.load_works(organisations, now)
            tfpb.load_tfpb(organisations, now, timezone.localdate(now))
            walks.load_walks(organisations, now)
            councils.load_councils(organisations, now)
            toolbox.load_toolbox(organisations, now)
            with councils.untold():
                toolbox_courses.load_courses(organisations, now)
                toolbox_network.load_network(organisations, now)
            vigilance.load_vigilance(organisations, now)
        self.stdout.write(f"Démonstration chargée : {count} signalements sur dix-huit mois.")
