from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "parvis.operations"
    label = "operations"
    verbose_name = "Exploitation"
