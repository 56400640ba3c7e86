from django.apps import AppConfig


class SteeringConfig(AppConfig):
    name = "parvis.steering"
    label = "steering"
    verbose_name = "Pilotage"
