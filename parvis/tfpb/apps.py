"""The abatement of the property tax (TFPB) in the quartiers: law and money."""

from django.apps import AppConfig


class TfpbConfig(AppConfig):
    name = "parvis.tfpb"
    label = "tfpb"
    verbose_name = "Abattement de TFPB"
