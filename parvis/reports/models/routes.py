"""What becomes of the reports of a commune."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from parvis.partners.rights import GuardedQuerySet
from parvis.places.models import Commune
from parvis.reports import route_access as access
from parvis.reports.models.categories import Category


class Way(models.TextChoices):
    """What becomes of a report in a commune: handled here, handed over, or for partners only."""

    HERE = "here", "traité ici"
    HANDED = "handed", "transmis à l’outil de la commune et suivi ici"
    PARTNERS = "partners", "ouvert aux partenaires seulement"


class RouteQuerySet(GuardedQuerySet["Route"]):
    policy = access.ROUTE


class Route(models.Model):
    """What a commune wants done with the reports of a category (or of all, when none is named)."""

    commune = models.ForeignKey(Commune, models.CASCADE, related_name="+", verbose_name="commune")
    category = models.ForeignKey(
        Category,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="catégorie ou famille",
    )
    way = models.CharField("façon", max_length=8, choices=Way.choices)
    # The commune's own tool: its name for people, where it receives reports, where people find it.
    tool = models.CharField("nom de l’outil", max_length=80, blank=True)
    email = models.EmailField("adresse qui reçoit", blank=True)
    url = models.URLField("page de l’outil", blank=True)

    objects = RouteQuerySet.as_manager()

    class Meta:
        verbose_name = "circuit"
        ordering = ["commune__name", "category__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="a_commune_routes_a_category_once",
                fields=["commune", "category"],
                violation_error_message="Cette commune a déjà un circuit pour cette catégorie.",
            ),
            models.UniqueConstraint(
                name="a_commune_has_one_general_route",
                fields=["commune"],
                condition=Q(category=None),
                violation_error_message="Cette commune a déjà un circuit général.",
            ),
            models.CheckConstraint(
                name="a_handed_report_has_somewhere_to_go",
                condition=~Q(way=Way.HANDED) | (~Q(email="") & ~Q(tool="")),
                violation_error_message="Nommez l’outil de la commune et l’adresse qui reçoit.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commune} · {self.category or 'toutes les catégories'}"
