from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "parvis.places"
    label = "places"
    verbose_name = "Lieux"
