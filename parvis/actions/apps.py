"""Conventions de GUP, plans and fiches action."""

from django.apps import AppConfig


class ActionsConfig(AppConfig):
    name = "parvis.actions"
    label = "actions"
    verbose_name = "Plan d’actions"
