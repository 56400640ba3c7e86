from django.apps import AppConfig


class ThreadConfig(AppConfig):
    name = "parvis.thread"
    label = "thread"
    verbose_name = "Fil"
