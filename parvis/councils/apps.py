"""Participation bodies of the quartiers: their members, their draws, their opinions."""

from django.apps import AppConfig


class CouncilsConfig(AppConfig):
    name = "parvis.councils"
    label = "councils"
    verbose_name = "Conseils citoyens"
