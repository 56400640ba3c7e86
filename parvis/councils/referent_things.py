"""How designations of référents stand on the thread, and what is said beside a project."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from parvis.councils.models import Referent
from parvis.councils.referent_access import PROJECT
from parvis.councils.referent_events import REFERENT, REFERENT_SENTENCES
from parvis.councils.referent_phases import opinions_by_phase
from parvis.partners.actors import Actor
from parvis.thread.register import Beside, Kind, Where, columns, register, register_beside


def referent_rows(actor: Actor) -> Any:
    """The designations that this actor may see, as the register's columns; never a name."""
    over = Q(ends_on__lt=timezone.localdate())
    return columns(
        Referent.objects.visible_to(actor),
        REFERENT,
        title=Coalesce(F("project__title"), F("instance__name")),
        who="member__body__organisation__name",
        day="starts_on",
        state=Case(When(over, then=Value("over")), default=Value("held")),
    )


def referents_lying(where: Where) -> Any:
    """The designations for these quartiers."""
    return Referent.objects.filter(quartier_id__in=where.quartiers).values("pk")


def url_of_referent(pk: int) -> str:
    """Where a designation is read; it leads to those of its body."""
    return reverse("councils:referent", args=[pk])


register(
    Kind(
        code=REFERENT,
        label="référent de quartier",
        plural="référents de quartier",
        icon="user-check",
        url=url_of_referent,
        rows=referent_rows,
        state_labels={"held": "désigné", "over": "terminé"},
        ended=("over",),
        lies_in=referents_lying,
        sentences=REFERENT_SENTENCES,
    )
)
register_beside(
    Beside(
        code="opinions_by_phase",
        of=PROJECT,
        title="L’avis des habitants, phase par phase",
        remarks=opinions_by_phase,
    )
)
