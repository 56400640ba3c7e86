"""Diagnostics en marchant: the walk, from its route to the return walk."""

from django.apps import AppConfig


class WalksConfig(AppConfig):
    name = "parvis.walks"
    label = "walks"
    verbose_name = "Diagnostics en marchant"
