"""Instances, séances, agenda, relevés de décisions."""

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "parvis.meetings"
    label = "meetings"
    verbose_name = "Réunions"
