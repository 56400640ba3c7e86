"""The toolbox of GUP, on Wagtail, and the pages of content."""

from django.apps import AppConfig


class ToolboxConfig(AppConfig):
    name = "parvis.toolbox"
    label = "toolbox"
    verbose_name = "Boîte à outils"

    def ready(self) -> None:
        from parvis.toolbox import edit_panels, edit_signals

        edit_panels.lay_out()
        edit_signals.listen()
