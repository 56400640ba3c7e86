"""A commune's routes."""

from __future__ import annotations

from typing import Any

from django import forms

from parvis.partners.actors import Actor
from parvis.places.models import Commune
from parvis.reports.forms.committing import CategoryField
from parvis.reports.models import Category, Way
from parvis.reports.route_access import communes_to_route
from parvis.ui.fields import link_field


class RouteForm(forms.Form):
    """What becomes of the reports of a category in a commune."""

    commune = forms.ModelChoiceField(
        Commune.objects.none(),
        label="Commune",
        empty_label="Choisir…",
        error_messages={
            "required": "Choisissez une commune.",
            "invalid_choice": "Choisissez une commune de la liste.",
        },
    )
    category = CategoryField(
        Category.objects.filter(active=True).select_related("parent"),
        label="Pour",
        required=False,
        empty_label="Toutes les catégories",
        help_text="Le circuit le plus précis l’emporte : catégorie, puis famille, puis toutes.",
        error_messages={"invalid_choice": "Choisissez une catégorie de la liste."},
    )
    way = forms.ChoiceField(
        label="Ce que devient le signalement",
        choices=[(way.value, str(way.label).capitalize()) for way in Way],
        widget=forms.RadioSelect,
        initial=Way.HERE.value,
        error_messages={"required": "Choisissez ce que devient le signalement."},
    )
    tool = forms.CharField(
        label="Nom de l’outil de la commune",
        max_length=60,
        required=False,
        help_text="S’il est transmis. Les habitants le lisent.",
    )
    email = forms.EmailField(
        label="Adresse qui reçoit les signalements",
        required=False,
        help_text="Jamais montrée. Chaque message porte un lien pour dire où cela en est.",
        error_messages={"invalid": "Cette adresse électronique n’est pas complète."},
    )
    url = link_field(
        "Page de l’outil ou de la mairie",
        required=False,
        max_length=200,
        help_text="Donnée aux habitants.",
        error_messages={
            "invalid": "Cette adresse n’est pas complète. Exemple : https://exemple.fr/mairie."
        },
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["commune"]
        field.queryset = (
            Commune.objects.defer("outline")
            .filter(pk__in=sorted(communes_to_route(actor)))
            .order_by("name", "pk")
        )
        if field.queryset.count() == 1:
            field.initial, field.empty_label = field.queryset[0], None
