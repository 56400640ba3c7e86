"""Objects of this room for the walk over every URL."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from parvis.actions.models import Action, Picture, Plan
from tests.actions import pact_world
from tests.cast import Cast

ARGUMENTS: dict[str, Any] = {
    "actions:advance": lambda side: {"pk": side.action.pk, "code": "end"},
    "actions:export": lambda side: {"pk": side.plan.pk, "form": "xlsx"},
}
BY_RESOURCE: dict[str, Any] = {
    "actions.plan": lambda side: {"pk": side.plan.pk},
    "actions.action": lambda side: {"pk": side.action.pk},
    "actions.picture": lambda side: {"pk": side.picture.pk},
    **pact_world.BY_RESOURCE,
}
OBJECTS = {
    "actions.plan": "plan",
    "actions.action": "action",
    "actions.picture": "picture",
    **pact_world.OBJECTS,
}


def side(cast: Cast, *, ours: bool, public: bool) -> dict[str, Any]:
    """A plan of our agglomération, or of the neighbour's, and an action that its landlord, or its
    town, leads; a convention with a pledge."""
    now, today = timezone.now(), timezone.localdate()
    plan = Plan.objects.create(
        title="Plan",
        organiser=cast.agglomeration if ours else cast.neighbour,
        starts_on=today,
        ends_on=today + timedelta(days=300),
    )
    action = Action.objects.create(
        plan=plan,
        reference="A-001",
        title="Des bacs",
        domain="dechets",
        lead=cast.landlord if ours else cast.other_town,
        state="running",
        summary="Huit bacs.",
        created_at=now,
        published_at=now if public else None,
    )
    picture = Picture.objects.create(
        action=action,
        moment="after",
        caption="Les bacs",
        file=ContentFile(b"jpeg", "a.jpg"),
        width=4,
        height=3,
        at=now,
    )
    others = pact_world.side(cast, ours=ours, public=public)
    return {"plan": plan, "action": action, "picture": picture, **others}
