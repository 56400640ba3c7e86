"""The COTECH of the cast, its sittings, and what is on their agendas."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from parvis.gatherings.models import Gathering
from parvis.meetings import acts
from parvis.meetings.models import Instance, Sitting
from tests.cast import Cast
from tests.gatherings.scene import in_days


def cotech(cast: Cast, **fields: Any) -> Instance:
    """The technical committee of Rives: claire's agglomération holds it; the town, a landlord and
    an association sit there, not the other landlord."""
    given = {
        "kind": "cotech",
        "name": "Comité technique des Rives",
        "quartiers": [cast.rives],
        "chairs": [cast.town],
        "members": [cast.landlord, cast.association],
        **fields,
    }
    organiser = given.pop("organiser", cast.agglomeration)
    return acts.write_instance(Instance(organiser=organiser), **given)


def sitting(cast: Cast, instance: Instance | None = None, *, days: int = 7) -> Sitting:
    """A sitting in some days, prepared by claire, with one point on its agenda."""
    made = acts.plan_sitting(
        instance or cotech(cast),
        actor=cast.actor(cast.claire),
        starts_at=in_days(days),
        ends_at=in_days(days, 2),
        place_label="Hôtel de ville",
    )
    acts.add_point(made, title="Éclairage de la rue des Lilas")
    return made


def convened(cast: Cast, instance: Instance | None = None) -> Sitting:
    """A sitting to which everybody who sits was called, and that has begun."""
    made = sitting(cast, instance)
    acts.convene(made, actor=cast.actor(cast.claire))
    return begun(made)


def begun(made: Sitting) -> Sitting:
    """The same sitting, an hour after its beginning."""
    now = timezone.now()
    hours = {"starts_at": now - timedelta(hours=1), "ends_at": now + timedelta(hours=1)}
    Gathering.objects.filter(pk=made.gathering_id).update(**hours)
    return Sitting.objects.select_related("instance", "gathering").get(pk=made.pk)
