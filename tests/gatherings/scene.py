"""Gatherings of the cast: what tests plan."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from parvis.gatherings import acts
from parvis.gatherings.models import Gathering
from parvis.partners.actors import Actor
from tests.cast import Cast


def in_days(days: int, hours: int = 0) -> datetime:
    return timezone.now() + timedelta(days=days, hours=hours)


def workshop(cast: Cast, *, public: bool = True, **fields: Any) -> Gathering:
    """A workshop on ventilation, planned by sofia for the town of Anzin, twenty seats."""
    actor: Actor = fields.pop("actor", cast.actor(cast.sofia))
    given = {
        "kind": "atelier",
        "title": "Bien vivre avec sa ventilation",
        "summary": "Apportez vos questions.",
        "starts_at": in_days(5),
        "ends_at": in_days(5, 2),
        "place_label": "Maison du projet",
        "commune": cast.anzin,
        "entry": "registered",
        "seats": 20,
        "organiser": cast.town,
        "quartiers": [cast.rives],
        **fields,
    }
    made = acts.plan_gathering(actor=actor, **given)
    return acts.publish_gathering(made, actor=actor) if public else made


def held(cast: Cast, **fields: Any) -> Gathering:
    """A workshop that took place yesterday."""
    return workshop(cast, starts_at=in_days(-1), ends_at=in_days(-1, 2), **fields)
