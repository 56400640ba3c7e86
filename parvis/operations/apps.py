from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "parvis.operations"
    label = "operations"
    verbose_name = "Exploitation"

    def ready(self) -> None:
        from parvis.operations import checks  # noqa: F401
