"""Points noirs: what comes back at one place."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from parvis.partners.models import Organisation
from parvis.partners.rights import GuardedQuerySet
from parvis.places.models import Commune, Quartier, Residence
from parvis.reports import blackspot_access as access
from parvis.reports.workflow import BlackspotState


class BlackspotQuerySet(GuardedQuerySet["Blackspot"]):
    policy = access.BLACKSPOT


class Blackspot(models.Model):
    """A point noir: what comes back at one place and theme, as one subject with its own plan.
    Its reports are links of the thread; closing one of them does not close it."""

    title = models.CharField("titre", max_length=160)
    theme_code = models.SlugField("thème", max_length=40)
    commune = models.ForeignKey(
        Commune, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="commune"
    )
    quartiers = models.ManyToManyField(Quartier, blank=True, related_name="+")
    residence = models.ForeignKey(
        Residence, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    place_label = models.CharField("lieu", max_length=240, blank=True)
    state = models.CharField(
        "état", max_length=12, choices=BlackspotState.choices, default=BlackspotState.PROPOSED
    )
    owner = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="blackspots",
        verbose_name="porteur",
    )
    plan = models.TextField("plan", blank=True, max_length=2000)
    due_on = models.DateField("pour le", null=True, blank=True)
    for_group = models.BooleanField("à l’ordre du prochain groupe technique", default=True)
    created_at = models.DateTimeField("proposé le")
    decided_at = models.DateTimeField("retenu ou écarté le", null=True, blank=True)
    closed_at = models.DateTimeField("clos le", null=True, blank=True)
    reason = models.CharField("raison", max_length=300, blank=True)

    objects = BlackspotQuerySet.as_manager()

    class Meta:
        verbose_name = "point noir"
        verbose_name_plural = "points noirs"
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(name="blackspots_by_state", fields=["state", "-created_at"])]
        constraints = [
            models.CheckConstraint(
                name="blackspot_kept_has_an_owner",
                condition=~Q(state=BlackspotState.KEPT) | Q(owner__isnull=False),
                violation_error_message="Un point noir retenu a un porteur.",
            ),
            models.CheckConstraint(
                name="blackspot_refused_gives_a_reason",
                condition=~Q(state=BlackspotState.REFUSED) | ~Q(reason=""),
                violation_error_message="Dites pourquoi ce point noir est écarté.",
            ),
        ]

    def __str__(self) -> str:
        return self.title
