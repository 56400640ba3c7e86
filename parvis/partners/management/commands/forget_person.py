"""Forget a person who signs in."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from parvis.partners.leaving import forget_person
from parvis.partners.models import User


class Command(BaseCommand):
    help = "Efface le nom et l’adresse d’une personne, met fin à ses mandats et ferme son compte."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="adresse électronique du compte")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(email=options["email"].strip().lower()).first()
        if person is None:
            raise CommandError("Aucun compte n’a cette adresse.")
        forget_person(person)
        self.stdout.write("La personne est oubliée : nom et adresse effacés, compte fermé.")
