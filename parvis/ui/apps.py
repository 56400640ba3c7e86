from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "parvis.ui"
    label = "ui"
    verbose_name = "Interface"

    def ready(self) -> None:
        from parvis.ui import checks  # noqa: F401
        from parvis.ui.catalogues import compile_catalogues

        compile_catalogues()
