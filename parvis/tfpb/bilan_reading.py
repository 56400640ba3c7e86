"""Whose eyes a bilan is for while it is being written."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from parvis.partners.actors import Actor
from parvis.tfpb.bilan_models import Bilan
from parvis.tfpb.programme_models import Programme
from parvis.tfpb.workflow import BILAN_WRITTEN


def bilan_open_to(actor: Actor, programmes: Any) -> Any:
    """Those of these programmes whose bilan this actor may read as it stands: who writes it does at
    any time, everybody else once it is sent, for it is frozen then. While it is written, or written
    again after a question, others read on its page what was sent."""
    mine = Programme.objects.allowed(actor, "spend").order_by().values("pk")
    sent = Bilan.objects.exclude(state__in=BILAN_WRITTEN).values("programme")
    return programmes.filter(Q(published_at__isnull=False) | Q(pk__in=mine) | Q(pk__in=sent))
