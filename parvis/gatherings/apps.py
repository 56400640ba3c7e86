"""Dates with people: registration, seats, waiting list, attendance, calendar file."""

from django.apps import AppConfig


class GatheringsConfig(AppConfig):
    name = "parvis.gatherings"
    label = "gatherings"
    verbose_name = "Rendez-vous"
