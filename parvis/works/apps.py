"""Renewal projects, operations, chantiers, announcements, handover, durability."""

from django.apps import AppConfig


class WorksConfig(AppConfig):
    name = "parvis.works"
    label = "works"
    verbose_name = "Travaux"
