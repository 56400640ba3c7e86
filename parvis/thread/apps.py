"""The spine: things, the links between them, the events that happened to them."""

from django.apps import AppConfig


class ThreadConfig(AppConfig):
    name = "parvis.thread"
    label = "thread"
    verbose_name = "Fil"

    def ready(self) -> None:
        """Every room that has a `things.py` registers its kinds; no room is named here."""
        from parvis.partners.rights import rooms_with

        rooms_with("things")
