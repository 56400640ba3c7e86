from django.apps import AppConfig


class UpkeepConfig(AppConfig):
    name = "parvis.upkeep"
    label = "upkeep"
    verbose_name = "Entretien"
