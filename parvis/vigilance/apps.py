"""Confidential orientations (surendettement, précarité énergétique) and the doors that help."""

from django.apps import AppConfig


class VigilanceConfig(AppConfig):
    name = "parvis.vigilance"
    label = "vigilance"
    verbose_name = "Vigilance sociale"
