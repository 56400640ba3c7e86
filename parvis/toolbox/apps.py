"""The toolbox of GUP, on Wagtail, and the pages of content."""

from django.apps import AppConfig


class ToolboxConfig(AppConfig):
    name = "parvis.toolbox"
    label = "toolbox"
    verbose_name = "Boîte à outils"
