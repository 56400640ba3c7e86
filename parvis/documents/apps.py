from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "parvis.documents"
    label = "documents"
    verbose_name = "Documents"
