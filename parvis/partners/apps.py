from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "parvis.partners"
    label = "partners"
    verbose_name = "Partenaires"
